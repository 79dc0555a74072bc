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
import { FAILURE_REASONS, type FailureReason } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';

/** Certain: this refund gave nothing back. From the gateways, for checkout and routing; topic gateway.reports. */
export type RefundFailed = Readonly<{
  type: 'refund.failed';
  paymentId: PaymentId;
  attemptId: AttemptId;
  refundId: RefundId;
  provider: Provider;
  reason: FailureReason;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsIdOf('refundId') refundId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsOneOf(FAILURE_REASONS) reason!: FailureReason;
}

export const refundFailed = defineEvent<RefundFailed, V1>({
  type: 'refund.failed',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'refund.failed',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    refundId: refundId(w.refundId),
    provider: w.provider,
    reason: w.reason,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    refundId: e.refundId,
    provider: e.provider,
    reason: e.reason,
  }),
});
