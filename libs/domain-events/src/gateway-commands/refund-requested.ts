import { toMoneyWire, type Money } from '@hutong/money';
import { defineEvent } from '../define-event.js';
import { IsText, MayBeAbsent } from '../fields.js';
import {
  attemptId,
  paymentId,
  refundId,
  type AttemptId,
  type PaymentId,
  type RefundId,
} from '../ids.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsMoney, moneyFrom, WireMoney } from '../wire.js';

/** Command: give money of one attempt back. From routing, for one gateway; topic gateway.<provider>. */
export type RefundRequested = Readonly<{
  type: 'refund.requested';
  paymentId: PaymentId;
  refundId: RefundId;
  attemptId: AttemptId;
  /** What is to go back. */
  amount: Money;
  /** Shown to the payer by some providers. */
  reason?: string | undefined;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('refundId') refundId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsMoney() amount!: WireMoney;
  @MayBeAbsent() @IsText(80) reason?: string | undefined;
}

export const refundRequested = defineEvent<RefundRequested, V1>({
  type: 'refund.requested',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'refund.requested',
    paymentId: paymentId(w.paymentId),
    refundId: refundId(w.refundId),
    attemptId: attemptId(w.attemptId),
    amount: moneyFrom(w.amount),
    reason: w.reason,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    refundId: e.refundId,
    attemptId: e.attemptId,
    amount: toMoneyWire(e.amount),
    reason: e.reason,
  }),
});
