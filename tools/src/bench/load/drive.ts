import { setTimeout as pause } from 'node:timers/promises';
import type { Load } from './load.js';

/** What one thing that was done says, or why it could not be done. */
export type Driven<Done> = Readonly<{
  /** Of those that began while it was measured. */
  done: readonly Done[];
  failures: readonly string[];
  /** How many began, before it was measured too. */
  begun: number;
  /** An open loop stopped before its time: more were under way than it may have. */
  gaveUp: boolean;
  /** So many were under way at a time, at most, when one of those began. */
  mostAtOnce: number;
  /** Ended per second while it was measured, whenever they began. */
  perSecond: number;
}>;

/** Told at the edges of what is measured. */
export type Edges = Readonly<{ opens: () => Promise<void>; closes: () => Promise<void> }>;

const nobody = async (): Promise<void> => undefined;
const UNTOLD: Edges = { opens: nobody, closes: nobody };

type Go<Done> = (n: number, due: number) => Promise<Done>;

/** With so many seconds' worth under way it does not keep up: the queue only grows from there. */
const MOST_SECONDS_BEHIND = 6;

/**
 * Drives it for so long, or so many, and waits until what began has ended.
 * @param go gets a number from 0, and the moment when it was due: an open loop that is late itself does not
 *   make what it begins faster.
 */
export async function drive<Done>(
  load: Load,
  go: Go<Done>,
  edges: Edges = UNTOLD,
): Promise<Driven<Done>> {
  const run = new Run(go);
  const opens = async (): Promise<void> => {
    await edges.opens();
    run.measure();
  };
  if (load.warmSeconds === 0) await opens();
  const started = performance.now();
  const end = endOf(load, started);
  const loops =
    'rate' in load
      ? [openLoop(run, load, { started, end })]
      : Array.from({ length: load.concurrency }, () => closedLoop(run, end));
  const all = Promise.all(loops);
  if (load.warmSeconds > 0) {
    await Promise.race([all, pause(load.warmSeconds * 1_000)]);
    await opens();
  }
  const measuredFrom = performance.now();
  await all;
  const perSecond = run.endedInside / ((performance.now() - measuredFrom) / 1_000);
  run.enough();
  await edges.closes();
  await run.rest();
  const { done, failures, begun, gaveUp, mostAtOnce } = run;
  return { done, failures, begun, gaveUp, mostAtOnce, perSecond };
}

/** The moment from which none begins any more, and how many begin at the most. */
type End = Readonly<{ to: number; most: number }>;

const endOf = (load: Load, started: number): End =>
  'payments' in load
    ? { to: Infinity, most: load.payments }
    : { to: started + (load.warmSeconds + load.seconds) * 1_000, most: Infinity };

async function openLoop<Done>(
  run: Run<Done>,
  { rate, mostAtOnce = Math.max(50, rate * MOST_SECONDS_BEHIND) }: Load & { rate: number },
  { started, end }: Readonly<{ started: number; end: End }>,
): Promise<void> {
  for (let n = 0; n < end.most; n += 1) {
    const due = started + (n * 1_000) / rate;
    if (due >= end.to) return;
    if (run.atOnce > mostAtOnce) return run.giveUp();
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    void run.one(due);
  }
}

async function closedLoop<Done>(run: Run<Done>, { to, most }: End): Promise<void> {
  while (performance.now() < to && run.begun < most) await run.one(performance.now());
}

/** What is under way, and what came of what was measured. */
class Run<Done> {
  readonly done: Done[] = [];
  readonly failures: string[] = [];
  readonly underWay = new Set<Promise<void>>();
  mostAtOnce = 0;
  endedInside = 0;
  begun = 0;
  gaveUp = false;
  private measuring = false;

  constructor(private readonly go: Go<Done>) {}

  get atOnce(): number {
    return this.underWay.size;
  }

  measure(): void {
    this.measuring = true;
  }

  enough(): void {
    this.measuring = false;
  }

  giveUp(): void {
    this.gaveUp = true;
  }

  /** Never rejects: a failure is a result. */
  one(due: number): Promise<void> {
    const measured = this.measuring;
    const ended = this.go(this.begun, due).then(
      (done) => {
        if (measured) this.done.push(done);
        if (this.measuring) this.endedInside += 1;
      },
      (cause: unknown) => {
        this.failures.push(cause instanceof Error ? cause.message : String(cause));
      },
    );
    this.begun += 1;
    const kept = ended.finally(() => this.underWay.delete(kept));
    this.underWay.add(kept);
    if (measured) this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    return kept;
  }

  async rest(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
