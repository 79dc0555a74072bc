import { setTimeout as pause } from 'node:timers/promises';
import { atMost, reported, type Result } from '../figures.js';
import { usageNow } from '../processes/processes.js';

const IDLE_LIMIT_PERCENT = 2;
/** Not what is judged: what stands around the services, and who measures. */
const SURROUNDINGS = ['driver', 'kafka', 'postgres', 'provider-sandbox'];
const MIB = 2 ** 20;

export type RestTimes = Readonly<{ settleSeconds: number; seconds: number }>;

export const isService = (name: string): boolean => !SURROUNDINGS.includes(name);

/** What each process takes and holds while nothing happens. @param when said behind each figure. */
export async function atRest(
  { settleSeconds, seconds }: RestTimes,
  when: string,
): Promise<readonly Result[]> {
  await pause(settleSeconds * 1_000);
  const [before, from] = [await usageNow(), performance.now()];
  await pause(seconds * 1_000);
  const [after, to] = [await usageNow(), performance.now()];
  return [...after]
    .filter(([name]) => name !== 'driver')
    .flatMap(([name, { cpuMs, memory }]) => {
      const percent = (100 * (cpuMs - (before.get(name)?.cpuMs ?? 0))) / (to - from);
      const metric = `idle CPU of ${name}, ${when}`;
      return [
        isService(name)
          ? atMost(IDLE_LIMIT_PERCENT, metric, percent, '% of a core')
          : reported(metric, percent, '% of a core'),
        reported(`memory of ${name}, ${when}`, memory / MIB, 'MiB'),
      ];
    });
}
