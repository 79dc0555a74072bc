import type {
  CheckoutPayment,
  CloseReason,
  DomainEvent,
  PaymentOutcome,
  PaymentRefundRequested,
  PaymentRequested,
} from '@hutong/domain-events';
import { equals } from '@hutong/money';
import { advance, type PaymentProgress } from '../payment/advance.js';
import { choose } from '../payment/choose.js';
import { close } from '../payment/close.js';
import { giveSurplusBack } from '../payment/give-back.js';
import { outcomesOf } from '../payment/outcomes.js';
import {
  belongingsOf,
  type MovedPayment,
  type Payment,
  type Requested,
} from '../payment/payment.js';
import { requestRefund } from '../payment/request-refund.js';
import { requestsOf } from '../payment/requests.js';

/** What of one payment checkout told, or was told, in a time that its database has lost. */
export type Remembered = Readonly<{
  event: CheckoutPayment | PaymentOutcome | PaymentProgress;
  occurredAt: Date;
  businessTime?: Date | undefined;
}>;

/** What the order reference of a recalled payment is: no event carries the platform's own. */
export const unknownReference = (paymentId: string): string => `unknown:${paymentId}`;

/** The payment as it was asked for. */
export const requestedAgain = (
  event: PaymentRequested,
  businessTime: Date | undefined,
): Requested => ({
  id: event.paymentId,
  platform: event.platform,
  merchantId: event.merchantId,
  orderReference: unknownReference(event.paymentId),
  amount: event.amount,
  description: event.description,
  channel: event.channel,
  payerKey: event.payerKey,
  requestedAt: event.requestedAt,
  expiresAt: event.expiresAt,
  businessTime,
  status: 'requested',
});

/**
 * What remembering did: it moves the payment; it is known, now and for ever; or it has to wait, since it
 * comes too early, or something would follow that nobody has heard of.
 */
export type Recalled =
  Readonly<{ kind: 'moved'; payment: MovedPayment }> | Readonly<{ kind: 'known' | 'waits' }>;

const KNOWN: Recalled = { kind: 'known' };
const WAITS: Recalled = { kind: 'waits' };

/**
 * What `p` becomes by what is remembered, as it once did.
 * @param told everything that others have heard of the payment: what would tell more is left to the service.
 */
export function recalled(
  p: Payment,
  { event, occurredAt: at }: Remembered,
  told: readonly DomainEvent[],
): Recalled {
  const step =
    event.type === 'payment.refund_requested'
      ? refunding(p, event, { at, told })
      : stepBy(p, event, at);
  if (step.kind !== 'moved') return step;
  const follows = [...outcomesOf(p, step.payment, at), ...requestsOf(p, step.payment)];
  const known = new Set(told.map(toldKey));
  return follows.every((one) => known.has(toldKey(one))) ? step : WAITS;
}

function stepBy(
  p: Payment,
  event: Exclude<Remembered['event'], PaymentRefundRequested>,
  at: Date,
): Recalled {
  switch (event.type) {
    case 'payment.method_selected': {
      if (belongingsOf(p).attempts.some(({ id }) => id === event.attemptId)) return KNOWN;
      const chosen = choose(p, { ...event, now: at });
      return chosen.ok ? moved(p, chosen.value.payment) : WAITS;
    }
    case 'payment.close_requested':
      return closed(p, event.reason);
    case 'payment.closed':
      // Said by itself only where no attempt had to be asked for.
      return p.status === 'requested' || p.status === 'offered' ? closed(p, event.reason) : WAITS;
    case 'payment.requested':
    case 'payment.paid':
    case 'payment.attempt_failed':
    case 'payment.attempt_closed':
    case 'payment.refunded':
    case 'payment.refund_failed':
    case 'payment.surplus_taken':
    case 'payment.surplus_refunded':
      return KNOWN; // follows from what was heard
    case 'payment.offered':
    case 'payment.not_offered':
    case 'attempt.accepted':
    case 'attempt.refused':
    case 'attempt.awaiting_payer':
    case 'attempt.succeeded':
    case 'attempt.failed':
    case 'attempt.closed':
    case 'attempt.unknown':
    case 'refund.pending':
    case 'refund.succeeded':
    case 'refund.failed': {
      const step = advance(p, event, at);
      if (step.kind === 'advanced') return moved(p, step.payment);
      return step.kind === 'duplicate' ? KNOWN : WAITS;
    }
  }
}

const moved = (p: Payment, after: MovedPayment): Recalled =>
  after === p ? KNOWN : { kind: 'moved', payment: after };

/** That another attempt won follows from its money, and closes no payment. */
function closed(p: Payment, reason: CloseReason): Recalled {
  if (reason === 'other_attempt_won') return KNOWN;
  const after = close(p, reason);
  return after.ok ? moved(p, after.value) : KNOWN;
}

function refunding(
  p: Payment,
  { refundId, attemptId, provider, amount, reason: why }: PaymentRefundRequested,
  { at: now, told }: Readonly<{ at: Date; told: readonly DomainEvent[] }>,
): Recalled {
  const { refunds, surplus } = belongingsOf(p);
  if ([...refunds, ...surplus.flatMap((s) => s.refunds)].some(({ id }) => id === refundId)) {
    return KNOWN;
  }
  // What came of it says whose refund it was, where one attempt took the same amount twice.
  const isMerchants = told.some(
    (one) =>
      (one.type === 'payment.refunded' || one.type === 'payment.refund_failed') &&
      one.refundId === refundId,
  );
  const money = surplus.find(
    (s) =>
      s.attemptId === attemptId &&
      s.provider === provider &&
      (s.status === 'taken' || s.status === 'stuck') &&
      equals(s.amount, amount),
  );
  if (money !== undefined && !isMerchants) {
    const cause = money.status === 'stuck' ? 'operator' : 'due';
    const given = giveSurplusBack(p, { money, cause, refundId, now });
    return given.ok ? moved(p, given.value) : WAITS;
  }
  const asked = requestRefund(p, { refundId, amount, why, now });
  return asked.ok ? moved(p, asked.value.payment) : WAITS;
}

/** What an event says, whatever its id: the same fact has the same key. */
export function toldKey(event: DomainEvent): string {
  const told: Readonly<Record<string, unknown>> = event;
  const attempt = told['attempt'];
  const inner = typeof attempt === 'object' && attempt !== null && 'attemptId' in attempt;
  return JSON.stringify([
    event.type,
    told['attemptId'] ?? (inner ? attempt.attemptId : null),
    told['attempts'] ?? null,
    told['refundId'] ?? null,
    told['providerRef'] ?? null,
  ]);
}
