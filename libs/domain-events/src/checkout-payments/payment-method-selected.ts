import { defineEvent } from '../define-event.js';
import { IsFlag, IsOrdinal, MayBeAbsent } from '../fields.js';
import { attemptId, paymentId, type AttemptId, type PaymentId } from '../ids.js';
import { methodText, type Method } from '../method.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsMethodText, IsReturnUrl, IsSealed, methodFrom } from '../wire.js';

/** A payer chose a method of a numbered offer. From checkout, for routing; topic checkout.payments. */
export type PaymentMethodSelected = Readonly<{
  type: 'payment.method_selected';
  paymentId: PaymentId;
  attemptId: AttemptId;
  /** The number of the offer that the payer saw. */
  offer: number;
  method: Method;
  /** True when somebody else pays through a shared link. */
  paidByAnother: boolean;
  /** Where the provider sends the payer's browser afterwards; display only, never proof of payment. */
  returnUrl?: string | undefined;
  /** Compact JWE to the provider's gateway: openid, client IP or code of the payer. */
  sealedPayer?: string | undefined;
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsIdOf('attemptId') attemptId!: string;
  @IsOrdinal() offer!: number;
  @IsMethodText() method!: string;
  @IsFlag() paidByAnother!: boolean;
  @MayBeAbsent() @IsReturnUrl() returnUrl?: string | undefined;
  @MayBeAbsent() @IsSealed() sealedPayer?: string | undefined;
}

export const paymentMethodSelected = defineEvent<PaymentMethodSelected, V1>({
  type: 'payment.method_selected',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.method_selected',
    paymentId: paymentId(w.paymentId),
    attemptId: attemptId(w.attemptId),
    offer: w.offer,
    method: methodFrom(w.method),
    paidByAnother: w.paidByAnother,
    returnUrl: w.returnUrl,
    sealedPayer: w.sealedPayer,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    attemptId: e.attemptId,
    offer: e.offer,
    method: methodText(e.method),
    paidByAnother: e.paidByAnother,
    returnUrl: e.returnUrl,
    sealedPayer: e.sealedPayer,
  }),
});
