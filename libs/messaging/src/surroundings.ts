import type { Clock } from '@hutong/config';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { KafkaSettings } from './kafka-settings.js';

/** What the process gives a service beside its configuration. */
export type Surroundings = Readonly<{
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Told once if the service cannot go on, as when its consumer crashed for good: end the process. */
  onFatal: (cause: Error) => void;
  /** Namespace and timing of the broker's clients; specs have their own. */
  kafka?: Pick<KafkaSettings, 'namespace' | 'timing'>;
}>;
