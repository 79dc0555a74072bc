import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import { paymentId, providerRef, type PaymentId, type ProviderRef } from '../ids.js';
import { IsOne } from '../nested.js';
import { SURPLUS_REASONS, type SurplusReason } from '../reasons.js';
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

/** Money was taken that is not the payment's; it goes back by itself. From checkout, for the ledger and anyone downstream; topic payment.outcomes. */
export type PaymentSurplusTaken = Readonly<{
  type: 'payment.surplus_taken';
  paymentId: PaymentId;
  payment: PaymentFacts;
  attempt: AttemptFacts;
  /** What was taken, in whole surplus. */
  amount: Money;
  /** The provider's own number for it. */
  providerRef: ProviderRef;
  reason: SurplusReason;
  /** When it happened at the provider; where no provider was asked, when checkout decided it. */
  occurredAt: Date;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsOne(() => WirePaymentFacts) payment!: WirePaymentFacts;
  @IsOne(() => WireAttemptFacts) attempt!: WireAttemptFacts;
  @IsMoney() amount!: WireMoney;
  @IsIdOf('providerRef') providerRef!: string;
  @IsOneOf(SURPLUS_REASONS) reason!: SurplusReason;
  @IsInstant() occurredAt!: string;
}

export const paymentSurplusTaken = defineEvent<PaymentSurplusTaken, V1>({
  type: 'payment.surplus_taken',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.surplus_taken',
    paymentId: paymentId(w.paymentId),
    payment: paymentFactsFrom(w.payment),
    attempt: attemptFactsFrom(w.attempt),
    amount: moneyFrom(w.amount),
    providerRef: providerRef(w.providerRef),
    reason: w.reason,
    occurredAt: new Date(w.occurredAt),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    payment: paymentFactsToWire(e.payment),
    attempt: attemptFactsToWire(e.attempt),
    amount: toMoneyWire(e.amount),
    providerRef: e.providerRef,
    reason: e.reason,
    occurredAt: e.occurredAt.toISOString(),
  }),
});
