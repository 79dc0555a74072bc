import { defineEvent } from '../define-event.js';
import { IsOrdinal } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { methodText, type Method } from '../method.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsMethodText, methodFrom } from '../wire.js';

/** The choice still holds and was passed on to its gateway. From routing, for checkout; topic routing.decisions. */
export type AttemptAccepted = Readonly<{
  type: 'attempt.accepted';
  paymentId: PaymentId;
  attemptId: AttemptId;
  /** The number of the offer that was chosen from. */
  offer: number;
  method: Method;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOrdinal() offer!: number;
  @IsMethodText() method!: string;
}

export const attemptAccepted = defineEvent<AttemptAccepted, V1>({
  type: 'attempt.accepted',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.accepted',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    offer: w.offer,
    method: methodFrom(w.method),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    offer: e.offer,
    method: methodText(e.method),
  }),
});
