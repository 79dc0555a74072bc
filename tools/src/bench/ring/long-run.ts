import { atMost, reported, type Result } from '../figures.js';
import type { Traveller } from '../load/journey.js';
import { memoryWhile } from '../processes/memory-while.js';
import { isService } from './at-rest.js';
import { costsOf, noteFailures } from './costs.js';
import { measuredDrive } from './measured-drive.js';

/** What leaks does not stop there. */
const GROWTH_LIMIT_PERCENT = 10;

/**
 * Many payments at a rate that holds easily, and whether memory is the same in both halves of them. It
 * never gives up, so that as many begin as were asked for.
 */
export async function longRun(
  traveller: Traveller,
  { payments, rate }: Readonly<{ payments: number; rate: number }>,
  note: (line: string) => void,
): Promise<readonly Result[]> {
  const seconds = Math.ceil(payments / 2 / rate);
  const half = { rate, warmSeconds: 0, seconds, mostAtOnce: Infinity };
  const halfOfIt = async () => {
    const { result, memory } = await memoryWhile(() => measuredDrive(traveller, half));
    noteFailures(result, note);
    return { ...result, memory };
  };
  const first = await halfOfIt();
  note(`half of the long run: ${first.done.length} payments, begun at ${rate} a second`);
  const second = await halfOfIt();
  const grown = [...second.memory].filter(([name]) => name !== 'driver');
  return [
    reported('rate of the long run', rate, 'payments/s'),
    reported('payments of the long run', first.done.length + second.done.length, 'payments'),
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
