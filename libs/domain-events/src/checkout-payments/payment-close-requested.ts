import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { CLOSE_REASONS, type CloseReason } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsListOfIds } from '../wire.js';

/** These attempts are to take no money any more. From checkout, for routing; topic checkout.payments. */
export type PaymentCloseRequested = Readonly<{
  type: 'payment.close_requested';
  paymentId: PaymentId;
  /** The attempts to close: all open ones, or the losers when one won. */
  attempts: readonly AttemptId[];
  reason: CloseReason;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsListOfIds('attemptId', { min: 0, max: 64 }) attempts!: string[];
  @IsOneOf(CLOSE_REASONS) reason!: CloseReason;
}

export const paymentCloseRequested = defineEvent<PaymentCloseRequested, V1>({
  type: 'payment.close_requested',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.close_requested',
    paymentId: paymentId(w.paymentId),
    attempts: w.attempts.map(attemptId),
    reason: w.reason,
  }),
  toWire: (e) => ({ paymentId: e.paymentId, attempts: [...e.attempts], reason: e.reason }),
});
