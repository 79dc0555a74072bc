import { describe, expect, it } from '@jest/globals';
import { gapAfter, isAccepted, LADDER_MS } from './ladder.js';

describe('the ladder', () => {
  it('has fifteen gaps, 24 hours and 4 minutes in all', () => {
    expect(LADDER_MS).toHaveLength(15);
    expect(LADDER_MS.reduce((sum, gap) => sum + gap, 0)).toBe((24 * 60 + 4) * 60_000);
  });

  it.each([
    [1, 15_000],
    [2, 15_000],
    [3, 30_000],
    [4, 180_000],
    [15, 6 * 3_600_000],
    [16, undefined],
  ])('waits after try %i for %s ms', (tries, gap) => {
    expect(gapAfter(tries)).toBe(gap);
  });

  it.each([
    [200, true],
    [204, true],
    [201, false],
    [202, false],
    [302, false],
    [400, false],
    [500, false],
  ])('takes status %i for accepted: %s', (status, accepted) => {
    expect(isAccepted(status)).toBe(accepted);
  });
});
