import { defineEvent } from '../define-event.js';
import { IsListOfTexts, IsOrdinal } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { methodText, type Method } from '../method.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsMethodText, methodFrom } from '../wire.js';

/** The choice holds no more; a new offer follows where one can be made. From routing, for checkout; topic routing.decisions. */
export type AttemptRefused = Readonly<{
  type: 'attempt.refused';
  paymentId: PaymentId;
  attemptId: AttemptId;
  /** The number of the offer that was chosen from. */
  offer: number;
  method: Method;
  /** Everything against it now, in words a person understands. */
  reasons: readonly string[];
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOrdinal() offer!: number;
  @IsMethodText() method!: string;
  @IsListOfTexts({ min: 1, max: 16 }, 200) reasons!: string[];
}

export const attemptRefused = defineEvent<AttemptRefused, V1>({
  type: 'attempt.refused',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.refused',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    offer: w.offer,
    method: methodFrom(w.method),
    reasons: [...w.reasons],
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    offer: e.offer,
    method: methodText(e.method),
    reasons: [...e.reasons],
  }),
});
