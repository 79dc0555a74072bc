import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import {
  paymentId,
  providerRef,
  refundId,
  type PaymentId,
  type ProviderRef,
  type RefundId,
} from '../ids.js';
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

/** Money of the payment went back to the payer. From checkout, for the ledger and anyone downstream; topic payment.outcomes. */
export type PaymentRefunded = Readonly<{
  type: 'payment.refunded';
  paymentId: PaymentId;
  payment: PaymentFacts;
  attempt: AttemptFacts;
  refundId: RefundId;
  /** What went back. */
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
  @IsIdOf('refundId') refundId!: string;
  @IsMoney() amount!: WireMoney;
  @IsIdOf('providerRef') providerRef!: string;
  @IsInstant() occurredAt!: string;
}

export const paymentRefunded = defineEvent<PaymentRefunded, V1>({
  type: 'payment.refunded',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.refunded',
    paymentId: paymentId(w.paymentId),
    payment: paymentFactsFrom(w.payment),
    attempt: attemptFactsFrom(w.attempt),
    refundId: refundId(w.refundId),
    amount: moneyFrom(w.amount),
    providerRef: providerRef(w.providerRef),
    occurredAt: new Date(w.occurredAt),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    payment: paymentFactsToWire(e.payment),
    attempt: attemptFactsToWire(e.attempt),
    refundId: e.refundId,
    amount: toMoneyWire(e.amount),
    providerRef: e.providerRef,
    occurredAt: e.occurredAt.toISOString(),
  }),
});
