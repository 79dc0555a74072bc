import { ok, refuse, type Result } from '@hutong/result';
import { closing } from './attempt.js';
import type {
  Closed,
  Closing,
  MovedPayment,
  Offered,
  Payment,
  PaymentCloseReason,
} from './payment.js';

export type CloseRefusal = Readonly<{ code: 'already_paid' }>;

/**
 * The payment on its way to end unpaid: closed at once where no attempt may take money, else closing
 * until every attempt is certain. The very same payment if there is nothing to close any more.
 */
export function close(p: Payment, reason: PaymentCloseReason): Result<MovedPayment, CloseRefusal> {
  switch (p.status) {
    case 'requested':
      return ok({ ...p, status: 'closed', reason, attempts: [], surplus: [] });
    case 'offered':
      return ok(closedUnpaid(p, reason));
    case 'paying': {
      const attempts = p.attempts.map((attempt) => closing(attempt, reason));
      const after: Closing = { ...p, status: 'closing', reason, attempts };
      return ok(after);
    }
    case 'not_offered':
    case 'closing':
    case 'closed':
      return ok(p);
    case 'paid':
    case 'partly_refunded':
    case 'refunded':
      return refuse({ code: 'already_paid' });
  }
}

const closedUnpaid = (p: Offered, reason: PaymentCloseReason): Closed => ({
  ...p,
  status: 'closed',
  reason,
});
