import type {
  AttemptAccepted,
  AttemptRefused,
  AttemptRequested,
  PaymentMethodSelected,
  PaymentRequested,
} from '@hutong/domain-events';
import { notAfter, objectionsTo, type Standing } from '../offer/choice.js';
import { decide, type Decision, type Moment } from '../offer/offer.js';

/** What is known of a payment when a payer chooses. */
export type Chosen = Standing & Readonly<{ requested: PaymentRequested }>;

/** A choice that holds becomes a command; one that does not gets a reason, and a new decision. */
export type Answer =
  | Readonly<{ kind: 'accepted'; told: AttemptAccepted; command: AttemptRequested }>
  | Readonly<{ kind: 'refused'; told: AttemptRefused; next: Decision }>;

/** What routing answers to `choice` at that moment. */
export function answerChoice(
  choice: PaymentMethodSelected,
  { requested, ...standing }: Chosen,
  at: Moment,
): Answer {
  const { paymentId, attemptId, offer, method } = choice;
  const about = { paymentId, attemptId, offer, method };
  const reasons = objectionsTo(choice, standing, at);
  if (reasons.length === 0) {
    const told: AttemptAccepted = { type: 'attempt.accepted', ...about };
    return { kind: 'accepted', told, command: commandOf(choice, requested, at.now) };
  }
  const told: AttemptRefused = { type: 'attempt.refused', ...about, reasons };
  const next = decide(standing.version, requested, { ...at, offer: standing.newest.offer + 1 });
  return { kind: 'refused', told, next };
}

/** Self-contained: a gateway knows nothing of the payment but this. */
const commandOf = (
  { attemptId, method, paidByAnother, returnUrl, sealedPayer }: PaymentMethodSelected,
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
  // Where the buyer bought says nothing of whoever opens a link: that is done on a telephone.
  channel: paidByAnother ? 'app' : channel,
  expiresAt,
  notAfter: notAfter(expiresAt, now),
  returnUrl,
  sealedPayer,
});
