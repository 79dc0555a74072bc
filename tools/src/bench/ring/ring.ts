import type { BackEnd } from '@hutong/testing';
import type { BenchReport } from '../figures.js';
import { benchRing } from '../load/bench-ring.js';
import { Traveller } from '../load/journey.js';
import type { Pace } from '../load/load.js';
import { againstBare } from './against-bare.js';
import { atRest } from './at-rest.js';
import { highestThroughput } from './highest-throughput.js';
import { longRun } from './long-run.js';
import type { RateSearch } from './rate-search.js';

export type RingBench = Readonly<{
  runs: number;
  /** As short as it can be and still run everything: its figures mean nothing. */
  quick: boolean;
  /** Of the long run; see `Sizes` where nothing is said. */
  payments: number | undefined;
  cpuProf: string | undefined;
}>;

type Sizes = Readonly<{
  rest: Readonly<{ settleSeconds: number; seconds: number }>;
  count: number;
  search: RateSearch;
  trial: Readonly<{ warmSeconds: number; seconds: number }>;
  /** Of the long run, where nothing is said. */
  payments: number;
  /** Of the long run at the least. */
  leastRate: number;
}>;

const FULL: Sizes = {
  rest: { settleSeconds: 15, seconds: 30 },
  count: 60,
  search: { from: 20, within: 0.05, upTo: 1_000 },
  trial: { warmSeconds: 4, seconds: 15 },
  payments: 2_000,
  leastRate: 10,
};
const QUICK: Sizes = {
  rest: { settleSeconds: 1, seconds: 2 },
  count: 3,
  search: { from: 2, within: 0.5, upTo: 3 },
  trial: { warmSeconds: 1, seconds: 2 },
  payments: 8,
  leastRate: 4,
};

/** Of the highest rate that holds: what holds for an hour, whatever else the machine does. */
const EASY = 0.6;

export type LongRing = Readonly<{ pace: Pace; payments: number }> &
  Pick<RingBench, 'quick' | 'cpuProf'>;

/** The long run alone, and what every process takes at rest before and after it. */
export async function longRing(
  backEnd: BackEnd,
  { quick, payments, pace, cpuProf }: LongRing,
  note: (line: string) => void,
): Promise<Pick<BenchReport, 'runs' | 'results'>> {
  const { rest } = quick ? QUICK : FULL;
  await using ring = await benchRing(backEnd, { cpuProf, note });
  const fresh = await atRest(rest, 'at rest');
  await using traveller = new Traveller(ring);
  const long = await longRun(traveller, { payments, pace }, note);
  const used = await atRest(rest, 'after the long run');
  return { runs: 1, results: [...long, ...fresh, ...used] };
}

/** All that there is to say of the ring, on one of them. */
export async function ringBench(
  backEnd: BackEnd,
  { runs, quick, cpuProf, ...said }: RingBench,
  note: (line: string) => void,
): Promise<Pick<BenchReport, 'runs' | 'results'>> {
  const { rest, count, search, trial, leastRate, ...usual } = quick ? QUICK : FULL;
  const { payments = usual.payments } = said;
  await using ring = await benchRing(backEnd, { cpuProf, note });
  const fresh = await atRest(rest, 'at rest');
  await using traveller = new Traveller(ring);
  const relative = await againstBare(
    traveller,
    backEnd.brokers,
    { runs, count, warmUp: !quick },
    note,
  );
  const highest = await highestThroughput(traveller, { runs, search, trial }, note);
  const rate = Math.max(leastRate, Math.floor(highest.rate * EASY));
  const long = await longRun(traveller, { payments, pace: { rate } }, note);
  const used = await atRest(rest, 'after the long run');
  return { runs, results: [...relative, ...highest.results, ...long, ...fresh, ...used] };
}
