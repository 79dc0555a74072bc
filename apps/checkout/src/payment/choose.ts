import {
  sameMethod,
  type AttemptId,
  type Method,
  type PaymentOffered,
} from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { Attempt, Choice } from './attempt.js';
import { isWon, type Offered, type Paying, type Payment } from './payment.js';

export type ChoiceRefusal =
  | Readonly<{
      code:
        | 'offer_pending'
        | 'not_offered'
        | 'already_paid'
        | 'payment_expired'
        | 'payment_closed'
        | 'offer_unknown'
        | 'method_not_offered'
        | 'too_many_attempts';
    }>
  | Readonly<{ code: 'offer_superseded'; current: number }>;

/** More tries than a person makes, few enough that a payment stays small. */
export const MAX_ATTEMPTS = 32;

export type Asked = Readonly<{
  attemptId: AttemptId;
  offer: number;
  method: Method;
  paidByAnother: boolean;
  now: Date;
}>;

export type Chosen = Readonly<{ payment: Paying; attempt: Attempt }>;

/**
 * The payment with one more attempt, where the payer may choose this method of this offer now. An offer
 * that has run out is no reason against it: routing checks that again, refuses the attempt and offers
 * anew, which nobody else can do.
 */
export function choose(
  p: Payment,
  { attemptId, now, offer, method, paidByAnother }: Asked,
): Result<Chosen, ChoiceRefusal> {
  const may = fromOffer(p, { offer, method, now });
  if (!may.ok) return may;
  const chosen = { id: attemptId, offer, method, paidByAnother, selectedAt: now };
  return withChoice(may.value, chosen);
}

/** The payment, where this method of this offer may be chosen now. */
export function fromOffer(
  p: Payment,
  { offer, method, now }: Pick<Asked, 'offer' | 'method' | 'now'>,
): Result<Offered | Paying, ChoiceRefusal> {
  const decision = decisionOn(p, { offer, now });
  if (!decision.ok) return decision;
  return offers(decision.value, method)
    ? stillPayable(p, now)
    : refuse({ code: 'method_not_offered' });
}

/** The offer of that number, where a method of it may be chosen now. */
export function decisionOn(
  p: Payment,
  { offer, now }: Pick<Asked, 'offer' | 'now'>,
): Result<PaymentOffered, ChoiceRefusal> {
  const payable = stillPayable(p, now);
  if (!payable.ok) return payable;
  const { decision } = payable.value;
  if (offer > decision.offer) return refuse({ code: 'offer_unknown' });
  if (offer < decision.offer) return refuse({ code: 'offer_superseded', current: decision.offer });
  return decision.type === 'payment.offered' ? ok(decision) : refuse({ code: 'not_offered' });
}

/** The payment, where it may be paid now, whatever is offered for it. */
export function stillPayable(p: Payment, now: Date): Result<Offered | Paying, ChoiceRefusal> {
  if (isWon(p)) return refuse({ code: 'already_paid' });
  if (p.status === 'closing' || p.status === 'closed') return refuse({ code: 'payment_closed' });
  if (p.status === 'not_offered') return refuse({ code: 'not_offered' });
  if (now >= p.expiresAt) return refuse({ code: 'payment_expired' });
  if (p.status === 'requested') return refuse({ code: 'offer_pending' });
  return ok(p);
}

export const offers = (decision: PaymentOffered, method: Method): boolean =>
  decision.methods.some((offered) => sameMethod(offered.method, method));

/** The payment with one more attempt, unless it has too many. */
export function withChoice(p: Offered | Paying, choice: Choice): Result<Chosen, ChoiceRefusal> {
  if (p.attempts.length >= MAX_ATTEMPTS) return refuse({ code: 'too_many_attempts' });
  const attempt: Attempt = { ...choice, status: 'selected' };
  return ok({ payment: { ...p, status: 'paying', attempts: [...p.attempts, attempt] }, attempt });
}
