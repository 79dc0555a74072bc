import { expect, it } from '@jest/globals';
import { RateLimit } from './rate-limit.js';

/** What becomes of requests at these moments, in milliseconds: the seconds that each has to wait. */
function waits(perSecond: number, ...moments: readonly number[]): number[] {
  let now = 0;
  const limit = new RateLimit(perSecond, () => now);
  return moments.map((moment) => {
    now = moment;
    return limit.secondsToWait('taobao');
  });
}

it.each<[string, number, number[], number[]]>([
  ['as many at once as in a second, and no more', 3, [0, 0, 0, 0], [0, 0, 0, 1]],
  ['one more for each part of a second', 4, [0, 0, 0, 0, 249, 250, 251], [0, 0, 0, 0, 1, 0, 1]],
  ['no more after a long pause', 2, [0, 60_000, 60_000, 60_000], [0, 0, 0, 1]],
  ['an even stream for ever', 2, [0, 500, 1_000, 1_500, 2_000], [0, 0, 0, 0, 0]],
  ['no less for what was refused', 1, [0, 100, 200, 300, 1_000, 1_001], [0, 1, 1, 1, 0, 1]],
])('lets through %s', (_, perSecond, moments, expected) => {
  expect(waits(perSecond, ...moments)).toEqual(expected);
});

it('counts each caller alone', () => {
  const limit = new RateLimit(1, () => 0);
  expect(['a', 'a', 'b', 'b'].map((caller) => limit.secondsToWait(caller))).toEqual([0, 1, 0, 1]);
});

it('runs on a clock of its own where none is given', () => {
  const limit = new RateLimit(1);
  expect([limit.secondsToWait('a'), limit.secondsToWait('a')]).toEqual([0, 1]);
});
