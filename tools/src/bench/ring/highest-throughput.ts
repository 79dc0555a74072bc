import { aimed, median, reported, type Aim, type Result } from '../figures.js';
import type { Traveller } from '../load/journey.js';
import { coresOf, costsOf, noteFailures, wholeAt } from './costs.js';
import { measuredDrive, type MeasuredDrive } from './measured-drive.js';
import { confirmedRate, highestRate, type Confirmed, type RateSearch } from './rate-search.js';

const AIM: Aim = { sign: '≥', limits: [60, 120] };
const LIMIT_MS = 500;
/** Of what was begun so much must have ended meanwhile: else the queue grows, however slowly. */
const KEPT_UP = 0.95;

export type Search = Readonly<{
  /** How often what was found has to hold, each time. */
  runs: number;
  search: RateSearch;
  trial: Readonly<{ warmSeconds: number; seconds: number }>;
}>;

/**
 * The most payments a second that go all the way round with a p95 below half a second.
 * @returns the figures, and the rate that was driven for them: 0 where none held.
 */
export async function highestThroughput(
  traveller: Traveller,
  { runs, search, trial }: Search,
  note: (line: string) => void,
): Promise<Readonly<{ rate: number; results: readonly Result[] }>> {
  const tried = new Map<number, MeasuredDrive>();
  const attempt = async (rate: number): Promise<MeasuredDrive> => {
    const driven = await measuredDrive(traveller, { rate, ...trial });
    tried.set(rate, driven);
    note(`${rate} begun a second: ${told(driven)}`);
    noteFailures(driven, note);
    return driven;
  };
  const found = await highestRate(search, async (rate) => holds(await attempt(rate), rate));
  const confirmed = await confirmedRate({ highest: found.highest, runs }, attempt, holds);
  const above = tried.get(found.refused);
  const results = [
    ...figuresOf(confirmed),
    ...(above === undefined || above.done.length === 0 ? [] : limitOf(found.refused, above)),
  ];
  return { rate: confirmed.rate, results };
}

function figuresOf({ rate, runs }: Confirmed<MeasuredDrive>): readonly Result[] {
  if (rate === 0) return [aimed(AIM, 'highest throughput', 0, 'payments/s')];
  const middle = (of: (one: MeasuredDrive) => number): number => median(runs.map(of));
  const [half, most] = [0.5, 0.95].map((share) => middle((one) => wholeAt(one, share)));
  const perSecond = middle((one) => one.perSecond);
  return [
    aimed(AIM, 'highest throughput', perSecond, 'payments/s'),
    reported('all the way round at it, p50', half ?? 0, 'ms'),
    reported('all the way round at it, p95', most ?? 0, 'ms'),
    reported('cores in use at it', middle(coresOf), 'cores'),
    ...costsOf(runs, 'at the highest throughput'),
  ];
}

/** What did not hold: with all cores in use it is the machine that limits. */
const limitOf = (rate: number, above: MeasuredDrive): readonly Result[] => [
  reported('too many', rate, 'payments/s'),
  reported('all the way round at too many, p95', wholeAt(above, 0.95), 'ms'),
  reported('cores in use at too many', coresOf(above), 'cores'),
];

const holds = (driven: MeasuredDrive, rate: number): boolean =>
  driven.failures.length === 0 &&
  !driven.gaveUp &&
  driven.perSecond >= KEPT_UP * rate &&
  wholeAt(driven, 0.95) < LIMIT_MS;

const told = (driven: MeasuredDrive): string =>
  `${driven.perSecond.toFixed(1)} ended a second, p95 ${wholeAt(driven, 0.95).toFixed(0)} ms, ` +
  `${driven.failures.length} failed, ${coresOf(driven).toFixed(2)} cores in use`;
