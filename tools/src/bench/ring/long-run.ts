import { atMost, reported, type Result } from '../figures.js';
import type { Traveller } from '../load/journey.js';
import { usageNow } from '../processes/processes.js';
import { isService } from './at-rest.js';
import { costsOf, noteFailures } from './costs.js';
import { measuredDrive } from './measured-drive.js';

/** Node's heap breathes; what leaks does not stop there. */
const GROWTH_LIMIT_PERCENT = 10;

/**
 * Many payments at a rate that holds easily, and whether memory is the same after half and after all of
 * them. It never gives up, so that as many begin as were asked for.
 */
export async function longRun(
  traveller: Traveller,
  { payments, rate }: Readonly<{ payments: number; rate: number }>,
  note: (line: string) => void,
): Promise<readonly Result[]> {
  const seconds = Math.ceil(payments / 2 / rate);
  const half = { rate, warmSeconds: 0, seconds, mostAtOnce: Infinity };
  const first = await measuredDrive(traveller, half);
  noteFailures(first, note);
  const between = await usageNow();
  note(`half of the long run: ${first.done.length} payments, begun at ${rate} a second`);
  const second = await measuredDrive(traveller, half);
  noteFailures(second, note);
  const after = await usageNow();
  const grown = [...after].filter(([name]) => name !== 'driver');
  return [
    reported('rate of the long run', rate, 'payments/s'),
    reported('payments of the long run', first.done.length + second.done.length, 'payments'),
    reported('of them failed', first.failures.length + second.failures.length, 'payments'),
    ...grown.map(([name, { memory }]) => {
      const percent = 100 * (memory / (between.get(name)?.memory ?? memory) - 1);
      const metric = `memory of ${name}, second half of the long run`;
      return isService(name)
        ? atMost(GROWTH_LIMIT_PERCENT, metric, percent, '% more')
        : reported(metric, percent, '% more');
    }),
    ...costsOf([first, second], 'in the long run'),
  ];
}
