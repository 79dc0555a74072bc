import { defineEvent } from '../define-event.js';
import { IsOrdinal, IsText } from '../fields.js';
import { paymentId, type PaymentId } from '../ids.js';
import { IsListOf } from '../nested.js';
import { Versions } from '../versions.js';
import { IsIdOf, IsInstant } from '../wire.js';
import {
  offeredFrom,
  offeredToWire,
  refusedFrom,
  refusedToWire,
  WireOfferedMethod,
  WireRefusedMethod,
  type OfferedMethod,
  type RefusedMethod,
} from './offer-wire.js';

/** The methods a payer may choose from, in order. From routing, for checkout; topic routing.decisions. */
export type PaymentOffered = Readonly<{
  type: 'payment.offered';
  paymentId: PaymentId;
  /** 1 for the first offer of a payment; a higher number replaces every lower one. */
  offer: number;
  /** The version of the policy that was in force when the payment was requested. */
  policyVersion: string;
  /** A choice that is made later is checked anew. */
  validUntil: Date;
  methods: readonly OfferedMethod[];
  refused: readonly RefusedMethod[];
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsOrdinal() offer!: number;
  @IsText(200) policyVersion!: string;
  @IsInstant() validUntil!: string;
  @IsListOf(() => WireOfferedMethod, { min: 1, max: 64 }) methods!: WireOfferedMethod[];
  @IsListOf(() => WireRefusedMethod, { min: 0, max: 64 }) refused!: WireRefusedMethod[];
}

export const paymentOffered = defineEvent<PaymentOffered, V1>({
  type: 'payment.offered',
  versions: Versions.first(V1),
  fromWire: (w) => ({
    type: 'payment.offered',
    paymentId: paymentId(w.paymentId),
    offer: w.offer,
    policyVersion: w.policyVersion,
    validUntil: new Date(w.validUntil),
    methods: w.methods.map(offeredFrom),
    refused: w.refused.map(refusedFrom),
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    offer: e.offer,
    policyVersion: e.policyVersion,
    validUntil: e.validUntil.toISOString(),
    methods: e.methods.map(offeredToWire),
    refused: e.refused.map(refusedToWire),
  }),
});
