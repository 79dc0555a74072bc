import { median, quantile, reported, type Result } from '../figures.js';
import { cpuBetween, type MeasuredDrive } from './measured-drive.js';

/** The largest first. Medians of these runs, a line a process. @param when said behind each. */
export function costsOf(runs: readonly MeasuredDrive[], when: string): Result[] {
  const each = runs.map(costOf);
  const names = new Set(each.flatMap((costs) => [...costs.keys()]));
  const lines = [...names].map(
    (name) => [name, median(each.map((costs) => costs.get(name) ?? 0))] as const,
  );
  return lines
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, ms]) => reported(`CPU of ${name}, ${when}`, ms, 'ms/payment'));
}

/** Milliseconds of processor time of one payment, by the name of the process, and of `all`. */
function costOf(run: MeasuredDrive): ReadonlyMap<string, number> {
  const ended = Math.max(1, run.perSecond * run.seconds);
  const cpu = cpuBetween(run);
  return new Map([...cpu, ['all', totalOf(cpu)] as const].map(([name, ms]) => [name, ms / ended]));
}

/** How many cores were busy with all of it. */
export const coresOf = (run: MeasuredDrive): number =>
  totalOf(cpuBetween(run)) / (run.seconds * 1_000);

const totalOf = (cpu: ReadonlyMap<string, number>): number =>
  [...cpu.values()].reduce((sum, ms) => sum + ms, 0);

/** Milliseconds all the way round; without end where nothing got round. */
export const wholeAt = ({ done }: MeasuredDrive, share: number): number =>
  done.length === 0
    ? Infinity
    : quantile(
        done.map(({ wholeMs }) => wholeMs),
        share,
      );

/** Each kind of failure in a line, and whether the driver gave up. */
export function noteFailures(
  { failures, gaveUp, begun }: Pick<MeasuredDrive, 'failures' | 'gaveUp' | 'begun'>,
  note: (line: string) => void,
): void {
  for (const [failure, all] of Map.groupBy(failures, kindOf)) note(`${all.length} × ${failure}`);
  if (gaveUp) note(`given up after ${begun} had begun: more and more were under way`);
}

/** Without the numbers that make each its own. */
const kindOf = (failure: string): string =>
  failure
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9A-Z]{26}\b/g, '…')
    .slice(0, 200);
