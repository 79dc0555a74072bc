import {
  methodText,
  type AttemptId,
  type Method,
  type PaymentRequested,
} from '@hutong/domain-events';
import { toMoneyWire } from '@hutong/money';
import { isFree, type Decision } from '../offer/offer.js';
import type { AnswerView, DecisionView, ExplanationView } from './explanation.wire.js';

/** What was answered to one choice. */
export type AnsweredChoice = Readonly<{
  attemptId: AttemptId;
  offer: number;
  method: Method;
  /** Somebody else was to pay, through a shared link. */
  paidByAnother: boolean;
  verdict: 'accepted' | 'refused';
  /** Empty where it was accepted. */
  reasons: readonly string[];
  decidedAt: Date;
}>;

/** Everything that was decided about one payment, and what it was decided on. */
export type Explained = Readonly<{
  requested: PaymentRequested;
  /** The moment whose policy decides: when it was requested, or the story's time. */
  policyAt: Date;
  /** By their number. */
  decisions: readonly Decision[];
  /** In the order in which they were given. */
  answers: readonly AnsweredChoice[];
}>;

/** As an operator reads it. Nothing that points to a person: no payer key, no description. */
export const explanationView = (explained: Explained): ExplanationView => ({
  paymentId: explained.requested.paymentId,
  inputs: inputsView(explained),
  decisions: explained.decisions.map(decisionView),
  choices: explained.answers.map(answerView),
});

const inputsView = ({ requested, policyAt }: Explained): ExplanationView['inputs'] => {
  const { payer } = requested;
  return {
    platform: requested.platform,
    merchantId: requested.merchantId,
    amount: toMoneyWire(requested.amount),
    channel: requested.channel,
    payer: {
      hasBoundCard: payer.hasBoundCard,
      hasBalance: payer.hasBalance,
      ...(payer.installedApps && { installedApps: [...payer.installedApps] }),
    },
    requestedAt: requested.requestedAt.toISOString(),
    expiresAt: requested.expiresAt.toISOString(),
    policyAt: policyAt.toISOString(),
  };
};

const decisionView = (decision: Decision): DecisionView => ({
  offer: decision.offer,
  decidedAt: decision.decidedAt.toISOString(),
  policyVersion: decision.policyVersion,
  ...(decision.validUntil && { validUntil: decision.validUntil.toISOString() }),
  methods: decision.verdicts.map((verdict) => ({
    method: methodText(verdict.method),
    label: verdict.label,
    offered: isFree(verdict),
    reasons: [...verdict.against],
  })),
});

const answerView = (answer: AnsweredChoice): AnswerView => ({
  attemptId: answer.attemptId,
  offer: answer.offer,
  method: methodText(answer.method),
  paidByAnother: answer.paidByAnother,
  verdict: answer.verdict,
  reasons: [...answer.reasons],
  decidedAt: answer.decidedAt.toISOString(),
});
