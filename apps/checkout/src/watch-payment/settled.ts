import { isOpen } from '../payment/attempt.js';
import { belongingsOf, type Payment } from '../payment/payment.js';
import { isUnsettled } from '../payment/refund.js';

/** Whether nothing more happens to a payment by itself: the next change would be asked for by somebody. */
export function isSettled(p: Payment): boolean {
  const { attempts, refunds, surplus } = belongingsOf(p);
  return (
    ended[p.status] &&
    !attempts.some(isOpen) &&
    !refunds.some(isUnsettled) &&
    surplus.every(({ status }) => status === 'refunded')
  );
}

const ended: Readonly<Record<Payment['status'], boolean>> = {
  requested: false,
  offered: false,
  paying: false,
  closing: false,
  not_offered: true,
  closed: true,
  paid: true,
  partly_refunded: true,
  refunded: true,
};
