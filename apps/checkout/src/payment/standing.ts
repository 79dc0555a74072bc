import { isOpen, type Attempt } from './attempt.js';
import type { Decided, MovedPayment, WonPayment } from './payment.js';
import { refundedOf } from './refund.js';

/** A payment whose status is still to be found. */
export type Unsettled = MovedPayment | (Decided & Readonly<{ status: 'requested' }>);

/** While unpaid, what a payment is follows from its decision and its attempts. */
export function standing(p: Unsettled): MovedPayment {
  switch (p.status) {
    case 'requested':
    case 'offered':
    case 'paying':
      return payable(p);
    case 'closing':
      return p.attempts.some(isOpen) ? p : { ...p, status: 'closed' };
    case 'not_offered':
    case 'closed':
    case 'paid':
    case 'partly_refunded':
    case 'refunded':
      return p;
  }
}

function payable(p: Decided): MovedPayment {
  if (p.attempts.some(isOpen)) return { ...p, status: 'paying' };
  const nothingLeft =
    p.decision.type === 'payment.not_offered' && p.attempts.every((a) => a.status === 'refused');
  return { ...p, status: nothingLeft ? 'not_offered' : 'offered' };
}

/** Once paid, what a payment is follows from what has gone back of it. */
export function wonStanding(p: WonPayment): WonPayment {
  const back = refundedOf(p.receipt, p.refunds).minor;
  if (back === 0n) return { ...p, status: 'paid' };
  return { ...p, status: back < p.receipt.amount.minor ? 'partly_refunded' : 'refunded' };
}

export const withAttempt = <P extends MovedPayment>(p: P, changed: Attempt): P => ({
  ...p,
  attempts: p.attempts.map((a) => (a.id === changed.id ? changed : a)),
});
