import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { PROVIDERS, type Provider } from '../method.js';
import { CLOSE_REASONS, type CloseReason } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';

/** The provider confirms that the order is closed without money. From the gateways, for checkout and routing; topic gateway.reports. */
export type AttemptClosed = Readonly<{
  type: 'attempt.closed';
  paymentId: PaymentId;
  attemptId: AttemptId;
  provider: Provider;
  reason: CloseReason;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsOneOf(CLOSE_REASONS) reason!: CloseReason;
}

export const attemptClosed = defineEvent<AttemptClosed, V1>({
  type: 'attempt.closed',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.closed',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    provider: w.provider,
    reason: w.reason,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    provider: e.provider,
    reason: e.reason,
  }),
});
