import { describe, expect, it } from '@jest/globals';
import { gapAfter, isAccepted, LADDER_MS } from './ladder.js';

describe("Alipay's ladder", () => {
  it('is eight tries in 24 hours and 24 minutes', () => {
    const whole = LADDER_MS.reduce((sum, gap) => sum + gap, 0);
    expect(whole).toBe((24 * 60 + 24) * 60_000);
    expect([1, 2, 7, 8].map(gapAfter)).toEqual([240_000, 600_000, 54_000_000, undefined]);
  });

  it.each<[number, string, boolean]>([
    [200, 'success', true],
    [200, 'SUCCESS', false],
    [200, 'success\n', false],
    [200, '"success"', false],
    [200, 'fail', false],
    [200, '', false],
    [201, 'success', false],
    [500, 'success', false],
  ])('takes %d with %j for accepted: %s', (status, body, accepted) => {
    expect(isAccepted(status, body)).toBe(accepted);
  });
});
