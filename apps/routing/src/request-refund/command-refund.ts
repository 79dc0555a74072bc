import type { PaymentRefundRequested, RefundRequested } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { AnsweredChoice } from '../explain-decisions/explanation.js';

/**
 * The command to the gateway that took the money, or why there can be none. Neither an operator's
 * switch nor a provider's health keeps money from going back.
 * @param choice the answer to the choice that made the attempt, if routing gave one.
 */
export function commandRefund(
  asked: PaymentRefundRequested,
  choice: AnsweredChoice | undefined,
): Result<RefundRequested, string> {
  if (choice?.verdict !== 'accepted') {
    return refuse('a refund of an attempt that was never commanded');
  }
  if (choice.method.provider !== asked.provider) return refuse('a refund by another provider');
  const { paymentId, refundId, attemptId, amount, reason } = asked;
  return ok({ type: 'refund.requested', paymentId, refundId, attemptId, amount, reason });
}
