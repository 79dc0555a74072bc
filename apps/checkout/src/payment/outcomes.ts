import type {
  AttemptFacts,
  AttemptId,
  AttemptReported,
  PaymentFacts,
  PaymentOutcome,
} from '@hutong/domain-events';
import type { PaymentProgress } from './advance.js';
import type { Decided } from './payment.js';

/**
 * What the world is told of a step.
 * @param p the payment after it advanced on `e`.
 * @param heardAt when `e` happened, for those events that carry no moment of their own.
 */
export function outcomesOf(p: Decided, e: PaymentProgress, heardAt: Date): PaymentOutcome[] {
  switch (e.type) {
    case 'payment.offered':
    case 'payment.not_offered':
    case 'attempt.accepted':
    case 'attempt.refused':
    case 'attempt.awaiting_payer':
    case 'attempt.unknown':
      return [];
    case 'attempt.failed':
    case 'attempt.closed':
      return [gaveUp(p, e, heardAt)];
    case 'attempt.succeeded':
      return [took(p, e)];
  }
}

type Definite = Extract<AttemptReported, { type: 'attempt.failed' | 'attempt.closed' }>;

function gaveUp(p: Decided, e: Definite, occurredAt: Date): PaymentOutcome {
  const about = { ...aboutOf(p, e.attemptId), amount: p.amount, occurredAt };
  return e.type === 'attempt.failed'
    ? { ...about, type: 'payment.attempt_failed', reason: e.reason }
    : { ...about, type: 'payment.attempt_closed', reason: e.reason };
}

type Success = Extract<AttemptReported, { type: 'attempt.succeeded' }>;

function took(p: Decided, e: Success): PaymentOutcome {
  const about = {
    ...aboutOf(p, e.attemptId, e),
    amount: e.amount,
    providerRef: e.providerRef,
    occurredAt: e.paidAt,
  };
  const surplus = p.surplus.find(
    (s) => s.provider === e.provider && s.providerRef === e.providerRef,
  );
  return surplus === undefined
    ? { ...about, type: 'payment.paid' }
    : { ...about, type: 'payment.surplus_taken', reason: surplus.reason };
}

/** @param taken who took the money and whose app paid, where money moved; else what was chosen stands. */
function aboutOf(
  p: Decided,
  attemptId: AttemptId,
  taken?: Pick<Success, 'provider' | 'instrument'>,
) {
  const attempt = p.attempts.find(({ id }) => id === attemptId);
  if (attempt === undefined) throw new Error('a step without its attempt');
  const payment: PaymentFacts = {
    platform: p.platform,
    merchantId: p.merchantId,
    payerKey: p.payerKey,
    requestedAt: p.requestedAt,
  };
  const facts: AttemptFacts = {
    attemptId,
    provider: taken?.provider ?? attempt.method.provider,
    instrument: taken?.instrument ?? attempt.method.instrument,
    presentation: attempt.method.presentation,
    paidByAnother: attempt.paidByAnother,
  };
  return { paymentId: p.id, payment, attempt: facts };
}
