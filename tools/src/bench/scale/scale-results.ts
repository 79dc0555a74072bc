import { aimed, inside, median, quantile, reported, spreadOf, type Result } from '../figures.js';

export const COUNTS = ['1', '2', '3'] as const;
/** How many instances. */
export type Count = (typeof COUNTS)[number];

/** One stretch at one number of instances, and the change that led to it. */
export type ScaleRun = Readonly<{
  /** Payments of the scaled provider that got round a second. */
  perSecond: number;
  /** The others', all the way round. */
  othersMs: readonly number[];
  /** How many instances more than before. */
  change: number;
  /** The longest time without a payment of the scaled provider's, from the change on. */
  standstillMs: number;
  othersStandstillMs: number;
}>;

/** That a second instance does not quite what the first does is no fault; that it does nothing is. */
const GROWTH: Readonly<Record<Exclude<Count, '1'>, number>> = { '2': 1.5, '3': 2 };

export function scaleResults(measured: ReadonlyMap<Count, readonly ScaleRun[]>): Result[] {
  const at = (count: Count): readonly ScaleRun[] => measured.get(count) ?? [];
  const speed = (count: Count): number => median(at(count).map(({ perSecond }) => perSecond));
  return [
    ...COUNTS.map((count) =>
      reported(`throughput, ${instances(count)}`, speed(count), 'payments/s'),
    ),
    ...(['2', '3'] as const).map((count) =>
      aimed(
        { sign: '≥', limits: [GROWTH[count]] },
        `throughput, ${instances(count)} / one`,
        speed('1') === 0 ? 0 : speed(count) / speed('1'),
        'times',
      ),
    ),
    ...[0.5, 0.99].flatMap((share) => othersAt(at, share)),
    ...standstills(COUNTS.flatMap(at)),
  ];
}

const instances = (count: Count): string => (count === '1' ? 'one instance' : `${count} instances`);

/** What the stretches at one instance differ by among themselves is what the same differs by. */
function othersAt(at: (count: Count) => readonly ScaleRun[], share: number): Result[] {
  const each = (count: Count): number[] =>
    at(count)
      .filter(({ othersMs }) => othersMs.length > 0)
      .map(({ othersMs }) => quantile(othersMs, share));
  const which = `the others all the way round, p${share * 100}`;
  const spread = spreadOf(each('1'));
  return [
    reported(`${which}, one instance`, median(each('1')), 'ms'),
    ...(['2', '3'] as const).map((count) =>
      inside(spread, `${which}, ${instances(count)}`, median(each(count)), 'ms'),
    ),
  ];
}

function standstills(runs: readonly ScaleRun[]): Result[] {
  const kinds = [
    ['no change', (change: number) => change === 0],
    ['an instance more', (change: number) => change > 0],
    ['an instance less', (change: number) => change < 0],
  ] as const;
  return kinds.flatMap(([name, is]) => {
    const such = runs.filter(({ change }) => is(change));
    if (such.length === 0) return [];
    const worst = (of: (run: ScaleRun) => number): number => quantile(such.map(of), 1);
    return [
      reported(`no progress, ${name}, median`, median(such.map((run) => run.standstillMs)), 'ms'),
      reported(
        `no progress, ${name}, worst`,
        worst((run) => run.standstillMs),
        'ms',
      ),
      reported(
        `no progress of the others, ${name}, worst`,
        worst((run) => run.othersStandstillMs),
        'ms',
      ),
    ];
  });
}
