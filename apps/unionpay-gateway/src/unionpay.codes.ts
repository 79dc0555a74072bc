import type { FailureReason } from '@hutong/domain-events';

/**
 * What a code means. `done`: it worked, or was accepted. `late`: paid, after the time that was allowed.
 * `open`: nobody knows yet, UnionPay included. `waiting`: the payer is at it. `missing`: there is no such
 * transaction, now. `refused`: no money moves by it. `stuck`: for people, and never a failure.
 * `unknown`: no list has it.
 */
export type Meaning =
  | Readonly<{ is: 'done'; defect: boolean }>
  | Readonly<{ is: 'late' }>
  | Readonly<{ is: 'open' }>
  | Readonly<{ is: 'waiting' }>
  | Readonly<{ is: 'missing' }>
  | Readonly<{ is: 'stuck' }>
  | Readonly<{ is: 'unknown' }>
  | Readonly<{ is: 'refused'; reason: FailureReason }>;

const refused = (reason: FailureReason): Meaning => ({ is: 'refused', reason });
const OPEN: Meaning = { is: 'open' };
const STUCK: Meaning = { is: 'stuck' };

/** Every code of the public lists. 03, 04 and 05 never mean that it failed. */
const meanings: Readonly<Record<string, Meaning>> = {
  // It worked; A6 with a defect, and money moved all the same.
  '00': { is: 'done', defect: false },
  A6: { is: 'done', defect: true },
  42: { is: 'late' },
  // Ask first.
  '03': OPEN, // timed out
  '04': OPEN, // not clear: the settlement file knows
  '05': OPEN, // accepted
  '06': OPEN, // busy
  12: OPEN, // there is one under this number and time: that one is asked for
  83: OPEN, // its bank is at it
  99: OPEN, // general
  70: { is: 'waiting' },
  34: { is: 'missing' },
  // Later: closed for now, asked too often, outside of hours, a file that is not there yet.
  '02': OPEN,
  37: OPEN,
  39: OPEN,
  98: OPEN,
  // The payer, the card, the bank.
  30: refused('declined'),
  33: refused('limit'),
  38: refused('declined'), // risk
  40: refused('declined'),
  43: refused('misconfigured'), // no permission
  44: refused('payer_account'), // a wrong number, or not opened for this
  60: refused('declined'),
  61: refused('payer_account'),
  62: refused('declined'),
  63: refused('payer_account'),
  64: refused('insufficient_funds'),
  65: refused('declined'), // PIN, expiry or CVN2
  66: refused('payer_account'), // identity or telephone
  67: refused('payer_account'), // too many PINs
  68: refused('payer_account'),
  69: refused('declined'), // entered too slowly
  71: refused('declined'), // text message's code
  72: refused('payer_account'),
  73: refused('payer_account'), // expired
  76: refused('payer_account'),
  77: refused('payer_account'),
  78: refused('payer_account'),
  79: refused('payer_account'),
  80: refused('declined'),
  81: refused('limit'),
  82: refused('declined'), // a PIN is needed
  85: refused('declined'),
  86: refused('declined'), // a code that is used up
  87: refused('limit'),
  88: refused('declined'), // no such code
  89: refused('declined'),
  90: refused('insufficient_funds'),
  // For good.
  '01': refused('declined'),
  14: refused('rejected'),
  35: refused('rejected'), // what it is about is missing, or in a wrong state
  36: refused('rejected'), // not as what it is about
  41: refused('rejected'),
  45: refused('rejected'), // refunded or undone before
  46: refused('rejected'), // reversed
  // Bills: debited, and nobody knows what became of it.
  74: STUCK,
  75: STUCK,
  // The merchant's contract and certificates.
  31: refused('merchant_account'),
  32: refused('merchant_account'),
  91: refused('misconfigured'),
  92: refused('misconfigured'),
  93: refused('misconfigured'),
  94: refused('misconfigured'),
  95: refused('misconfigured'),
  96: refused('misconfigured'),
  // Our own mistakes: form, signature, something missing.
  10: refused('rejected'),
  11: refused('misconfigured'),
  13: refused('rejected'),
};

/** What nobody lists is certain of nothing. */
export const meaningOf = (code: string): Meaning =>
  (Object.hasOwn(meanings, code) ? meanings[code] : undefined) ?? { is: 'unknown' };

/** Of a refund, where an account that is empty is the merchant's. */
export function meaningOfRefund(code: string): Meaning {
  const meaning = meaningOf(code);
  const isEmpty = meaning.is === 'refused' && meaning.reason === 'insufficient_funds';
  return isEmpty ? refused('merchant_account') : meaning;
}

/** What only people mend: our requests, our keys, our contract. */
export const isForPeople = (code: string): boolean =>
  ['10', '11', '13', '31', '32', '43', '91', '92', '93', '94', '95', '96'].includes(code);

export const isResultCode = (text: string | undefined): text is string =>
  text !== undefined && /^[0-9A-Z]{2}$/.test(text);

/** `code_05`: never a text of theirs. */
export const causeOf = (code: string): string => `code_${code.toLowerCase()}`;
