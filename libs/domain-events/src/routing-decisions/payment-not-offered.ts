import { defineEvent } from '../define-event.js';
import { IsOrdinal, IsText } from '../fields.js';
import { paymentId, type PaymentId } from '../ids.js';
import { IsListOf } from '../nested.js';
import { Versions } from '../versions.js';
import { IsIdOf } from '../wire.js';
import { refusedFrom, refusedToWire, WireRefusedMethod, type RefusedMethod } from './offer-wire.js';

/** No method may be offered. From routing, for checkout; topic routing.decisions. */
export type PaymentNotOffered = Readonly<{
  type: 'payment.not_offered';
  paymentId: PaymentId;
  /** Its number: a refusal counts as an offer of nothing. */
  offer: number;
  /** `none` where the platform has no policy at all. */
  policyVersion: string;
  refused: readonly RefusedMethod[];
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsOrdinal() offer!: number;
  @IsText(200) policyVersion!: string;
  @IsListOf(() => WireRefusedMethod, { min: 0, max: 64 }) refused!: WireRefusedMethod[];
}

export const paymentNotOffered = defineEvent<PaymentNotOffered, V1>({
  type: 'payment.not_offered',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.not_offered',
    paymentId: paymentId(w.paymentId),
    offer: w.offer,
    policyVersion: w.policyVersion,
    refused: w.refused.map(refusedFrom),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    offer: e.offer,
    policyVersion: e.policyVersion,
    refused: e.refused.map(refusedToWire),
  }),
});
