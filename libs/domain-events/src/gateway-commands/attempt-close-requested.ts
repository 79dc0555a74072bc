import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { CLOSE_REASONS, type CloseReason } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';

/** Command: see to it that this attempt takes no money any more. From routing, for one gateway; topic gateway.<provider>. */
export type AttemptCloseRequested = Readonly<{
  type: 'attempt.close_requested';
  paymentId: PaymentId;
  attemptId: AttemptId;
  reason: CloseReason;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(CLOSE_REASONS) reason!: CloseReason;
}

export const attemptCloseRequested = defineEvent<AttemptCloseRequested, V1>({
  type: 'attempt.close_requested',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.close_requested',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    reason: w.reason,
  }),
  toWire: (e) => ({ paymentId: e.paymentId, attemptId: e.attemptId, reason: e.reason }),
});
