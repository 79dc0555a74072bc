import { atMost, reported, type Result } from '../figures.js';
import type { Traveller } from '../load/journey.js';
import type { Pace } from '../load/load.js';
import { memoryWhile } from '../processes/memory-while.js';
import { isService } from './at-rest.js';
import { costsOf, noteFailures } from './costs.js';
import { measuredDrive } from './measured-drive.js';

/** What leaks does not stop there. */
const GROWTH_LIMIT_PERCENT = 10;

/**
 * Many payments, and whether memory is the same in both halves of them. It never gives up, so that as
 * many begin as were asked for, a half at a time.
 */
export async function longRun(
  traveller: Traveller,
  { payments, pace }: Readonly<{ payments: number; pace: Pace }>,
  note: (line: string) => void,
): Promise<readonly Result[]> {
  const half = {
    ...pace,
    payments: Math.ceil(payments / 2),
    warmSeconds: 0,
    mostAtOnce: Infinity,
  };
  const tell = everyMinute((begun) => note(`${begun} payments of ${half.payments} have begun`));
  const halfOfIt = async () => {
    const { result, memory } = await memoryWhile(() => measuredDrive(traveller, half, tell));
    noteFailures(result, note);
    return { ...result, memory };
  };
  const first = await halfOfIt();
  note(
    `half of the long run: ${first.done.length} payments, ${first.perSecond.toFixed(1)} a second`,
  );
  const second = await halfOfIt();
  const ended = first.done.length + second.done.length;
  const grown = [...second.memory].filter(([name]) => name !== 'driver');
  return [
    reported('rate of the long run', ended / (first.seconds + second.seconds), 'payments/s'),
    reported('payments of the long run', ended, 'payments'),
    reported('of them failed', first.failures.length + second.failures.length, 'payments'),
    ...grown.map(([name, memory]) => {
      const percent = 100 * (memory / (first.memory.get(name) ?? NaN) - 1);
      const metric = `memory of ${name}, second half of the long run`;
      return isService(name)
        ? atMost(GROWTH_LIMIT_PERCENT, metric, percent, '% more')
        : reported(metric, percent, '% more');
    }),
    ...costsOf([first, second], 'in the long run'),
  ];
}

const MINUTE_MS = 60_000;

/** Passes on the newest of what it is told, once a minute. */
function everyMinute(tell: (begun: number) => void): (begun: number) => void {
  let toldAt = performance.now();
  return (begun) => {
    if (performance.now() - toldAt < MINUTE_MS) return;
    toldAt = performance.now();
    tell(begun);
  };
}
