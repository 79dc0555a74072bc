import type { BackEnd } from '@hutong/testing';
import type { BenchReport } from '../figures.js';
import { benchRing } from '../load/bench-ring.js';
import { Traveller } from '../load/journey.js';
import { againstBare } from './against-bare.js';
import { atRest } from './at-rest.js';
import { highestThroughput } from './highest-throughput.js';
import { longRun } from './long-run.js';
import type { RateSearch } from './rate-search.js';

export type RingBench = Readonly<{
  runs: number;
  /** As short as it can be and still run everything: its figures mean nothing. */
  quick: boolean;
  /** Of the long run. */
  payments: number;
  cpuProf: string | undefined;
}>;

type Sizes = Readonly<{
  rest: Readonly<{ settleSeconds: number; seconds: number }>;
  count: number;
  search: RateSearch;
  trial: Readonly<{ warmSeconds: number; seconds: number }>;
  /** Of the long run at the least. */
  leastRate: number;
}>;

const FULL: Sizes = {
  rest: { settleSeconds: 15, seconds: 30 },
  count: 60,
  search: { from: 20, within: 0.05, upTo: 1_000 },
  trial: { warmSeconds: 4, seconds: 15 },
  leastRate: 10,
};
const QUICK: Sizes = {
  rest: { settleSeconds: 1, seconds: 2 },
  count: 3,
  search: { from: 2, within: 0.5, upTo: 3 },
  trial: { warmSeconds: 1, seconds: 2 },
  leastRate: 4,
};

/** Of the highest rate that holds: what holds for an hour, whatever else the machine does. */
const EASY = 0.6;

/** All that there is to say of the ring, on one of them. */
export async function ringBench(
  backEnd: BackEnd,
  { runs, quick, payments, cpuProf }: RingBench,
  note: (line: string) => void,
): Promise<Pick<BenchReport, 'runs' | 'results'>> {
  const { rest, count, search, trial, leastRate } = quick ? QUICK : FULL;
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
  const long = await longRun(traveller, { payments, rate }, note);
  const used = await atRest(rest, 'after the long run');
  return { runs, results: [...relative, ...highest.results, ...long, ...fresh, ...used] };
}
