import type { Instrument } from '@hutong/domain-events';

/** One part of what was paid: through which channel, and of which bank. */
export type FundPart = Readonly<{
  fund_channel?: string | undefined;
  bank_code?: string | undefined;
}>;

/**
 * Whose app paid, by the channel that its money came through. Alipay's own channels (balance, cards bound
 * to it, credit, coupons) are many and all the same to us: it is Alipay, unless one of these says that
 * another one's app scanned or showed the code.
 */
const others: Readonly<Record<string, (part: FundPart) => Instrument>> = {
  UNIONPAY_QUICKPASS: () => 'cloud_quickpass',
  BANK_APP: ({ bank_code: bank }) =>
    bank !== undefined && /^[0-9A-Za-z]{1,16}$/.test(bank) ? `bank_app:${bank}` : 'cloud_quickpass',
};

export function instrumentOf(parts: readonly FundPart[]): Instrument {
  const [other] = parts.flatMap((part) => {
    const channel = part.fund_channel ?? '';
    return Object.hasOwn(others, channel) ? [others[channel]?.(part) ?? []].flat() : [];
  });
  return other ?? 'alipay';
}
