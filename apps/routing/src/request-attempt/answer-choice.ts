import type {
  AttemptAccepted,
  AttemptRefused,
  AttemptRequested,
  PaymentMethodSelected,
  PaymentRequested,
} from '@hutong/domain-events';
import { notAfter, objectionsTo } from '../offer/choice.js';
import { decide, type Decision } from '../offer/offer.js';
import type { PolicyVersion } from '../policy/policy.js';

/** What is known of a payment when a payer chooses. */
export type Standing = Readonly<{
  requested: PaymentRequested;
  /** The decision with the highest number. */
  newest: Decision;
  /** The version in force when the payment was requested, if there was one. */
  version: PolicyVersion | undefined;
}>;

/** A choice that holds becomes a command; one that does not gets a reason, and a new decision. */
export type Answer =
  | Readonly<{ kind: 'accepted'; told: AttemptAccepted; command: AttemptRequested }>
  | Readonly<{ kind: 'refused'; told: AttemptRefused; next: Decision }>;

/** What routing answers to `choice` at `now`. */
export function answerChoice(
  choice: PaymentMethodSelected,
  { requested, newest, version }: Standing,
  now: Date,
): Answer {
  const { paymentId, attemptId, offer, method } = choice;
  const about = { paymentId, attemptId, offer, method };
  const reasons = objectionsTo(choice, newest, now);
  if (reasons.length === 0) {
    const told: AttemptAccepted = { type: 'attempt.accepted', ...about };
    return { kind: 'accepted', told, command: commandOf(choice, requested, now) };
  }
  const told: AttemptRefused = { type: 'attempt.refused', ...about, reasons };
  const next = decide(version, requested, { offer: newest.offer + 1, now });
  return { kind: 'refused', told, next };
}

/** Self-contained: a gateway knows nothing of the payment but this. */
const commandOf = (
  { attemptId, method, returnUrl, sealedPayer }: PaymentMethodSelected,
  { paymentId, platform, merchantId, amount, description, channel, expiresAt }: PaymentRequested,
  now: Date,
): AttemptRequested => ({
  type: 'attempt.requested',
  paymentId,
  attemptId,
  platform,
  merchantId,
  method,
  amount,
  description,
  channel,
  expiresAt,
  notAfter: notAfter(expiresAt, now),
  returnUrl,
  sealedPayer,
});
