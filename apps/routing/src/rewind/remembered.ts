import type {
  AttemptId,
  DomainEvent,
  PaymentId,
  PaymentMethodSelected,
  PaymentRefundRequested,
  PaymentRequested,
  RefundId,
} from '@hutong/domain-events';
import type { Memory, Received } from '@hutong/messaging';

/**
 * What led to the decisions that were told, by what they are about. It is gone through once: a day of the
 * log has a million decisions, and each looks for its own.
 */
export type Remembered = Readonly<{
  requests: ReadonlyMap<PaymentId, Received<PaymentRequested>>;
  choices: ReadonlyMap<AttemptId, Received<PaymentMethodSelected>>;
  refunds: ReadonlyMap<RefundId, Received<PaymentRefundRequested>>;
  /** The attempts that a gateway was told to make. */
  commanded: ReadonlySet<AttemptId>;
}>;

/** Of what was heard more than once the first counts, as it did then. */
export function remembered({ told, heard }: Memory): Remembered {
  const requests = new Map<PaymentId, Received<PaymentRequested>>();
  const choices = new Map<AttemptId, Received<PaymentMethodSelected>>();
  const refunds = new Map<RefundId, Received<PaymentRefundRequested>>();
  for (const one of heard) {
    if (isOf(one, 'payment.requested')) keepFirst(requests, one.event.paymentId, one);
    else if (isOf(one, 'payment.method_selected')) keepFirst(choices, one.event.attemptId, one);
    else if (isOf(one, 'payment.refund_requested')) keepFirst(refunds, one.event.refundId, one);
  }
  const commanded = new Set<AttemptId>();
  for (const { event } of told) {
    if (event.type === 'attempt.requested') commanded.add(event.attemptId);
  }
  return { requests, choices, refunds, commanded };
}

const isOf = <Type extends DomainEvent['type']>(
  one: Received,
  type: Type,
): one is Received<Extract<DomainEvent, { type: Type }>> => one.event.type === type;

function keepFirst<Id, E extends DomainEvent>(
  all: Map<Id, Received<E>>,
  id: Id,
  one: Received<E>,
): void {
  if (!all.has(id)) all.set(id, one);
}
