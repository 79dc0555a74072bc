import type { Instrument } from '@hutong/domain-events';

/** One part of what was paid: through which channel, and of which bank. */
export type FundPart = Readonly<{
  fund_channel?: string | undefined;
  bank_code?: string | undefined;
}>;

/**
 * Whose app paid, by the channel that its money came through. Alipay's own channels (balance, cards bound
 * to it, credit, coupons) are many and all the same to us; these say that another one's app scanned or
 * showed the code. Alipay's public documents do not name them: it is a convention, and this its one table.
 */
const others: Readonly<Record<string, (part: FundPart) => Instrument>> = {
  UNIONPAY_QUICKPASS: () => 'cloud_quickpass',
  // Without its bank it cannot be named; UnionPay's users are counted all the same.
  BANK_APP: ({ bank_code: bank = '' }) =>
    BANK.test(bank) ? `bank_app:${bank}` : 'cloud_quickpass',
};

const BANK = /^[0-9A-Za-z]{1,16}$/;

/** @param parts of one payment, as answers name them. @returns undefined where none of them says it. */
export function instrumentOf(parts: readonly FundPart[]): Instrument | undefined {
  const channels = parts.filter(({ fund_channel: channel = '' }) => channel !== '');
  for (const part of channels) {
    const { fund_channel: channel = '' } = part;
    const instrument = Object.hasOwn(others, channel) ? others[channel]?.(part) : undefined;
    if (instrument !== undefined) return instrument;
  }
  return channels.length === 0 ? undefined : 'alipay';
}
