import { isId, type Instrument } from '@hutong/domain-events';

type Reserved = Readonly<Record<string, string>>;

/**
 * Whose app paid. What UnionPay publishes does not say it; a merchant agrees on it, in the field that is
 * left for such agreements: `{payApp=BANK&issInsCode=0105}`. Whoever agreed otherwise changes this table.
 */
const apps: Readonly<Record<string, (reserved: Reserved) => Instrument | undefined>> = {
  UPAY: () => 'cloud_quickpass',
  ALIPAY: () => 'alipay',
  BANK: ({ issInsCode: bank = '' }) => (isId('bankCode', bank) ? `bank_app:${bank}` : undefined),
};

/** @param text `reserved` of an answer or a notification. @returns undefined where it does not say it. */
export function instrumentOf(text: string | undefined): Instrument | undefined {
  const reserved = reservedIn(text ?? '');
  const app = reserved['payApp'] ?? '';
  return Object.hasOwn(apps, app) ? apps[app]?.(reserved) : undefined;
}

/** Alipay's codes begin with 25 to 30, those of UnionPay's app and the banks' with 62. */
const ALIPAYS = /^(?:2[5-9]|30)/;
const UNIONPAYS = /^62/;

/**
 * Whose app is expected to pay: the one that was asked for. A code shown in store proves whose it is, whatever
 * was asked for; only a bank's looks as Cloud QuickPass's does.
 */
export function instrumentBy(code: string | undefined, wanted: Instrument): Instrument {
  if (code === undefined) return wanted;
  if (ALIPAYS.test(code)) return 'alipay';
  return UNIONPAYS.test(code) && wanted === 'alipay' ? 'cloud_quickpass' : wanted;
}

function reservedIn(text: string): Reserved {
  const [, inner = ''] = /^\{(.*)\}$/.exec(text) ?? [];
  const pairs = inner.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')] as const;
  });
  return Object.fromEntries(pairs);
}
