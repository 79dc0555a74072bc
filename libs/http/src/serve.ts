import { systemClock, type Clock, type ServiceConfig } from '@hutong/config';
import { createLogger, Metrics, type Logger } from '@hutong/telemetry';
import { runService, type RunOptions } from './run-service.js';

/** What a process gives the service that runs in it. */
export type AroundService = Readonly<{
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Told once if the service cannot go on: everything stops in order, and the process exits with 1. */
  onFatal: (cause: Error) => void;
}>;

/**
 * Starts a service by the system's clock, with a log and metrics of its name, and hands the process to it,
 * as `runService` does. It answers only once the service cannot go on.
 */
export async function serve<C extends Pick<ServiceConfig, 'logLevel'>>(
  service: string,
  config: C,
  start: (config: C, around: AroundService) => Promise<Pick<RunOptions, 'management' | 'stop'>>,
): Promise<void> {
  const metrics = new Metrics(service);
  const logger = createLogger({ service, level: config.logLevel, metrics });
  const fatal = Promise.withResolvers<Error>();
  const around = { clock: systemClock, logger, metrics, onFatal: fatal.resolve };
  const { management, stop } = await start(config, around);
  const running = runService({ logger, management, stop });
  running.crash(await fatal.promise);
}
