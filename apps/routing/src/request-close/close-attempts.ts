import type {
  AttemptCloseRequested,
  AttemptId,
  AttemptRefused,
  PaymentCloseRequested,
  Provider,
} from '@hutong/domain-events';
import type { AnsweredChoice } from '../explain-decisions/explanation.js';

/** What follows for one attempt that is to take no money any more. */
export type Closing =
  | Readonly<{ kind: 'commanded'; provider: Provider; command: AttemptCloseRequested }>
  // It never reached a gateway: the refusal is all that there is to say of it.
  | Readonly<{ kind: 'refused'; told: AttemptRefused }>
  // Its choice is not here yet, and will be refused when it comes.
  | Readonly<{ kind: 'remembered'; attemptId: AttemptId }>;

/** One answer for each attempt that is named, in that order. @param answered what was answered so far. */
export const closeAttempts = (
  asked: PaymentCloseRequested,
  answered: readonly AnsweredChoice[],
): readonly Closing[] =>
  [...new Set(asked.attempts)].map((attemptId) => {
    const choice = answered.find((one) => one.attemptId === attemptId);
    return choice === undefined ? { kind: 'remembered', attemptId } : closingOf(asked, choice);
  });

function closingOf(
  { paymentId, reason }: PaymentCloseRequested,
  { attemptId, offer, method, verdict, reasons }: AnsweredChoice,
): Closing {
  if (verdict === 'refused') {
    const about = { paymentId, attemptId, offer, method, reasons };
    return { kind: 'refused', told: { type: 'attempt.refused', ...about } };
  }
  const command: AttemptCloseRequested = {
    type: 'attempt.close_requested',
    paymentId,
    attemptId,
    reason,
  };
  return { kind: 'commanded', provider: method.provider, command };
}
