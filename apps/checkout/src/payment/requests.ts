import type { CheckoutPayment, PaymentId } from '@hutong/domain-events';
import type { Attempt } from './attempt.js';
import { belongingsOf, type Payment } from './payment.js';
import type { Receipt } from './receipt.js';
import type { Refund } from './refund.js';

type Asked = Extract<
  CheckoutPayment,
  { type: 'payment.close_requested' | 'payment.refund_requested' }
>;

/**
 * What routing is asked to pass on after a step: to close what has come to be closing, to give back
 * what has been asked back.
 * @param before what the payment was: what a step did not change is the very same object.
 */
export const requestsOf = (before: Payment, after: Payment): Asked[] => [
  ...closesOf(before, after),
  ...refundsOf(after, refundIds(before)),
];

function closesOf(before: Payment, after: Payment): Asked[] {
  const known = new Set(belongingsOf(before).attempts);
  const fresh = belongingsOf(after).attempts.filter((attempt) => !known.has(attempt));
  const byReason = Map.groupBy(fresh.filter(isClosing), ({ reason }) => reason);
  return [...byReason].map(([reason, attempts]) => ({
    type: 'payment.close_requested',
    paymentId: after.id,
    attempts: attempts.map(({ id }) => id),
    reason,
  }));
}

const isClosing = (a: Attempt): a is Extract<Attempt, { status: 'closing' }> =>
  a.status === 'closing';

function refundsOf(after: Payment, known: ReadonlySet<string>): Asked[] {
  const { receipt, refunds, surplus } = belongingsOf(after);
  const own = receipt === undefined ? [] : [{ receipt, refunds }];
  const all = [...own, ...surplus.map((s) => ({ receipt: s, refunds: s.refunds }))];
  return all.flatMap((one) =>
    one.refunds
      .filter(({ id }) => !known.has(id))
      .map((refund) => refundRequested(after.id, one.receipt, refund)),
  );
}

const refundRequested = (
  paymentId: PaymentId,
  { attemptId, provider }: Receipt,
  { id, amount, why }: Refund,
): Asked => ({
  type: 'payment.refund_requested',
  paymentId,
  refundId: id,
  attemptId,
  provider,
  amount,
  reason: why,
});

function refundIds(p: Payment): ReadonlySet<string> {
  const { refunds, surplus } = belongingsOf(p);
  return new Set([...refunds, ...surplus.flatMap((s) => s.refunds)].map(({ id }) => id));
}
