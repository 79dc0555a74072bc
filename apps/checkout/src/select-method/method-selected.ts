import type { PaymentId, PaymentMethodSelected } from '@hutong/domain-events';
import type { Attempt } from '../payment/attempt.js';

/** What routing is told of a choice beside the choice itself. */
export type ChoiceExtras = Readonly<{
  returnUrl?: string | undefined;
  /** Compact JWE to the provider's gateway. */
  sealedPayer?: string | undefined;
}>;

/** What routing is told of a choice. */
export const methodSelected = (
  paymentId: PaymentId,
  { id, offer, method, paidByAnother }: Attempt,
  { returnUrl, sealedPayer }: ChoiceExtras,
): PaymentMethodSelected => ({
  type: 'payment.method_selected',
  paymentId,
  attemptId: id,
  offer,
  method,
  paidByAnother,
  returnUrl,
  sealedPayer,
});
