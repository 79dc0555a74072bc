import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { paymentId, type PaymentId } from '../ids.js';
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

/** One try failed; the payment may still be paid. From checkout, for the ledger and anyone downstream; topic payment.outcomes. */
export type PaymentAttemptFailed = Readonly<{
  type: 'payment.attempt_failed';
  paymentId: PaymentId;
  payment: PaymentFacts;
  attempt: AttemptFacts;
  /** What was to be paid. */
  amount: Money;
  reason: FailureReason;
  /** When it happened at the provider; where no provider was asked, when checkout decided it. */
  occurredAt: Date;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsOne(() => WirePaymentFacts) payment!: WirePaymentFacts;
  @IsOne(() => WireAttemptFacts) attempt!: WireAttemptFacts;
  @IsMoney() amount!: WireMoney;
  @IsOneOf(FAILURE_REASONS) reason!: FailureReason;
  @IsInstant() occurredAt!: string;
}

export const paymentAttemptFailed = defineEvent<PaymentAttemptFailed, V1>({
  type: 'payment.attempt_failed',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.attempt_failed',
    paymentId: paymentId(w.paymentId),
    payment: paymentFactsFrom(w.payment),
    attempt: attemptFactsFrom(w.attempt),
    amount: moneyFrom(w.amount),
    reason: w.reason,
    occurredAt: new Date(w.occurredAt),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    payment: paymentFactsToWire(e.payment),
    attempt: attemptFactsToWire(e.attempt),
    amount: toMoneyWire(e.amount),
    reason: e.reason,
    occurredAt: e.occurredAt.toISOString(),
  }),
});
