import { describe, expect, it } from '@jest/globals';
import { DELAYS_MS, nextTry, TRIED_FOR_MS } from './retry-plan.js';

const queuedAt = new Date('2026-11-01T00:00:00.000Z');
const after = (ms: number) => new Date(queuedAt.getTime() + ms);

describe('when a webhook is tried again', () => {
  it.each<[tries: number, seconds: number]>([
    [1, 5],
    [2, 30],
    [3, 120],
    [4, 600],
    [5, 1_800],
    [6, 3_600],
    [7, 7_200],
    [8, 14_400],
    [9, 28_800],
    [10, 43_200],
    [11, 43_200],
    [60, 43_200],
  ])('after try %i: in %i s and up to a fifth more', (tries, seconds) => {
    const now = after(1_000);
    const early = nextTry({ tries, queuedAt, now, chance: 0 });
    const late = nextTry({ tries, queuedAt, now, chance: 0.999 });
    expect(early).toEqual(new Date(now.getTime() + seconds * 1_000));
    expect(late?.getTime()).toBeLessThan(now.getTime() + seconds * 1_200);
    expect(late?.getTime()).toBeGreaterThan(now.getTime() + seconds * 1_190);
  });

  it.each<[name: string, nowMs: number, nextMs: number | undefined]>([
    ['well before the end', TRIED_FOR_MS - 2 * 43_200_000, TRIED_FOR_MS - 43_200_000],
    ['in the last half day', TRIED_FOR_MS - 1_000, TRIED_FOR_MS],
    ['a moment before the end', TRIED_FOR_MS - 1, TRIED_FOR_MS],
    ['at the end', TRIED_FOR_MS, undefined],
    ['after a long pause of ours', TRIED_FOR_MS + 1, undefined],
  ])('%s', (_, nowMs, nextMs) => {
    expect(nextTry({ tries: 20, queuedAt, now: after(nowMs), chance: 0 })).toEqual(
      nextMs === undefined ? undefined : after(nextMs),
    );
  });

  it('grows, and tries about seventy times in all', () => {
    expect(DELAYS_MS).toEqual(DELAYS_MS.toSorted((a, b) => a - b));
    let tries = 0;
    let now: Date | undefined = queuedAt;
    while (now !== undefined && tries < 100) {
      tries += 1;
      now = nextTry({ tries, queuedAt, now, chance: 0.5 });
    }
    expect(tries).toBeGreaterThan(55);
    expect(tries).toBeLessThan(75);
  });
});
