import type { Kinds, Manifest } from './manifests.js';
import { environmentOf, workloadsOf } from './workloads.js';

/**
 * How KEDA reaches the broker, and how a service says the same of itself. What is not said is plain
 * text, without a user.
 */
const REACHED_BY = [
  { asked: 'bootstrapServers', variable: 'KAFKA_BROKERS', unsaid: '' },
  { asked: 'sasl', variable: 'KAFKA_SASL', unsaid: 'none' },
  { asked: 'tls', variable: 'KAFKA_TLS', unsaid: 'disable' },
];

/** Where the scaler meets the broker otherwise than the pods it scales: a listener takes one way only. */
export function reachProblems(
  { spec }: Kinds['ScaledObject'],
  manifests: readonly Manifest[],
): readonly string[] {
  const scaled = workloadsOf(manifests).find(({ name }) => name === spec.scaleTargetRef.name);
  const environment = scaled === undefined ? {} : environmentOf(scaled, manifests);
  return spec.triggers.flatMap(({ metadata, authenticationRef }) => {
    const { topic, sasl = 'none' } = metadata;
    return [
      ...REACHED_BY.map(({ asked, variable, unsaid }) => ({
        asked,
        scaler: metadata[asked] ?? unsaid,
        service: environment[variable] ?? unsaid,
      }))
        .filter(({ scaler, service }) => scaler !== service)
        .map(({ asked, ...by }) => `${topic}: ${asked} ${by.scaler}, its pods ${by.service}`),
      ...((sasl === 'none') === (authenticationRef === undefined)
        ? []
        : [`${topic}: sasl ${sasl} and authenticationRef contradict each other`]),
    ];
  });
}
