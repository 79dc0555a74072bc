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
 * What `p` becomes by what is remembered, as it once did. Nothing if it is there already, comes too early,
 * or would tell what was not told: then the service hears it itself, and tells it.
 * @param told by `toldKey`: everything that others have heard of the payment.
 */
export function recalled(
  p: Payment,
  { event, occurredAt: at }: Remembered,
  told: ReadonlySet<string>,
): MovedPayment | undefined {
  const after = becomes(p, event, at);
  if (after === undefined || after === p) return undefined;
  const follows = [...outcomesOf(p, after, at), ...requestsOf(p, after)];
  return follows.every((one) => told.has(toldKey(one))) ? after : undefined;
}

function becomes(p: Payment, event: Remembered['event'], at: Date): MovedPayment | undefined {
  switch (event.type) {
    case 'payment.requested':
      return undefined;
    case 'payment.method_selected': {
      if (belongingsOf(p).attempts.some(({ id }) => id === event.attemptId)) return undefined;
      const chosen = choose(p, { ...event, now: at });
      return chosen.ok ? chosen.value.payment : undefined;
    }
    case 'payment.close_requested':
      return closed(p, event.reason);
    case 'payment.closed':
      // Said by itself only where no attempt had to be asked for.
      return p.status === 'requested' || p.status === 'offered'
        ? closed(p, event.reason)
        : undefined;
    case 'payment.refund_requested':
      return refunding(p, event, at);
    case 'payment.paid':
    case 'payment.attempt_failed':
    case 'payment.attempt_closed':
    case 'payment.refunded':
    case 'payment.refund_failed':
    case 'payment.surplus_taken':
    case 'payment.surplus_refunded':
      return undefined; // follows from what was heard
    default: {
      const step = advance(p, event, at);
      return step.kind === 'advanced' ? step.payment : undefined;
    }
  }
}

/** That another attempt won follows from its money, and closes no payment. */
function closed(p: Payment, reason: CloseReason): MovedPayment | undefined {
  if (reason === 'other_attempt_won') return undefined;
  const after = close(p, reason);
  return after.ok ? after.value : undefined;
}

function refunding(
  p: Payment,
  { refundId, attemptId, provider, amount, reason: why }: PaymentRefundRequested,
  now: Date,
): MovedPayment | undefined {
  const { refunds, surplus } = belongingsOf(p);
  if ([...refunds, ...surplus.flatMap((s) => s.refunds)].some(({ id }) => id === refundId)) {
    return undefined;
  }
  const money = surplus.find(
    (s) =>
      s.attemptId === attemptId &&
      s.provider === provider &&
      s.status === 'taken' &&
      equals(s.amount, amount),
  );
  if (money !== undefined) {
    const given = giveSurplusBack(p, { money, cause: 'due', refundId, now });
    return given.ok ? given.value : undefined;
  }
  const asked = requestRefund(p, { refundId, amount, why, now });
  return asked.ok ? asked.value.payment : undefined;
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
