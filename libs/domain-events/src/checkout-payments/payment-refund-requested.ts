import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsOneOf, IsText, MayBeAbsent } from '../fields.js';
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
import { IsIdOf, IsMoney, moneyFrom, WireMoney } from '../wire.js';

/** Money of one attempt is to go back. From checkout, for routing; topic checkout.payments. */
export type PaymentRefundRequested = Readonly<{
  type: 'payment.refund_requested';
  paymentId: PaymentId;
  refundId: RefundId;
  /** The attempt that took the money. */
  attemptId: AttemptId;
  provider: Provider;
  /** What is to go back; of one attempt there may be several. */
  amount: Money;
  /** Shown to the payer by some providers. At most 80 characters. */
  reason?: string | undefined;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('refundId') refundId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOneOf(PROVIDERS) provider!: Provider;
  @IsMoney() amount!: WireMoney;
  @MayBeAbsent() @IsText(80) reason?: string | undefined;
}

export const paymentRefundRequested = defineEvent<PaymentRefundRequested, V1>({
  type: 'payment.refund_requested',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.refund_requested',
    paymentId: paymentId(w.paymentId),
    refundId: refundId(w.refundId),
    attemptId: attemptId(w.attemptId),
    provider: w.provider,
    amount: moneyFrom(w.amount),
    reason: w.reason,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    refundId: e.refundId,
    attemptId: e.attemptId,
    provider: e.provider,
    amount: toMoneyWire(e.amount),
    reason: e.reason,
  }),
});
