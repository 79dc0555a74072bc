import { aimed, median, reported, type Aim, type Result } from '../figures.js';
import type { Traveller } from '../load/journey.js';
import { coresOf, costsOf, noteFailures, wholeAt } from './costs.js';
import { measuredDrive, type MeasuredDrive } from './measured-drive.js';
import { highestRate } from './rate-search.js';

const AIM: Aim = { sign: '≥', limits: [60, 120] };
const LIMIT_MS = 500;
/** Of what was begun so much must have ended meanwhile: else the queue grows, however slowly. */
const KEPT_UP = 0.95;
/** The search may have been lucky: what it found is tried again, and lowered by this until it holds. */
const LOWERED_BY = 0.92;

export type Trial = Readonly<{ warmSeconds: number; seconds: number }>;

/** The most payments a second that go all the way round with a p95 below half a second. */
export async function highestThroughput(
  traveller: Traveller,
  { runs, from, trial }: Readonly<{ runs: number; from: number; trial: Trial }>,
  note: (line: string) => void,
): Promise<readonly Result[]> {
  const tried = new Map<number, MeasuredDrive>();
  const attempt = async (rate: number): Promise<MeasuredDrive> => {
    const driven = await measuredDrive(traveller, { rate, ...trial });
    tried.set(rate, driven);
    note(`${rate} begun a second: ${told(driven)}`);
    noteFailures(driven, note);
    return driven;
  };
  const found = await highestRate({ from, within: 0.05 }, async (rate) =>
    holds(await attempt(rate), rate),
  );
  let rate = found.highest;
  let confirmed: MeasuredDrive[] = [];
  while (rate >= 1) {
    confirmed = [];
    for (let run = 0; run < runs; run += 1) confirmed.push(await attempt(rate));
    if (median(confirmed.map((one) => wholeAt(one, 0.95))) < LIMIT_MS) break;
    rate = Math.floor(rate * LOWERED_BY);
  }
  if (confirmed.length === 0) return [aimed(AIM, 'highest throughput', 0, 'payments/s')];
  const middle = (of: (one: MeasuredDrive) => number): number => median(confirmed.map(of));
  const above = tried.get(found.refused);
  return [
    aimed(
      AIM,
      'highest throughput',
      middle((one) => one.perSecond),
      'payments/s',
    ),
    reported(
      'all the way round at it, p50',
      middle((one) => wholeAt(one, 0.5)),
      'ms',
    ),
    reported(
      'all the way round at it, p95',
      middle((one) => wholeAt(one, 0.95)),
      'ms',
    ),
    reported('cores in use at it', middle(coresOf), 'cores'),
    ...(above === undefined || above.done.length === 0
      ? []
      : [
          reported('too many', found.refused, 'payments/s'),
          reported('all the way round at too many, p95', wholeAt(above, 0.95), 'ms'),
          reported('cores in use at too many', coresOf(above), 'cores'),
        ]),
    ...costsOf(confirmed, 'at the highest throughput'),
  ];
}

const holds = (driven: MeasuredDrive, rate: number): boolean =>
  driven.failures.length === 0 &&
  driven.perSecond >= KEPT_UP * rate &&
  wholeAt(driven, 0.95) < LIMIT_MS;

const told = (driven: MeasuredDrive): string =>
  `${driven.perSecond.toFixed(1)} ended a second, p95 ${wholeAt(driven, 0.95).toFixed(0)} ms, ` +
  `${driven.failures.length} failed, ${coresOf(driven).toFixed(2)} cores in use`;
