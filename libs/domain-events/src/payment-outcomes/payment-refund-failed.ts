import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { paymentId, refundId, type PaymentId, type RefundId } from '../ids.js';
import { IsOne } from '../nested.js';
import { FAILURE_REASONS, type FailureReason } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsInstant, IsMoney, moneyFrom, WireMoney } from '../wire.js';
import {
  attemptFactsFrom,
  attemptFactsToWire,
  paymentFactsFrom,
  paymentFactsToWire,
  WireAttemptFacts,
  WirePaymentFacts,
  type AttemptFacts,
  type PaymentFacts,
} from './facts.js';

/** A refund that the merchant asked for gave nothing back. From checkout, for the ledger and anyone downstream; topic payment.outcomes. */
export type PaymentRefundFailed = Readonly<{
  type: 'payment.refund_failed';
  paymentId: PaymentId;
  payment: PaymentFacts;
  attempt: AttemptFacts;
  refundId: RefundId;
  /** What was to go back. */
  amount: Money;
  reason: FailureReason;
  /** When it happened at the provider; where no provider was asked, when checkout decided it. */
  occurredAt: Date;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsOne(() => WirePaymentFacts) payment!: WirePaymentFacts;
  @IsOne(() => WireAttemptFacts) attempt!: WireAttemptFacts;
  @IsIdOf('refundId') refundId!: string;
  @IsMoney() amount!: WireMoney;
  @IsOneOf(FAILURE_REASONS) reason!: FailureReason;
  @IsInstant() occurredAt!: string;
}

export const paymentRefundFailed = defineEvent<PaymentRefundFailed, V1>({
  type: 'payment.refund_failed',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.refund_failed',
    paymentId: paymentId(w.paymentId),
    payment: paymentFactsFrom(w.payment),
    attempt: attemptFactsFrom(w.attempt),
    refundId: refundId(w.refundId),
    amount: moneyFrom(w.amount),
    reason: w.reason,
    occurredAt: new Date(w.occurredAt),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    payment: paymentFactsToWire(e.payment),
    attempt: attemptFactsToWire(e.attempt),
    refundId: e.refundId,
    amount: toMoneyWire(e.amount),
    reason: e.reason,
    occurredAt: e.occurredAt.toISOString(),
  }),
});
