import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsOneOf } from '../fields.js';
import {
  attemptId,
  paymentId,
  providerRef,
  refundId,
  type AttemptId,
  type PaymentId,
  type ProviderRef,
  type RefundId,
} from '../ids.js';
import { PROVIDERS, type Provider } from '../method.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsInstant, IsMoney, moneyFrom, WireMoney } from '../wire.js';

/** The provider gave the money back. From the gateways, for checkout and routing; topic gateway.reports. */
export type RefundSucceeded = Readonly<{
  type: 'refund.succeeded';
  paymentId: PaymentId;
  attemptId: AttemptId;
  refundId: RefundId;
  provider: Provider;
  /** What the provider gave back, as it says itself. */
  amount: Money;
  /** The provider's own number for it. */
  providerRef: ProviderRef;
  /** When it happened at the provider. */
  refundedAt: Date;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsIdOf('refundId') refundId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsMoney() amount!: WireMoney;
  @IsIdOf('providerRef') providerRef!: string;
  @IsInstant() refundedAt!: string;
}

export const refundSucceeded = defineEvent<RefundSucceeded, V1>({
  type: 'refund.succeeded',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'refund.succeeded',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    refundId: refundId(w.refundId),
    provider: w.provider,
    amount: moneyFrom(w.amount),
    providerRef: providerRef(w.providerRef),
    refundedAt: new Date(w.refundedAt),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    refundId: e.refundId,
    provider: e.provider,
    amount: toMoneyWire(e.amount),
    providerRef: e.providerRef,
    refundedAt: e.refundedAt.toISOString(),
  }),
});
