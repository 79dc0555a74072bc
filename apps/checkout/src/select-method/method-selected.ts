import type { PaymentId, PaymentMethodSelected } from '@hutong/domain-events';
import type { Attempt } from '../payment/attempt.js';

/** What routing is told of a choice. */
export const methodSelected = (
  paymentId: PaymentId,
  { id, offer, method, paidByAnother }: Attempt,
  returnUrl: string | undefined,
): PaymentMethodSelected => ({
  type: 'payment.method_selected',
  paymentId,
  attemptId: id,
  offer,
  method,
  paidByAnother,
  returnUrl,
});
