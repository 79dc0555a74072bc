import type {
  CloseReason,
  FailureReason,
  PaymentOutcome,
  Presentation,
  Provider,
} from '@hutong/domain-events';
import type { Currency } from '@hutong/money';

/**
 * The small numbers that stand in the books for words. Stored for ever: a number never changes its
 * meaning and is never given out again; a new word takes a new one. 0 stands for any, or for none.
 */
export const ANY = 0;

/** Whose app paid, without the bank: banks are counted together. */
export type InstrumentKind = 'wechat_pay' | 'alipay' | 'cloud_quickpass' | 'bank_app';

export const providerCode: Record<Provider, number> = { wechat: 1, alipay: 2, unionpay: 3 };

export const instrumentCode: Record<InstrumentKind, number> = {
  wechat_pay: 1,
  alipay: 2,
  cloud_quickpass: 3,
  bank_app: 4,
};

export const presentationCode: Record<Presentation, number> = {
  qr: 1,
  link: 2,
  redirect: 3,
  app: 4,
  mini_program: 5,
  barcode: 6,
};

export const outcomeCode: Record<PaymentOutcome['type'], number> = {
  'payment.paid': 1,
  'payment.refunded': 2,
  'payment.surplus_taken': 3,
  'payment.surplus_refunded': 4,
  'payment.attempt_failed': 5,
  'payment.attempt_closed': 6,
  'payment.closed': 7,
  'payment.refund_failed': 8,
};

export const reasonCode: Record<FailureReason | CloseReason, number> = {
  declined: 1,
  insufficient_funds: 2,
  payer_account: 3,
  limit: 4,
  merchant_account: 5,
  rejected: 6,
  misconfigured: 7,
  not_submitted: 8,
  provider_down: 9,
  expired: 21,
  cancelled: 22,
  other_attempt_won: 23,
};

/** ISO 4217 numeric. */
export const currencyCode: Record<Currency, number> = { CNY: 156, HKD: 344, USD: 840 };

/** The word of a stored number. @throws Error on one that was never given out: the books are damaged. */
export function wordOf<Word extends string>(codes: Record<Word, number>, code: number): Word {
  for (const word in codes) if (codes[word] === code) return word;
  throw new Error(`no word has the code ${code}`);
}
