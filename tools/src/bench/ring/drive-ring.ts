import type { BackEnd } from '@hutong/testing';
import { quantile, reported, type BenchReport, type Result } from '../figures.js';
import { benchRing } from '../load/bench-ring.js';
import { Traveller, type Journey } from '../load/journey.js';
import type { Load } from '../load/load.js';
import { coresOf, costsOf, noteFailures } from './costs.js';
import { measuredDrive, type MeasuredDrive } from './measured-drive.js';

export type DriveOptions = Readonly<{
  load: Load;
  cpuProf: string | undefined;
}>;

/** One load for a while: latencies, payments a second, processor time a payment. */
export async function driveRing(
  backEnd: BackEnd,
  { load, cpuProf }: DriveOptions,
  note: (line: string) => void,
): Promise<Pick<BenchReport, 'runs' | 'results'>> {
  await using ring = await benchRing(backEnd, { cpuProf, note });
  await using traveller = new Traveller(ring);
  const driven = await measuredDrive(traveller, load);
  noteFailures(driven, note);
  return { runs: 1, results: [...latenciesOf(driven), ...loadOf(driven), ...costOf(driven)] };
}

const LEGS: Readonly<Record<string, (one: Journey) => number>> = {
  'POST /payments to offer': ({ offerMs }) => offerMs,
  'choose to action': ({ actionMs }) => actionMs,
  'pay to booked': ({ bookMs }) => bookMs,
  'all the way round': ({ wholeMs }) => wholeMs,
};

const latenciesOf = ({ done }: MeasuredDrive): Result[] =>
  Object.entries(LEGS).flatMap(([name, of]) =>
    [0.5, 0.95, 0.99].map((share) =>
      reported(`${name}, p${share * 100}`, quantile(done.map(of), share), 'ms'),
    ),
  );

const loadOf = ({ done, failures, perSecond, mostAtOnce }: MeasuredDrive): Result[] => [
  reported('payments', done.length, 'measured'),
  reported('payments that failed', failures.length, 'of all'),
  reported('payments at once', mostAtOnce, 'at most'),
  reported('throughput', perSecond, 'payments/s'),
];

const costOf = (driven: MeasuredDrive): Result[] => [
  ...costsOf([driven], 'meanwhile'),
  reported('cores in use', coresOf(driven), 'cores'),
  ...[...driven.after].map(([name, { memory }]) =>
    reported(`memory of ${name}`, memory / 2 ** 20, 'MiB'),
  ),
];
