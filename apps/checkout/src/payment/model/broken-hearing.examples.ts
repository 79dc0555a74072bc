import { equals } from '@hutong/money';
import { advance, type PaymentProgress, type Step } from '../advance.js';
import { belongingsOf, isWon, type Payment } from '../payment.js';
import { receiptFrom } from '../receipt.js';
import { MACHINE, type Machine } from './machine.examples.js';

type Heard = Readonly<{ before: Payment; event: PaymentProgress; step: Step }>;

/** A machine that makes something else of what it hears. */
const hearing = (change: (heard: Heard) => Step): Machine => ({
  ...MACHINE,
  advance: (before, event, at) => change({ before, event, step: advance(before, event, at) }),
});

const DUPLICATE: Step = { kind: 'duplicate' };

export const anyWins = hearing(({ before, event, step }) =>
  isWon(before) && event.type === 'attempt.succeeded' && equals(event.amount, before.amount)
    ? { kind: 'advanced', payment: { ...before, receipt: receiptFrom(event) } }
    : step,
);

/** Takes no money in some statuses of a payment. */
export const deafWhile = (...statuses: readonly Payment['status'][]): Machine =>
  hearing(({ before, event, step }) =>
    event.type === 'attempt.succeeded' && statuses.includes(before.status) ? DUPLICATE : step,
  );

export const deafToTheGivenUp = hearing(({ before, event, step }) => {
  if (event.type !== 'attempt.succeeded') return step;
  const attempt = belongingsOf(before).attempts.find(({ id }) => id === event.attemptId);
  return attempt?.status === 'failed' || attempt?.status === 'closed' ? DUPLICATE : step;
});

export const countsRepeats = hearing(({ before, event, step }) => {
  if (event.type !== 'attempt.succeeded' || step.kind !== 'duplicate' || !isWon(before))
    return step;
  const surplus = { ...receiptFrom(event), reason: 'second_success', refunds: [] } as const;
  const again = { ...surplus, status: 'taken', dueAt: event.paidAt } as const;
  return { kind: 'advanced', payment: { ...before, surplus: [...before.surplus, again] } };
});

export const anyAmountPays = hearing(({ before, event, step }) =>
  event.type === 'attempt.succeeded'
    ? advance(before, { ...event, amount: before.amount }, event.paidAt)
    : step,
);

export const leavesOthersOpen = hearing(({ before, step }) => {
  if (step.kind !== 'advanced' || !isWon(step.payment) || isWon(before)) return step;
  const known = belongingsOf(before).attempts;
  const attempts = step.payment.attempts.map((a) =>
    a.status === 'closing' ? (known.find(({ id }) => id === a.id) ?? a) : a,
  );
  return { kind: 'advanced', payment: { ...step.payment, attempts } };
});

export const parksWhatOvertakes = hearing(({ before, event, step }) => {
  if (!('provider' in event)) return step;
  const attempt = belongingsOf(before).attempts.find(({ id }) => id === event.attemptId);
  return attempt?.status === 'selected' ? { kind: 'refused', reason: 'not accepted yet' } : step;
});

export const countsRefundsTwice = hearing(({ step }) =>
  step.kind === 'advanced' && step.payment.status === 'partly_refunded'
    ? { kind: 'advanced', payment: { ...step.payment, status: 'refunded' } }
    : step,
);

export const deafToRefundsByHand = hearing(({ before, event, step }) => {
  if (event.type !== 'refund.succeeded') return step;
  const refund = belongingsOf(before).refunds.find(({ id }) => id === event.refundId);
  return refund?.status === 'failed' ? DUPLICATE : step;
});
