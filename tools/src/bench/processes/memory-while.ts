import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../figures.js';
import { usageNow } from './processes.js';

const EVERY_MS = 5_000;

/** Resident bytes of each process, by its name. */
export type MemoryByName = ReadonlyMap<string, number>;

/**
 * What each process holds while `work` goes on: the median of what is seen every five seconds in the
 * later half of that time, the end included: a heap rises and falls as it is collected, so that one look
 * says more of the moment than of the process.
 */
export async function memoryWhile<T>(
  work: () => Promise<T>,
): Promise<Readonly<{ result: T; memory: MemoryByName }>> {
  const seen: MemoryByName[] = [];
  const look = async () => {
    seen.push(new Map([...(await usageNow())].map(([name, { memory }]) => [name, memory])));
  };
  const ended = new AbortController();
  const looking = (async () => {
    while (!ended.signal.aborted) {
      await look();
      await pause(EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  try {
    const result = await work();
    await look();
    return { result, memory: laterMedians(seen) };
  } finally {
    ended.abort();
    await looking;
  }
}

/** By name, of the later half of `seen`: of an odd number the one in the middle belongs to it. */
export function laterMedians(seen: readonly MemoryByName[]): MemoryByName {
  const later = seen.slice(Math.floor(seen.length / 2));
  const names = new Set(later.flatMap((one) => [...one.keys()]));
  return new Map(
    [...names].map((name) => [name, median(later.flatMap((one) => one.get(name) ?? []))]),
  );
}
