import { eventually, type BackEnd } from '@hutong/testing';
import { SandboxControl } from '@hutong/world';
import {
  inside,
  median,
  quantile,
  reported,
  spreadOf,
  type BenchReport,
  type Result,
} from '../figures.js';
import { interleave, type Side } from '../interleave.js';
import { benchRing } from '../load/bench-ring.js';
import { drive } from '../load/drive.js';
import { Traveller, type Journey } from '../load/journey.js';
import type { Load } from '../load/load.js';
import { noteFailures } from '../ring/costs.js';

const OTHERS = ['alipay', 'unionpay'] as const;
const SLOW = 'wechat';
/** Every call that a gateway makes of it while payments are paid. */
const SLOW_CALLS = ['create', 'query', 'close'] as const;
/** Circuits close, and what nobody knew is asked for. */
const RECOVERS_WITHIN_MS = 240_000;

export type IsolationBench = Readonly<{ runs: number; quick: boolean }>;

type Rate = Load & Readonly<{ rate: number }>;
type Sizes = Readonly<{ load: Rate; answersInMs: number; waitSeconds: number }>;
const FULL: Sizes = {
  load: { rate: 8, warmSeconds: 3, seconds: 40 },
  answersInMs: 30_000,
  waitSeconds: 30,
};
/** Still longer than a gateway waits for a provider. */
const QUICK: Sizes = {
  load: { rate: 2, warmSeconds: 0, seconds: 2 },
  answersInMs: 8_000,
  waitSeconds: 5,
};

type Name = 'first' | 'second' | 'slow';
/** The others' journeys; how many of the third's payments began, and how many of them were not paid. */
type Run = Readonly<{ others: readonly Journey[]; begun: number; unpaid: number }>;

/**
 * Two providers' payments while the third answers in half a minute, and while it does not: this twice, to
 * say how much two measurements of the same thing differ.
 */
export async function isolation(
  backEnd: BackEnd,
  { runs, quick }: IsolationBench,
  note: (line: string) => void,
): Promise<Pick<BenchReport, 'runs' | 'results'>> {
  await using ring = await benchRing(backEnd, { note });
  const { load, answersInMs, waitSeconds } = quick ? QUICK : FULL;
  await using traveller = new Traveller(ring, waitSeconds);
  const sandbox = new SandboxControl(ring.sandbox);
  const bothLoads = (): Promise<Run> => measure(traveller, load, note);
  const whileSlow = async (): Promise<Run> => {
    for (const call of SLOW_CALLS) {
      const fault = { call, fault: 'delay', delayMs: answersInMs, times: 1_000_000 };
      await sandbox.at(SLOW).arm(fault);
    }
    try {
      const run = await bothLoads();
      if (run.begun === 0 || run.unpaid < run.begun) {
        throw new Error(
          `${SLOW} was not slow: ${run.unpaid} of its ${run.begun} payers waited in vain`,
        );
      }
      return run;
    } finally {
      await sandbox.disarm();
      await recovered(traveller);
    }
  };
  const sides: Side<Name, Run>[] = [
    { name: 'first', measure: bothLoads },
    { name: 'slow', measure: whileSlow },
    { name: 'second', measure: bothLoads },
  ];
  return { runs, results: resultsOf(await interleave(sides, { runs, warmUp: !quick }, note)) };
}

/** The two, and beside them the third: half as many, whatever becomes of them. */
async function measure(
  traveller: Traveller,
  load: Rate,
  note: (line: string) => void,
): Promise<Run> {
  const third = { ...load, rate: load.rate / 2, mostAtOnce: Infinity };
  const [others, slow] = await Promise.all([
    drive(load, (n, due) => traveller.travel(OTHERS[n % OTHERS.length] ?? 'alipay', due)),
    drive(third, () => traveller.travel(SLOW)),
  ]);
  noteFailures(others, note);
  if (others.failures.length > 0 || others.gaveUp) {
    throw new Error(
      `${others.failures.length} of the others' payments failed: no latency says that`,
    );
  }
  return { others: others.done, begun: slow.begun, unpaid: slow.failures.length };
}

/** Once the third's payments go round again. */
async function recovered(traveller: Traveller): Promise<void> {
  await eventually(() => traveller.travel(SLOW), {
    withinMs: RECOVERS_WITHIN_MS,
    what: `${SLOW} to be paid by again`,
  });
}

function resultsOf(measured: ReadonlyMap<Name, readonly Run[]>): readonly Result[] {
  const each = (name: Name, share: number): number[] =>
    (measured.get(name) ?? []).map(({ others }) =>
      quantile(
        others.map(({ wholeMs }) => wholeMs),
        share,
      ),
    );
  const shares = [0.5, 0.99].flatMap((share) => {
    const [first, second, slow] = [
      each('first', share),
      each('second', share),
      each('slow', share),
    ];
    const which = `all the way round, p${share * 100}`;
    const spread = spreadOf([...first, ...second]);
    return [
      reported(`${which}, undisturbed, first set`, median(first), 'ms'),
      reported(`${which}, undisturbed, second set`, median(second), 'ms'),
      reported(`${which}, A/A`, 100 * (median(second) / median(first) - 1), '% apart'),
      inside(spread, `${which}, ${SLOW} answers late`, median(slow), 'ms'),
    ];
  });
  const slow = measured.get('slow') ?? [];
  const [begun, unpaid] = [slow.map((run) => run.begun), slow.map((run) => run.unpaid)];
  return [
    ...shares,
    reported(`payments of ${SLOW} that were begun`, median(begun), 'a run'),
    reported(`payments of ${SLOW} that got nothing to pay by`, median(unpaid), 'a run'),
  ];
}
