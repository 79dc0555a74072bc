import type { PaymentId, PaymentNotOffered, PaymentOffered } from '@hutong/domain-events';
import { isFree, type Decision } from '../offer/offer.js';

/** What checkout is told of a decision: the free methods in their order, and why not the others. */
export function announceOffer(
  paymentId: PaymentId,
  { offer, policyVersion, verdicts, validUntil }: Decision,
): PaymentOffered | PaymentNotOffered {
  const refused = verdicts
    .filter((verdict) => !isFree(verdict))
    .map(({ method, against }) => ({ method, reasons: against }));
  const said = { paymentId, offer, policyVersion, refused };
  if (validUntil === undefined) return { type: 'payment.not_offered', ...said };
  const methods = verdicts.filter(isFree).map(({ method, label }) => ({ method, label }));
  return { type: 'payment.offered', ...said, validUntil, methods };
}
