import { isId, type Instrument } from '@hutong/domain-events';

type Reserved = Readonly<Record<string, string>>;

/**
 * Whose app paid. What UnionPay publishes does not say it; a merchant agrees on it, in the field that is
 * left for such agreements: `{payApp=BANK&issInsCode=0105}`. Whoever agreed otherwise changes this table.
 */
const apps: Readonly<Record<string, (reserved: Reserved) => Instrument>> = {
  UPAY: () => 'cloud_quickpass',
  ALIPAY: () => 'alipay',
  BANK: ({ issInsCode: bank = '' }) =>
    isId('bankCode', bank) ? `bank_app:${bank}` : 'cloud_quickpass',
};

/** @param text `reserved` of an answer or a notification; where it says nothing, it was UnionPay's own. */
export function instrumentOf(text: string | undefined): Instrument {
  const reserved = reservedIn(text ?? '');
  const app = reserved['payApp'] ?? '';
  return (Object.hasOwn(apps, app) ? apps[app]?.(reserved) : undefined) ?? 'cloud_quickpass';
}

function reservedIn(text: string): Reserved {
  const [, inner = ''] = /^\{(.*)\}$/.exec(text) ?? [];
  const pairs = inner.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')] as const;
  });
  return Object.fromEntries(pairs);
}
