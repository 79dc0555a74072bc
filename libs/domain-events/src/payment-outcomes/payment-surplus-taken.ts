import { toMoneyWire, type Money } from '@hutong/money';
import { Type } from 'class-transformer';
import { IsDefined, ValidateNested, IsIn } from 'class-validator';
import { defineEvent } from '../define-event.js';
import { paymentId, type PaymentId, providerRef, type ProviderRef } from '../ids.js';
import { SURPLUS_REASONS, type SurplusReason } from '../reasons.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsMoney, moneyFrom, WireMoney, IsInstant } from '../wire.js';
import {
  WirePaymentFacts,
  paymentFactsFrom,
  paymentFactsToWire,
  type PaymentFacts,
  WireAttemptFacts,
  attemptFactsFrom,
  attemptFactsToWire,
  type AttemptFacts,
} from './facts.js';

/** Money was taken that is not the payment's; it goes back by itself. From checkout, for the ledger and anyone downstream; topic payment.outcomes. */
export type PaymentSurplusTaken = Readonly<{
  type: 'payment.surplus_taken';
  paymentId: PaymentId;
  payment: PaymentFacts;
  attempt: AttemptFacts;
  amount: Money;
  /** The provider's own number for it. */
  providerRef: ProviderRef;
  reason: SurplusReason;
  /** When it happened at the provider; where no provider was asked, when checkout decided it. */
  occurredAt: Date;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsDefined() @ValidateNested() @Type(() => WirePaymentFacts) payment!: WirePaymentFacts;
  @IsDefined() @ValidateNested() @Type(() => WireAttemptFacts) attempt!: WireAttemptFacts;
  @IsMoney() amount!: WireMoney;
  @IsIdOf('providerRef') providerRef!: string;
  @IsIn(SURPLUS_REASONS) reason!: SurplusReason;
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
