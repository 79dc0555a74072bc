import type { Logger } from '@hutong/telemetry';

/** One thing to stop, by the name that the log gives it. */
export type StopStep = readonly [name: string, stop: () => Promise<void>];

export type RunOptions = Readonly<{
  logger: Logger;
  /** Turns not ready at once, before anything stops; closed after everything else. */
  management: Readonly<{ draining(): void; close(): Promise<void> }>;
  /** In order: consumers, relay, HTTP, pools. What still works must not lose what it needs. */
  stop: readonly StopStep[];
  /** For each step. One that takes longer is left behind, and the exit code says so. */
  stepTimeoutMs?: number;
}>;

export type RunningService = Readonly<{
  /** For a part that cannot go on: everything stops in order, and the process exits with 1. */
  crash(cause: unknown): void;
}>;

/** How long each step of an orderly stop may take. */
export const STEP_TIMEOUT_MS = 10_000;

/**
 * Takes over the process once a service is up. SIGTERM or SIGINT: readiness off, each step in turn,
 * exit 0, or 1 if a step failed or hung. A second signal exits at once with 128 + its number. A fault
 * that nobody caught leaves the state unknown: it is logged, and the process exits with 1 without
 * finishing anything, as after a kill; what was not committed is done again.
 */
export function runService(options: RunOptions): RunningService {
  const { logger } = options;
  let stopping = false;

  const stopWith = (code: number): void => {
    stopping = true;
    void stopAll(options).then((clean) => {
      logger.info('service stopped', { count: clean ? code : 1 });
      process.exit(clean ? code : 1);
    });
  };
  const onSignal = (signal: NodeJS.Signals, number: number): void => {
    logger.info('signal received', { signal });
    if (stopping) process.exit(128 + number);
    stopWith(0);
  };
  const onFault = (cause: unknown): void => {
    logger.error('service crashed', {}, cause);
    process.exit(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  logger.info('service started');

  return {
    crash: (cause) => {
      logger.error('service cannot go on', {}, cause);
      if (!stopping) stopWith(1);
    },
  };
}

/** @returns whether every step ended well and in time; a bad one does not keep the next from running. */
async function stopAll({ logger, management, stop, stepTimeoutMs }: RunOptions): Promise<boolean> {
  management.draining();
  let clean = true;
  for (const [step, run] of [...stop, ['management', () => management.close()] as const]) {
    const started = performance.now();
    try {
      await within(stepTimeoutMs ?? STEP_TIMEOUT_MS, run());
      logger.info('stopped', { step, durationMs: Math.round(performance.now() - started) });
    } catch (cause) {
      clean = false;
      logger.error('could not stop', { step }, cause);
    }
  }
  return clean;
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('took too long')), timeoutMs);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
