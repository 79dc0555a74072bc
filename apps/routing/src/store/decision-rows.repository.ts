import {
  attemptId,
  methodText,
  parseMethod,
  paymentRequested,
  type Method,
  type PaymentMethodSelected,
  type PaymentRequested,
} from '@hutong/domain-events';
import type { AnsweredChoice } from '../explain-decisions/explanation.js';
import type {
  Attempt as AttemptRow,
  Decision as DecisionRow,
  Payment as PaymentRow,
  Verdict as VerdictRow,
} from '../generated/prisma/client.js';
import type { Decision, Verdict } from '../offer/offer.js';
import type { Answer } from '../request-attempt/answer-choice.js';

/** A decision's row with what belongs to it, by position. */
export type DecisionRows = Omit<DecisionRow, 'paymentId'> &
  Readonly<{ verdicts: Pick<VerdictRow, 'method' | 'label' | 'against'>[] }>;

/** @throws Error on rows that no decision of ours is written as, as all readers here do. */
export const decisionFrom = (row: DecisionRows): Decision => ({
  offer: row.offer,
  decidedAt: row.decidedAt,
  policyVersion: row.policyVersion,
  verdicts: row.verdicts.map(verdictFrom),
  validUntil: row.validUntil ?? undefined,
});

const verdictFrom = ({ method, label, against }: DecisionRows['verdicts'][number]): Verdict => ({
  method: methodFrom(method),
  label,
  against,
});

/** The event as it was told, read through its own versions and lifts. */
export function requestedFrom(
  row: Pick<PaymentRow, 'eventVersion' | 'requested'>,
): PaymentRequested {
  const decoded = paymentRequested.decode(row.eventVersion, row.requested);
  if (!decoded.ok) throw unreadable(`payment.requested: ${decoded.refusal.code}`);
  return decoded.value;
}

export const answeredFrom = (row: AttemptRow): AnsweredChoice => ({
  attemptId: attemptId(row.attemptId),
  offer: row.offer,
  method: methodFrom(row.method),
  verdict: verdictWord(row.verdict),
  paidByAnother: row.paidByAnother,
  reasons: row.reasons,
  decidedAt: row.decidedAt,
});

export const verdictColumns = ({ verdicts }: Decision) =>
  verdicts.map(({ method, label, against }, position) => ({
    position,
    method: methodText(method),
    label,
    against,
  }));

export type AnswerColumns = ReturnType<typeof answerColumns>;

export const answerColumns = (
  told: Answer['told'],
  { paidByAnother }: PaymentMethodSelected,
  decidedAt: Date,
) => ({
  attemptId: told.attemptId,
  paymentId: told.paymentId,
  verdict: told.type === 'attempt.refused' ? 'refused' : 'accepted',
  offer: told.offer,
  method: methodText(told.method),
  reasons: told.type === 'attempt.refused' ? [...told.reasons] : [],
  decidedAt,
  paidByAnother,
});

function methodFrom(text: string): Method {
  const method = parseMethod(text);
  if (!method.ok) throw unreadable(method.refusal.code);
  return method.value;
}

function verdictWord(text: string): AnsweredChoice['verdict'] {
  if (text === 'accepted' || text === 'refused') return text;
  throw unreadable('verdict of an attempt');
}

/** What no release of ours wrote: nothing is guessed from it. */
const unreadable = (what: string): Error => new Error(`unreadable row: ${what}`);
