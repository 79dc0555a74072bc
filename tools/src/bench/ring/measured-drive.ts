import { PROVIDERS } from '@hutong/domain-events';
import { drive, type Driven } from '../load/drive.js';
import type { Journey, Traveller } from '../load/journey.js';
import type { Load } from '../load/load.js';
import { usageNow, type UsageByName } from '../processes/processes.js';

/** Payments that went round, and what every process used meanwhile. */
export type MeasuredDrive = Driven<Journey> &
  Readonly<{
    seconds: number;
    before: UsageByName;
    after: UsageByName;
  }>;

/** Drives payments, the three providers in turns. @param begins told how many began, with each. */
export async function measuredDrive(
  traveller: Traveller,
  load: Load,
  begins: (begun: number) => void = () => undefined,
): Promise<MeasuredDrive> {
  let [before, after]: UsageByName[] = [new Map(), new Map()];
  let [opened, closed] = [0, 0];
  const driven = await drive(
    load,
    (n, due) => {
      begins(n + 1);
      return traveller.travel(PROVIDERS[n % PROVIDERS.length] ?? 'wechat', due);
    },
    {
      opens: async () => {
        before = await usageNow();
        opened = performance.now();
      },
      closes: async () => {
        after = await usageNow();
        closed = performance.now();
      },
    },
  );
  return {
    ...driven,
    seconds: (closed - opened) / 1_000,
    before: before ?? new Map(),
    after: after ?? new Map(),
  };
}

/** Milliseconds of processor time, by the name of the process. */
export function cpuBetween({
  before,
  after,
}: Pick<MeasuredDrive, 'before' | 'after'>): Map<string, number> {
  return new Map(
    [...after].map(([name, { cpuMs }]) => [name, cpuMs - (before.get(name)?.cpuMs ?? 0)]),
  );
}
