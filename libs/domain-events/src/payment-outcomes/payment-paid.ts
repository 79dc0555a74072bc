import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { paymentId, providerRef, type PaymentId, type ProviderRef } from '../ids.js';
import { IsOne } from '../nested.js';
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

/** The payment was paid, by this attempt. From checkout, for the ledger and anyone downstream; topic payment.outcomes. */
export type PaymentPaid = Readonly<{
  type: 'payment.paid';
  paymentId: PaymentId;
  payment: PaymentFacts;
  attempt: AttemptFacts;
  /** What was paid. */
  amount: Money;
  /** The provider's own number for it. */
  providerRef: ProviderRef;
  /** When it happened at the provider; where no provider was asked, when checkout decided it. */
  occurredAt: Date;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsOne(() => WirePaymentFacts) payment!: WirePaymentFacts;
  @IsOne(() => WireAttemptFacts) attempt!: WireAttemptFacts;
  @IsMoney() amount!: WireMoney;
  @IsIdOf('providerRef') providerRef!: string;
  @IsInstant() occurredAt!: string;
}

export const paymentPaid = defineEvent<PaymentPaid, V1>({
  type: 'payment.paid',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.paid',
    paymentId: paymentId(w.paymentId),
    payment: paymentFactsFrom(w.payment),
    attempt: attemptFactsFrom(w.attempt),
    amount: moneyFrom(w.amount),
    providerRef: providerRef(w.providerRef),
    occurredAt: new Date(w.occurredAt),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    payment: paymentFactsToWire(e.payment),
    attempt: attemptFactsToWire(e.attempt),
    amount: toMoneyWire(e.amount),
    providerRef: e.providerRef,
    occurredAt: e.occurredAt.toISOString(),
  }),
});
