import { PROVIDERS, type GatewayReport, type Provider } from '@hutong/domain-events';
import type { Metrics } from '@hutong/telemetry';
import { HEALTHY, phaseOf, type Circuit, type Phase } from '../health/circuit.js';
import { isFree, type Decision } from '../offer/offer.js';
import type { Usability } from '../offer/usability.js';
import type { Answer } from '../request-attempt/answer-choice.js';
import type { Closing } from '../request-close/close-attempts.js';

/** Told after each commit what was decided or heard; a redelivery is not told again. */
export type DecisionMetrics = Readonly<{
  decided: (decision: Decision) => void;
  answered: (answer: Answer) => void;
  reported: (report: GatewayReport) => void;
  closing: (kind: Closing['kind']) => void;
  refundCommanded: (provider: Provider) => void;
  circuitChanged: (provider: Provider, circuit: Circuit) => void;
  /** An attempt was let through to a provider that is being tried. */
  probed: (provider: Provider) => void;
  /** What this instance found when it last decided. */
  saw: (usability: Usability, now: Date) => void;
}>;

const PHASE: Readonly<Record<Phase, number>> = { closed: 0, half_open: 1, open: 2 };

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
    'Reports of what routing commanded.',
    ['provider', 'type'],
  );
  const closings = metrics.counter(
    'hutong_routing_closings_total',
    'Attempts that were to be closed, by what followed.',
    ['result'],
  );
  const refunds = metrics.counter('hutong_routing_refunds_total', 'Refunds that were commanded.', [
    'provider',
  ]);
  const changes = metrics.counter(
    'hutong_routing_circuit_changes_total',
    'Circuits that opened or closed.',
    ['provider', 'state'],
  );
  const probes = metrics.counter(
    'hutong_routing_probes_total',
    'Attempts let through to a provider that is being tried.',
    ['provider'],
  );
  const circuits = metrics.gauge(
    'hutong_routing_circuit_state',
    'As last seen here: 0 closed, 1 half-open, 2 open.',
    ['provider'],
  );
  const switches = metrics.gauge(
    'hutong_routing_switched_off',
    'Providers and methods that operators have switched off, as last seen here.',
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
    closing: (result) => closings.inc({ result }),
    refundCommanded: (provider) => refunds.inc({ provider }),
    circuitChanged: (provider, { state }) => changes.inc({ provider, state }),
    probed: (provider) => probes.inc({ provider }),
    saw: ({ switchedOff, circuits: seen }, now) => {
      switches.set(switchedOff.size);
      for (const provider of PROVIDERS) {
        circuits.set({ provider }, PHASE[phaseOf(seen.get(provider) ?? HEALTHY, now)]);
      }
    },
  };
}
