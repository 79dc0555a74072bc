import type {
  AttemptReported,
  AttemptSucceeded,
  RefundReported,
  RoutingDecision,
  SurplusReason,
} from '@hutong/domain-events';
import { equals } from '@hutong/money';
import { assertNever } from '@hutong/result';
import { answerTo, closing, moved, succeeded, type Attempt, type AttemptNews } from './attempt.js';
import { belongingsOf, isWon, type Decision, type MovedPayment, type Payment } from './payment.js';
import { paymentTable } from './payment-table.js';
import { receiptFrom, sameMoney, type Receipt } from './receipt.js';
import { hearRefund } from './refund.js';
import { standing, withAttempt, wonStanding } from './standing.js';
import { taken, withRefunds } from './surplus.js';

/** Everything that a payment hears after it was requested. */
export type PaymentProgress = RoutingDecision | AttemptReported | RefundReported;

/** What hearing an event did. Duplicates are everyday; a refusal is an incident, to be looked at. */
export type Step =
  | Readonly<{ kind: 'advanced'; payment: MovedPayment }>
  | Readonly<{ kind: 'duplicate' }>
  | Readonly<{ kind: 'refused'; reason: string }>;

const DUPLICATE: Step = { kind: 'duplicate' };
const advanced = (payment: MovedPayment): Step => ({ kind: 'advanced', payment });
const refused = (reason: string): Step => ({ kind: 'refused', reason });

/**
 * What payment `p` becomes on hearing `e`. Every pair has an answer.
 * @param at when `e` happened: from then on a refused refund of surplus waits for its next try.
 */
export function advance(p: Payment, e: PaymentProgress, at: Date): Step {
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
    case 'refund.pending':
    case 'refund.succeeded':
    case 'refund.failed':
      return settle(p, e, at);
    default:
      return assertNever(e);
  }
}

function decide(p: Payment, decision: Decision): Step {
  switch (p.status) {
    case 'requested':
      return advanced(standing({ ...p, decision, attempts: [], surplus: [] }));
    case 'offered':
    case 'paying':
      return decision.offer > p.decision.offer ? advanced(standing({ ...p, decision })) : DUPLICATE;
    case 'not_offered':
    case 'closing':
    case 'closed':
    case 'paid':
    case 'partly_refunded':
    case 'refunded':
      return DUPLICATE;
  }
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
  return advanced(
    equals(e.amount, p.amount) ? pay(after, receipt) : withSurplus(after, receipt, 'wrong_amount'),
  );
}

/** The asked amount pays wherever the table lets it win; whatever else may still take money is closed. */
function pay(p: MovedPayment, receipt: Receipt): MovedPayment {
  switch (p.status) {
    case 'offered':
    case 'paying':
    case 'closing':
      return {
        ...p,
        status: 'paid',
        receipt,
        refunds: [],
        attempts: p.attempts.map((attempt) => closing(attempt, 'other_attempt_won')),
      };
    case 'not_offered':
    case 'closed':
    case 'paid':
    case 'partly_refunded':
    case 'refunded':
      return withSurplus(p, receipt, paymentTable[p.status].money);
  }
}

const withSurplus = (p: MovedPayment, receipt: Receipt, reason: SurplusReason): MovedPayment =>
  standing({ ...p, surplus: [...p.surplus, taken(receipt, reason)] });

/** News of a refund: of what paid the payment, or of surplus. */
function settle(p: Payment, news: RefundReported, at: Date): Step {
  if (isWon(p)) {
    const heard = hearRefund(p.receipt, p.refunds, news);
    if (heard?.kind === 'advanced') return advanced(wonStanding({ ...p, refunds: heard.refunds }));
    if (heard !== undefined) return heard;
  }
  for (const surplus of belongingsOf(p).surplus) {
    const heard = hearRefund(surplus, surplus.refunds, news);
    if (heard?.kind === 'advanced' && p.status !== 'requested') {
      const changed = withRefunds(surplus, heard.refunds, at);
      return advanced({ ...p, surplus: p.surplus.map((s) => (s === surplus ? changed : s)) });
    }
    if (heard !== undefined && heard.kind !== 'advanced') return heard;
  }
  return refused(`${news.type} of a refund that nobody asked for`);
}

const attemptOf = (p: Payment, e: Readonly<{ attemptId: Attempt['id'] }>): Attempt | undefined =>
  belongingsOf(p).attempts.find(({ id }) => id === e.attemptId);

/**
 * Attempt ids are minted here and committed before anyone hears of them, so nobody can know one that
 * we don't, unless ours was lost. Money of such an attempt could be booked and given back only under
 * facts that we made up: it is parked, and counts once the attempt is restored (ADR 0017).
 */
const neverChosen = (p: Payment, e: PaymentProgress): Step =>
  refused(`${e.type} of an attempt that was never chosen, while the payment is ${p.status}`);

/** All money that ever came: the payment's and the surplus. */
export function receiptsOf(p: Payment): readonly Receipt[] {
  const { receipt, surplus } = belongingsOf(p);
  return receipt === undefined ? surplus : [receipt, ...surplus];
}
