import { money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { CallWorld } from './calls.js';
import type { Identity } from './order.js';
import type { Refusal } from './result-code.js';
import { readBeijingDigits } from './unionpay-time.js';
import type { Fields } from './unionpay.signature.js';

/** Sources say no more of txnTime than that it has to be near now: the sandbox's choice. */
const NEAR_MS = 3_600_000;

/** Whether a merchant may begin a transaction under this number and time: once, and about now. */
export function mayBegin(
  { book, now }: Pick<CallWorld, 'book' | 'now'>,
  identity: Identity,
): Result<Identity, Refusal> {
  if (book.has(identity)) return refuse({ code: '12' });
  const at = readBeijingDigits(identity.txnTime)?.getTime() ?? 0;
  return Math.abs(at - now.at.getTime()) <= NEAR_MS
    ? ok(identity)
    : refuse({ code: '10', issue: 'txnTime is more than an hour away from now' });
}

/** What everything that moves money has. @param fields of a checked form: nothing needed is missing */
export const movingTermsOf = (fields: Fields) => ({
  bizType: fields['bizType'] ?? '',
  amount: money(BigInt(fields['txnAmt'] ?? '0'), 'CNY'),
  backUrl: fields['backUrl'] ?? '',
  reqReserved: fields['reqReserved'] || undefined,
});
