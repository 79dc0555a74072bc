import type { AttemptFacts, AttemptId, PaymentFacts, PaymentOutcome } from '@hutong/domain-events';
import type { Attempt } from './attempt.js';
import { belongingsOf, type MovedPayment, type Payment } from './payment.js';
import { sameMoney, type Receipt } from './receipt.js';
import type { Refund } from './refund.js';

/**
 * What the world is told of a step, each outcome complete in itself.
 * @param before what the payment was: what a step did not change is the very same object.
 * @param at when the step was heard or decided, for what carries no moment of its own.
 */
export const outcomesOf = (before: Payment, after: Payment, at: Date): PaymentOutcome[] =>
  after.status === 'requested'
    ? []
    : [
        ...moneyTold(before, after),
        ...attemptsTold(before, after, at),
        ...refundsTold(before, after, at),
        ...closeTold(before, after, at),
      ];

function moneyTold(before: Payment, after: MovedPayment): PaymentOutcome[] {
  const known = belongingsOf(before);
  const now = belongingsOf(after);
  const told = (receipt: Receipt) => ({
    ...aboutMoney(after, receipt),
    amount: receipt.amount,
    providerRef: receipt.providerRef,
    occurredAt: receipt.paidAt,
  });
  const paid =
    now.receipt !== undefined && known.receipt === undefined
      ? [{ ...told(now.receipt), type: 'payment.paid' } as const]
      : [];
  const fresh = now.surplus.filter((s) => !known.surplus.some((other) => sameMoney(s, other)));
  return [
    ...paid,
    ...fresh.map((s) => ({ ...told(s), type: 'payment.surplus_taken', reason: s.reason }) as const),
  ];
}

function attemptsTold(before: Payment, after: MovedPayment, occurredAt: Date): PaymentOutcome[] {
  const known = new Set(belongingsOf(before).attempts);
  return after.attempts.flatMap((attempt): PaymentOutcome[] => {
    if (known.has(attempt)) return [];
    const about = { ...aboutChoice(after, attempt), amount: after.amount, occurredAt };
    switch (attempt.status) {
      case 'failed':
        return [{ ...about, type: 'payment.attempt_failed', reason: attempt.reason }];
      case 'closed':
        return [{ ...about, type: 'payment.attempt_closed', reason: attempt.reason }];
      case 'selected':
      case 'accepted':
      case 'awaiting_payer':
      case 'unknown':
      case 'closing':
      case 'succeeded':
      case 'refused':
        return [];
    }
  });
}

/** Of surplus only that it is back: a refused try is followed by another one. */
function refundsTold(before: Payment, after: MovedPayment, at: Date): PaymentOutcome[] {
  const known = belongingsOf(before);
  const now = belongingsOf(after);
  const told = new Set([...known.refunds, ...known.surplus.flatMap((s) => s.refunds)]);
  const fresh = (refunds: readonly Refund[]) => refunds.filter((refund) => !told.has(refund));
  const { receipt } = now;
  return [
    ...(receipt === undefined
      ? []
      : fresh(now.refunds).flatMap((refund): PaymentOutcome[] => {
          const about = { ...aboutMoney(after, receipt), refundId: refund.id };
          if (refund.status === 'succeeded') {
            return [{ ...about, ...wentBack(refund), type: 'payment.refunded' }];
          }
          if (refund.status !== 'failed') return [];
          const { amount, reason } = refund;
          return [{ ...about, amount, reason, occurredAt: at, type: 'payment.refund_failed' }];
        })),
    ...now.surplus.flatMap((surplus) =>
      fresh(surplus.refunds).flatMap((refund): PaymentOutcome[] => {
        if (refund.status !== 'succeeded') return [];
        const about = { ...aboutMoney(after, surplus), refundId: refund.id };
        return [{ ...about, ...wentBack(refund), type: 'payment.surplus_refunded' }];
      }),
    ),
  ];
}

const wentBack = (refund: Extract<Refund, { status: 'succeeded' }>) => ({
  amount: refund.amount,
  providerRef: refund.providerRef,
  occurredAt: refund.refundedAt,
});

function closeTold(before: Payment, after: MovedPayment, occurredAt: Date): PaymentOutcome[] {
  if (after.status !== 'closed' || before.status === 'closed') return [];
  const { id: paymentId, amount, reason } = after;
  const payment = paymentFacts(after);
  return [{ type: 'payment.closed', paymentId, payment, amount, reason, occurredAt }];
}

/** Where no money moved, what was chosen stands. */
const aboutChoice = (p: MovedPayment, attempt: Attempt) => about(p, attempt, attempt.method);

/** Where money moved: who took it and whose app paid. */
function aboutMoney(p: MovedPayment, receipt: Receipt) {
  return about(p, attemptNamed(p, receipt.attemptId), receipt);
}

function about(
  p: MovedPayment,
  { id, method, paidByAnother }: Attempt,
  { provider, instrument }: Pick<AttemptFacts, 'provider' | 'instrument'>,
) {
  const { presentation } = method;
  const attempt: AttemptFacts = {
    attemptId: id,
    provider,
    instrument,
    presentation,
    paidByAnother,
  };
  return { paymentId: p.id, payment: paymentFacts(p), attempt };
}

function attemptNamed(p: MovedPayment, id: AttemptId): Attempt {
  const attempt = p.attempts.find((one) => one.id === id);
  if (attempt === undefined) throw new Error('money without its attempt');
  return attempt;
}

const paymentFacts = (p: MovedPayment): PaymentFacts => ({
  platform: p.platform,
  merchantId: p.merchantId,
  payerKey: p.payerKey,
  requestedAt: p.requestedAt,
});
