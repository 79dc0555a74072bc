import { sameMethod, type AttemptId, type Method } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { Attempt } from './attempt.js';
import { isWon, type Paying, type Payment } from './payment.js';

export type ChoiceRefusal =
  | Readonly<{
      code:
        | 'offer_pending'
        | 'not_offered'
        | 'already_paid'
        | 'payment_expired'
        | 'payment_closed'
        | 'offer_unknown'
        | 'offer_expired'
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

/** The payment with one more attempt, where the payer may choose this method of this offer now. */
export function choose(
  p: Payment,
  { attemptId, offer, method, paidByAnother, now }: Asked,
): Result<Readonly<{ payment: Paying; attempt: Attempt }>, ChoiceRefusal> {
  if (isWon(p)) return refuse({ code: 'already_paid' });
  if (p.status === 'closing' || p.status === 'closed') return refuse({ code: 'payment_closed' });
  if (p.status === 'not_offered') return refuse({ code: 'not_offered' });
  if (now >= p.expiresAt) return refuse({ code: 'payment_expired' });
  if (p.status === 'requested') return refuse({ code: 'offer_pending' });
  const { decision } = p;
  if (offer > decision.offer) return refuse({ code: 'offer_unknown' });
  if (offer < decision.offer) return refuse({ code: 'offer_superseded', current: decision.offer });
  if (decision.type === 'payment.not_offered') return refuse({ code: 'not_offered' });
  if (now >= decision.validUntil) return refuse({ code: 'offer_expired' });
  if (!decision.methods.some((offered) => sameMethod(offered.method, method))) {
    return refuse({ code: 'method_not_offered' });
  }
  if (p.attempts.length >= MAX_ATTEMPTS) return refuse({ code: 'too_many_attempts' });
  const chosen = { id: attemptId, offer, method, paidByAnother, selectedAt: now };
  const attempt: Attempt = { ...chosen, status: 'selected' };
  return ok({ payment: { ...p, status: 'paying', attempts: [...p.attempts, attempt] }, attempt });
}
