import { defineEvent } from '../define-event.js';
import { IsOneOf, IsTextLike } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { PROVIDERS, type Provider } from '../method.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';

/** Nobody knows yet whether money moved; the gateway keeps asking. From the gateways, for checkout and routing; topic gateway.reports. */
export type AttemptUnknown = Readonly<{
  type: 'attempt.unknown';
  paymentId: PaymentId;
  attemptId: AttemptId;
  provider: Provider;
  /** What left it open, as a code: `timeout`, `http_502`, `unverifiable_answer`, … Never a provider's text. */
  cause: string;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsTextLike(/^[a-z0-9_]{1,64}$/, 'code, at most 64 of `a-z0-9_`') cause!: string;
}

export const attemptUnknown = defineEvent<AttemptUnknown, V1>({
  type: 'attempt.unknown',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'attempt.unknown',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    provider: w.provider,
    cause: w.cause,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    provider: e.provider,
    cause: e.cause,
  }),
});
