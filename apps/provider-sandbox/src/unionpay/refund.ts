import { add, compare, equals, subtract, zero, type Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { Identity, Payment, Trace } from './order.js';
import type { Refusal, ResultCode } from './result-code.js';
import { settlementDay } from './unionpay-time.js';

/** What the merchant asked to be given back: partly and later (04), or whole and the same day (31). */
export type RefundTerms = Identity &
  Readonly<{
    kind: 'refund' | 'undo';
    bizType: string;
    amount: Money;
    backUrl: string;
    /** The queryId of what is given back. */
    origQryId: string;
    reqReserved: string | undefined;
  }>;

/** `00` of the call that asked for it meant no more than that it was accepted. */
export type Refund = Readonly<{ terms: RefundTerms; trace: Trace }> &
  (
    | Readonly<{ state: 'pending' }>
    | Readonly<{ state: 'done'; code: '00' | 'A6'; doneAt: Date }>
    | Readonly<{ state: 'failed'; code: ResultCode }>
  );

/** How a refund ends. */
export type RefundEnd =
  Readonly<{ state: 'done'; code: '00' | 'A6' }> | Readonly<{ state: 'failed'; code: ResultCode }>;

/** What a refund takes from. */
export type Refundable = Readonly<{
  payment: Pick<Payment, 'amount' | 'paidMs'>;
  refunds: readonly Refund[];
}>;

/** When it is asked, on the orders' timeline, and what the merchant's account can give. */
export type Asking = Readonly<{ orderMs: number; balance: Money }>;

const WINDOW_MS = 330 * 24 * 3_600_000;

/**
 * Whether it may be begun; the first rule that is broken answers. That it is 35 for a wrong time, 36
 * for a wrong amount and 64 for an empty account is the sandbox's choice among the public codes.
 */
export function allowRefund(
  { payment, refunds }: Refundable,
  { kind, amount }: Pick<RefundTerms, 'kind' | 'amount'>,
  { orderMs, balance }: Asking,
): Result<Money, Refusal> {
  const left = subtract(payment.amount, givenBack(refunds, payment.amount));
  if (left.minor === 0n) return refuse({ code: '45' });
  if (kind === 'undo') {
    if (settlementDay(orderMs) !== settlementDay(payment.paidMs)) {
      return refuse({ code: '35', issue: 'its settlement day is over' });
    }
    if (left.minor < payment.amount.minor) return refuse({ code: '45' });
    if (!equals(amount, payment.amount)) {
      return refuse({ code: '36', issue: 'an undo is of the whole amount' });
    }
  }
  if (orderMs - payment.paidMs > WINDOW_MS) {
    return refuse({ code: '35', issue: 'more than 330 days ago' });
  }
  if (compare(amount, left) > 0) return refuse({ code: '36', issue: 'more than is left of it' });
  if (compare(amount, balance) > 0) return refuse({ code: '64' });
  return ok(amount);
}

/** What was given back or may still be: a refund that failed gives nothing. */
export const givenBack = (refunds: readonly Refund[], like: Money): Money =>
  refunds
    .filter(({ state }) => state !== 'failed')
    .reduce((sum, { terms }) => add(sum, terms.amount), zero(like));

/** @returns refused if it had ended before: no end is ever changed. */
export function endRefund(
  { state, terms, trace }: Refund,
  end: RefundEnd,
  at: Date,
): Result<Refund, 'final'> {
  if (state !== 'pending') return refuse('final');
  return ok(end.state === 'done' ? { terms, trace, ...end, doneAt: at } : { terms, trace, ...end });
}

/** What a query is told of it in origRespCode. */
export const standingOfRefund = (refund: Refund): ResultCode =>
  refund.state === 'pending' ? '05' : refund.code;
