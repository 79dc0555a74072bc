import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { paymentId, type PaymentId } from '../ids.js';
import { IsOne } from '../nested.js';
import { CLOSE_REASONS, type CloseReason } from '../reasons.js';
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

/** One try was closed without money. From checkout, for the ledger and anyone downstream; topic payment.outcomes. */
export type PaymentAttemptClosed = Readonly<{
  type: 'payment.attempt_closed';
  paymentId: PaymentId;
  payment: PaymentFacts;
  attempt: AttemptFacts;
  /** What was to be paid. */
  amount: Money;
  reason: CloseReason;
  /** When it happened at the provider; where no provider was asked, when checkout decided it. */
  occurredAt: Date;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsOne(() => WirePaymentFacts) payment!: WirePaymentFacts;
  @IsOne(() => WireAttemptFacts) attempt!: WireAttemptFacts;
  @IsMoney() amount!: WireMoney;
  @IsOneOf(CLOSE_REASONS) reason!: CloseReason;
  @IsInstant() occurredAt!: string;
}

export const paymentAttemptClosed = defineEvent<PaymentAttemptClosed, V1>({
  type: 'payment.attempt_closed',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.attempt_closed',
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
