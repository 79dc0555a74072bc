import type {
  AttemptReported,
  AttemptSucceeded,
  RoutingDecision,
  SurplusReason,
} from '@hutong/domain-events';
import { equals } from '@hutong/money';
import { assertNever } from '@hutong/result';
import {
  answerTo,
  isOpen,
  moved,
  succeeded,
  type Answer,
  type Attempt,
  type AttemptNews,
} from './attempt.js';
import type { Decided, DecidedPayment, Decision, Payment, Receipt } from './payment.js';

/** Everything that a payment hears after it was requested. */
export type PaymentProgress = RoutingDecision | AttemptReported;

/** What hearing an event did. Duplicates are everyday; a refusal is an incident, to be looked at. */
export type Step =
  | Readonly<{ kind: 'advanced'; payment: DecidedPayment }>
  | Readonly<{ kind: 'duplicate' }>
  | Readonly<{ kind: 'refused'; reason: string }>;

const DUPLICATE: Step = { kind: 'duplicate' };
const advanced = (payment: DecidedPayment): Step => ({ kind: 'advanced', payment });
const refused = (reason: string): Step => ({ kind: 'refused', reason });

/** What payment `p` becomes on hearing `e`. Every pair has an answer. */
export function advance(p: Payment, e: PaymentProgress): Step {
  switch (e.type) {
    case 'payment.offered':
    case 'payment.not_offered':
      return decide(p, e);
    case 'attempt.succeeded':
      return receive(p, e);
    case 'attempt.accepted':
    case 'attempt.refused':
    case 'attempt.awaiting_payer':
    case 'attempt.failed':
    case 'attempt.closed':
    case 'attempt.unknown':
      return follow(p, e);
    default:
      return assertNever(e);
  }
}

/** What a newer decision of routing means in each status. An older one, told late, means nothing. */
const onNewerDecision: Readonly<Record<Payment['status'], Exclude<Answer, 'refuse'>>> = {
  requested: 'advance',
  offered: 'advance',
  paying: 'advance',
  paid: 'duplicate',
  // Final: by now the order may have another payment, and must not be payable twice.
  not_offered: 'duplicate',
};

function decide(p: Payment, decision: Decision): Step {
  if (onNewerDecision[p.status] === 'duplicate') return DUPLICATE;
  if (p.status === 'requested') {
    return advanced(standing({ ...p, decision, attempts: [], surplus: [] }));
  }
  return decision.offer > p.decision.offer ? advanced(standing({ ...p, decision })) : DUPLICATE;
}

/** News of an attempt, money aside. */
function follow(p: Payment, news: AttemptNews): Step {
  const attempt = attemptOf(p, news);
  if (p.status === 'requested' || attempt === undefined) return neverChosen(p, news);
  switch (answerTo(attempt, news)) {
    case 'advance':
      return advanced(standing(withAttempt(p, moved(attempt, news))));
    case 'duplicate':
      return DUPLICATE;
    case 'refuse':
      return refused(`${news.type} while the attempt is ${attempt.status}`);
  }
}

/** Where the asked amount goes if it comes in each status: to the payment, or to surplus and why. */
const onMoney: Readonly<Record<DecidedPayment['status'], 'wins' | SurplusReason>> = {
  offered: 'wins',
  paying: 'wins',
  paid: 'second_success',
  // The order may have another payment by now: taking this money for it would pay it twice.
  not_offered: 'after_close',
};

/**
 * Money has moved, so something is done with it: it pays, or it is surplus. The first of the asked
 * amount pays, even if its attempt was given up before. The same money told again is a duplicate.
 */
function receive(p: Payment, e: AttemptSucceeded): Step {
  const attempt = attemptOf(p, e);
  if (p.status === 'requested' || attempt === undefined) return neverChosen(p, e);
  if (receiptsOf(p).some((known) => sameMoney(known, e))) return DUPLICATE;
  const after = withAttempt(p, succeeded(attempt));
  const receipt = receiptFrom(e);
  const goes = equals(e.amount, p.amount) ? onMoney[p.status] : 'wrong_amount';
  return advanced(
    goes === 'wins'
      ? { ...after, status: 'paid', receipt }
      : standing({
          ...after,
          surplus: [...p.surplus, { ...receipt, status: 'taken', reason: goes }],
        }),
  );
}

/** A decided payment whose status is still to be found. */
type Moving = DecidedPayment | (Decided & Readonly<{ status: 'requested' }>);

/** While unpaid, what a payment is follows from its decision and its attempts. */
function standing(p: Moving): DecidedPayment {
  if (p.status === 'paid' || p.status === 'not_offered') return p;
  if (p.attempts.some(isOpen)) return { ...p, status: 'paying' };
  const nothingLeft =
    p.decision.type === 'payment.not_offered' && p.attempts.every((a) => a.status === 'refused');
  return { ...p, status: nothingLeft ? 'not_offered' : 'offered' };
}

const attemptOf = (p: Payment, e: Readonly<{ attemptId: Attempt['id'] }>): Attempt | undefined =>
  p.status === 'requested' ? undefined : p.attempts.find(({ id }) => id === e.attemptId);

const withAttempt = (p: DecidedPayment, changed: Attempt): DecidedPayment => ({
  ...p,
  attempts: p.attempts.map((a) => (a.id === changed.id ? changed : a)),
});

/**
 * Attempt ids are minted here and committed before anyone hears of them, so nobody can know one that
 * we don't. Money of such an attempt has no presentation to be booked under: people must look.
 */
const neverChosen = (p: Payment, e: PaymentProgress): Step =>
  refused(`${e.type} of an attempt that was never chosen, while the payment is ${p.status}`);

/** All money that ever came: the payment's and the surplus. */
export const receiptsOf = (p: Decided & Readonly<{ receipt?: Receipt }>): readonly Receipt[] => [
  ...(p.receipt === undefined ? [] : [p.receipt]),
  ...p.surplus,
];

type MoneyName = Pick<Receipt, 'provider' | 'providerRef'>;

const sameMoney = (a: MoneyName, b: MoneyName): boolean =>
  a.provider === b.provider && a.providerRef === b.providerRef;

const receiptFrom = (e: AttemptSucceeded): Receipt => ({
  attemptId: e.attemptId,
  provider: e.provider,
  instrument: e.instrument,
  providerRef: e.providerRef,
  amount: e.amount,
  paidAt: e.paidAt,
});
