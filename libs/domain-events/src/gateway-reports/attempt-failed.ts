import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { PROVIDERS, type Provider } from '../method.js';
import { FAILURE_REASONS, type FailureReason } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';

/** Certain: this attempt took no money and will take none, a verified late success aside. From the gateways, for checkout and routing; topic gateway.reports. */
export type AttemptFailed = Readonly<{
  type: 'attempt.failed';
  paymentId: PaymentId;
  attemptId: AttemptId;
  provider: Provider;
  reason: FailureReason;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsOneOf(FAILURE_REASONS) reason!: FailureReason;
}

export const attemptFailed = defineEvent<AttemptFailed, V1>({
  type: 'attempt.failed',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.failed',
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
