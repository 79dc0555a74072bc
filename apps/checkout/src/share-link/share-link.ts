import type { AttemptId, Method, PaymentId, Presentation } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { actionOf, isAnswered, isOpen, type Attempt } from '../payment/attempt.js';
import {
  fromOffer,
  offers,
  stillPayable,
  withChoice,
  type Asked,
  type ChoiceRefusal,
  type Chosen,
} from '../payment/choose.js';
import { belongingsOf, isWon, type MovedPayment, type Payment } from '../payment/payment.js';

/**
 * Lets whoever holds its token pay. It is no attempt: nothing of it is at a provider, it takes no money,
 * and there is nothing of it to close. It lives as long as its payment may be paid.
 */
export type ShareLink = Readonly<{
  /** Written as an attempt's, since it is the answer to a choice. */
  id: AttemptId;
  paymentId: PaymentId;
  /** The offer that it was chosen from. */
  offer: number;
  /** Provider and instrument of every attempt through it; presentation `link`. */
  method: Method;
  madeAt: Date;
  /** How many attempts were sent through it. */
  presses: number;
  lastAttempt: AttemptId | undefined;
}>;

/** How whoever opened a link may pay; which of them is open to them, routing's policy says. */
export const OPENS_AS = ['qr', 'redirect', 'app', 'mini_program'] as const satisfies Presentation[];
export type OpensAs = (typeof OPENS_AS)[number];

/** A link may be sent to many friends; so that all of them together leave a payer attempts, it is few. */
export const MAX_LINKS = 3;
/** Some, since what a press shows may run out in minutes. */
export const MAX_PRESSES = 8;

export type LinkRefusal = ChoiceRefusal | Readonly<{ code: 'too_many_links' }>;

/** A link to a payment of which so many links exist, where the payer may choose it now. */
export function share(
  p: Payment,
  { attemptId, offer, method, now }: Omit<Asked, 'paidByAnother'>,
  existing: number,
): Result<ShareLink, LinkRefusal> {
  const may = fromOffer(p, { offer, method, now });
  if (!may.ok) return may;
  if (existing >= MAX_LINKS) return refuse({ code: 'too_many_links' });
  const made = { id: attemptId, paymentId: p.id, offer, method, madeAt: now };
  return ok({ ...made, presses: 0, lastAttempt: undefined });
}

/** Somebody wants to pay through a link, in this way. */
export type Press = Readonly<{ attemptId: AttemptId; presentation: OpensAs; now: Date }>;

/** What a press did: one more attempt, or none, since somebody may still pay by the one before. */
export type Pressed =
  Readonly<{ kind: 'open'; attempt: Attempt }> | (Readonly<{ kind: 'chosen' }> & Chosen);

/**
 * One attempt through a link at a time, unless what it showed has run out. It is chosen from the newest
 * offer, also from one that has run out: nobody sees offers here, and routing answers a stale choice with
 * a new one.
 */
export function press(
  p: Payment,
  link: ShareLink,
  { attemptId, presentation, now }: Press,
): Result<Pressed, ChoiceRefusal> {
  const payable = stillPayable(p, now);
  if (!payable.ok) return payable;
  const open = openAttempt(p, link, now);
  if (open !== undefined) return ok({ kind: 'open', attempt: open });
  const { decision } = payable.value;
  if (decision.type === 'payment.not_offered') return refuse({ code: 'not_offered' });
  if (!offers(decision, link.method)) return refuse({ code: 'method_not_offered' });
  if (link.presses >= MAX_PRESSES) return refuse({ code: 'too_many_attempts' });
  const chosen = withChoice(payable.value, {
    id: attemptId,
    offer: decision.offer,
    method: { ...link.method, presentation },
    paidByAnother: true,
    selectedAt: now,
  });
  return chosen.ok ? ok({ kind: 'chosen', ...chosen.value }) : chosen;
}

/** The link's newest attempt, whatever became of it. */
export const lastAttempt = (p: Payment, { lastAttempt: id }: ShareLink): Attempt | undefined =>
  belongingsOf(p).attempts.find((attempt) => attempt.id === id);

/**
 * The attempt that another press has to wait for. One that has run out may still bring money, so it stays
 * open, but nobody can go on with it: whichever brings money first wins, and the other's is surplus.
 */
export function openAttempt(p: Payment, link: ShareLink, now: Date): Attempt | undefined {
  const attempt = lastAttempt(p, link);
  return attempt !== undefined && isOpen(attempt) && !hasActionRunOut(attempt, now)
    ? attempt
    : undefined;
}

/** Whether what was shown is good for nothing more; what was never shown has not run out. */
function hasActionRunOut(attempt: Attempt, now: Date): boolean {
  const action = actionOf(attempt);
  return action !== undefined && action.validUntil <= now;
}

/** Whether there is nothing to wait for: routing makes a new offer whenever it refuses a choice. */
export const isPressAnswered = (p: Payment, attempt: Attempt): boolean =>
  isAnswered(attempt) &&
  (attempt.status !== 'refused' || (p.status !== 'requested' && newestOffer(p) > attempt.offer));

const newestOffer = ({ decision }: MovedPayment): number => decision?.offer ?? 0;

/**
 * Whether a press that routing refused is worth another: its offer had run out or been replaced, and the
 * link is in the new one. Whatever else it was refused for would be refused again.
 * @param before the payment as it was when it was pressed.
 */
export function isWorthAnother(
  { before, after }: Readonly<{ before: Payment; after: Payment }>,
  link: ShareLink,
  refused: Attempt,
): boolean {
  if (refused.status !== 'refused') return false;
  if (after.status !== 'offered' && after.status !== 'paying') return false;
  const { decision } = after;
  if (decision.type !== 'payment.offered' || !offers(decision, link.method)) return false;
  const wasReplaced = decision.offer > refused.offer + 1; // by one that the refusal did not make
  return decision.offer > refused.offer && (wasReplaced || hadRunOut(before, refused));
}

function hadRunOut(before: Payment, { offer, selectedAt }: Attempt): boolean {
  const decision = before.status === 'requested' ? undefined : before.decision;
  return (
    decision?.type === 'payment.offered' &&
    decision.offer === offer &&
    decision.validUntil <= selectedAt
  );
}

/** What a link is good for at a moment, as whoever opens it is told. */
export const linkStandings = {
  payable: 'Somebody asks you to pay this',
  paid: 'This is paid. Thank you',
  expired: 'It is too late to pay this',
  closed: 'This need not be paid any more',
} as const;
export type LinkStanding = keyof typeof linkStandings;

export const linkStanding = (p: Payment, now: Date): LinkStanding =>
  lastStanding(p) === 'payable' && now >= p.expiresAt ? 'expired' : lastStanding(p);

/** The same as far as the payment itself says so, whose deadline may have passed a moment ago. */
export function lastStanding(p: Payment): LinkStanding {
  if (isWon(p)) return 'paid';
  if (p.status !== 'closing' && p.status !== 'closed') return 'payable';
  return p.reason === 'expired' ? 'expired' : 'closed';
}
