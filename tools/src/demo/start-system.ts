import { startBackEnd } from '@hutong/testing';
import { startRing, type Ring, type RingOptions } from '@hutong/world';
import type { Doing, Progress } from './progress.js';
import { Watch } from './watch.js';

export type SystemRun = Readonly<{
  /** The repository. */
  root: string;
  progress: Progress;
  /** Ends it, wherever it is. */
  signal: AbortSignal;
}>;

/** Everything that runs, and who looks after it. Says what it stops when it is disposed. */
export type System = AsyncDisposable &
  Readonly<{
    /** Where broker and database came from. */
    backEnd: string;
    brokers: readonly string[];
    ring: Ring;
    watch: Watch;
    /** Does a step, which fails as soon as a service ends. */
    step: Doing;
  }>;

/** Starts back end, sandbox and services. @throws StepFailed, with nothing left of it */
export async function startSystem(
  { root, progress, signal }: SystemRun,
  how: Pick<RingOptions, 'ports' | 'story'>,
): Promise<System> {
  const { note } = progress;
  await using stack = new AsyncDisposableStack();
  const watch = new Watch(note, signal);
  const { brokers, adminUrl, kind } = stack.use(
    await progress.step('PostgreSQL and Kafka are ready', () => startBackEnd(note)),
  );
  if (kind !== 'running') stack.defer(() => note('stopping PostgreSQL and Kafka'));
  const { ended } = watch;
  const ring = stack.use(
    await progress.step('sandbox and services are ready', () =>
      startRing({ root, brokers, adminUrl, report: note, ended, signal, ...how }),
    ),
  );
  stack.defer(() => {
    watch.over();
    note('stopping services and sandbox, dropping their databases');
  });
  const all = stack.move();
  return {
    backEnd: kind,
    brokers,
    ring,
    watch,
    step: (name, work) => progress.step(name, () => watch.guard(work)),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
