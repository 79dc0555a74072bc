import type { FailureReason } from '@hutong/domain-events';

/**
 * What a code means. `refused`: nothing came of the request, and the same one would be refused again.
 * `settled`: the order is past paying for, or past closing. `not_found`: there is no such order, now.
 * `open`: nothing follows from it; ask. `unlisted`: the documents do not know it; ask, and where nothing
 * came of the request, nothing will.
 */
export type Meaning =
  | Readonly<{ is: 'refused'; reason: FailureReason }>
  | Readonly<{ is: 'settled' | 'not_found' | 'open' | 'unlisted' }>;

const refused = (reason: FailureReason): Meaning => ({ is: 'refused', reason });
const OPEN: Meaning = { is: 'open' };
const UNLISTED: Meaning = { is: 'unlisted' };
const SETTLED: Meaning = { is: 'settled' };

/** Of business, under 40004. */
const meanings: Readonly<Record<string, Meaning>> = {
  // The order exists: what became of it, only asking tells.
  SYSTEM_ERROR: OPEN,
  CONTEXT_INCONSISTENT: OPEN,
  TRADE_HAS_SUCCESS: SETTLED,
  TRADE_HAS_CLOSE: SETTLED,
  TRADE_STATUS_ERROR: SETTLED,
  REASON_TRADE_STATUS_INVALID: SETTLED,
  REASON_ILLEGAL_STATUS: SETTLED,
  TRADE_SETTLE_ERROR: OPEN,
  TRADE_NOT_EXIST: { is: 'not_found' },
  // The payer.
  PAYMENT_AUTH_CODE_INVALID: refused('declined'),
  BUYER_BALANCE_NOT_ENOUGH: refused('insufficient_funds'),
  BUYER_BANKCARD_BALANCE_NOT_ENOUGH: refused('insufficient_funds'),
  PAYMENT_FAIL: refused('declined'),
  NO_PAYMENT_INSTRUMENTS_AVAILABLE: refused('declined'),
  PAYMENT_REQUEST_HAS_RISK: refused('declined'),
  PULL_MOBILE_CASHIER_FAIL: refused('declined'),
  USER_FACE_PAYMENT_SWITCH_OFF: refused('payer_account'),
  BUYER_SELLER_EQUAL: refused('payer_account'),
  TRADE_BUYER_NOT_MATCH: refused('payer_account'),
  BEYOND_PAY_RESTRICTION: refused('limit'),
  TOTAL_FEE_EXCEED: refused('limit'),
  // The merchant.
  ACCESS_FORBIDDEN: refused('misconfigured'),
  APPLY_PC_MERCHANT_CODE_ERROR: refused('misconfigured'),
  RISK_MERCHANT_IP_NOT_EXIST: refused('misconfigured'),
  MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT: refused('merchant_account'),
  MERCHANT_PERM_RECEIPT_SINGLE_LIMIT: refused('merchant_account'),
  MERCHANT_PERM_RECEIPT_DAY_LIMIT: refused('merchant_account'),
  ENTERPRISE_PAY_BIZ_ERROR: refused('merchant_account'),
  REFUNDALLOC_UNAUTH_LIMIT: refused('merchant_account'),
  SELLER_BALANCE_NOT_ENOUGH: refused('merchant_account'),
  // For good.
  TRADE_HAS_FINISHED: refused('rejected'),
  TRADE_NOT_ALLOW_REFUND: refused('rejected'),
  NOT_ALLOW_PARTIAL_REFUND: refused('rejected'),
  CANCEL_NOT_ALLOWED: refused('rejected'),
  TRADE_CANCEL_TIME_OUT: refused('rejected'),
  REASON_TRADE_BEEN_FREEZEN: refused('rejected'),
  // Ours.
  INVALID_PARAMETER: refused('rejected'),
  REFUND_AMT_NOT_EQUAL_TOTAL: refused('rejected'),
  REFUND_FEE_ERROR: refused('rejected'),
  REASON_TRADE_REFUND_FEE_ERR: refused('rejected'),
  EXIST_FORBIDDEN_WORD: refused('rejected'),
  NOW_TIME_AFTER_EXPIRE_TIME_ERROR: refused('rejected'),
  // A refund has this number with another amount: what it gave back, only asking tells.
  DISCORDANT_REPEAT_REQUEST: OPEN,
};

/** Families of which the documents list a few. */
const families: readonly (readonly [prefix: string, meaning: Meaning])[] = [
  ['BEYOND_PER_RECEIPT_', refused('limit')],
];

/** Of refunds alone: whatever is the matter with the payer's account. */
const BUYER = 'BUYER_';

/** Of the gateway itself: never signed, so that they say nothing of an order. */
const OF_THE_GATEWAY = [
  ...['INVALID_AUTH_TOKEN', 'INVALID_APP_AUTH_TOKEN', 'AUTH_TOKEN_TIME_OUT', 'UNKNOW_ERROR'],
  ...['MISSING_SIGNATURE', 'MISSING_APP_ID', 'MISSING_TIMESTAMP', 'MISSING_METHOD'],
  ...['INVALID_SIGNATURE', 'INVALID_APP_ID', 'INVALID_TIMESTAMP', 'SUSPECTED_ATTACK'],
  ...['NOT_ONLINE_APP', 'APP_CERT_EXPIRED', 'MISSING_SIGNATURE_CONFIG'],
  ...['APP_CALL_LIMITED', 'METHOD_CALL_LIMITED', 'INSUFFICIENT_ISV_PERMISSIONS'],
] as const;

/** `aop.ACQ.SYSTEM_ERROR`, `ACQ.SYSTEM_ERROR` and `isv.system-error` are one code: prefixes drift. */
export const suffixOf = (subCode: string): string =>
  (subCode.split('.').at(-1) ?? '').toUpperCase().replaceAll('-', '_');

/** A code that the documents do not know is certain of nothing by itself. */
export function meaningOf(subCode: string): Meaning {
  const code = suffixOf(subCode);
  if (Object.hasOwn(meanings, code)) return meanings[code] ?? OPEN;
  return families.find(([prefix]) => code.startsWith(prefix))?.[1] ?? UNLISTED;
}

/** The same of a refund, where every state of the payer's account is a reason. */
export function meaningOfRefund(subCode: string): Meaning {
  const meaning = meaningOf(subCode);
  const isOfBuyer = meaning.is === 'unlisted' && suffixOf(subCode).startsWith(BUYER);
  return isOfBuyer ? refused('payer_account') : meaning;
}

const isKnown = (code: string): boolean =>
  Object.hasOwn(meanings, code) || OF_THE_GATEWAY.some((known) => known === code);

/** `system_error`, `code_40002`: a code of a closed list or a number, never a text of theirs. */
export function causeOf({ code, subCode }: Readonly<{ code: string; subCode: string }>): string {
  const suffix = suffixOf(subCode);
  if (isKnown(suffix)) return suffix.toLowerCase();
  const family = families.find(([prefix]) => suffix.startsWith(prefix))?.[0];
  return family === undefined ? `code_${code}` : `${family.toLowerCase()}any`;
}
