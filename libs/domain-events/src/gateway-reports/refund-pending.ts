import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import {
  attemptId,
  paymentId,
  refundId,
  type AttemptId,
  type PaymentId,
  type RefundId,
} from '../ids.js';
import { PROVIDERS, type Provider } from '../method.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';

/** The provider has the refund and has not finished it. From the gateways, for checkout and routing; topic gateway.reports. */
export type RefundPending = Readonly<{
  type: 'refund.pending';
  paymentId: PaymentId;
  attemptId: AttemptId;
  refundId: RefundId;
  provider: Provider;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsIdOf('refundId') refundId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
}

export const refundPending = defineEvent<RefundPending, V1>({
  type: 'refund.pending',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'refund.pending',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    refundId: refundId(w.refundId),
    provider: w.provider,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    refundId: e.refundId,
    provider: e.provider,
  }),
});
