import type { AttemptReported } from '@hutong/domain-events';
import type { Metrics } from '@hutong/telemetry';
import { isFree, type Decision } from '../offer/offer.js';
import type { Answer } from '../request-attempt/answer-choice.js';

/** Told after each commit what was decided or heard; a redelivery is not told again. */
export type DecisionMetrics = Readonly<{
  decided: (decision: Decision) => void;
  answered: (answer: Answer) => void;
  reported: (report: AttemptReported) => void;
}>;

/** Counts what routing decides, and what its gateways report of what it commanded. */
export function decisionMetrics(metrics: Metrics): DecisionMetrics {
  const decisions = metrics.counter(
    'hutong_routing_decisions_total',
    'Decisions, by whether anything was offered.',
    ['result'],
  );
  const verdicts = metrics.counter(
    'hutong_routing_verdicts_total',
    'Methods judged, by whether they were offered.',
    ['provider', 'verdict'],
  );
  const choices = metrics.counter(
    'hutong_routing_choices_total',
    'Choices of payers, by what was answered.',
    ['provider', 'verdict'],
  );
  const reports = metrics.counter(
    'hutong_routing_reports_total',
    'Reports of attempts that routing commanded.',
    ['provider', 'type'],
  );
  const decided = (decision: Decision): void => {
    decisions.inc({ result: decision.validUntil === undefined ? 'not_offered' : 'offered' });
    for (const verdict of decision.verdicts) {
      const { provider } = verdict.method;
      verdicts.inc({ provider, verdict: isFree(verdict) ? 'offered' : 'left_out' });
    }
  };
  return {
    decided,
    answered: (answer) => {
      choices.inc({ provider: answer.told.method.provider, verdict: answer.kind });
      if (answer.kind === 'refused') decided(answer.next);
    },
    reported: ({ provider, type }) => reports.inc({ provider, type }),
  };
}
