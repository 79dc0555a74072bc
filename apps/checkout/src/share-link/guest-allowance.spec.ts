import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callerAt, GuestAllowance, plainAddress } from './guest-allowance.js';

const ALLOWED = { perSecond: 2, atOnce: 3, remembered: 4 };

/** How many of so many visits at once may pass. */
function passing(allowance: GuestAllowance, caller: string, nowMs: number, visits = 20): number {
  let passed = 0;
  for (let i = 0; i < visits; i += 1) {
    if (allowance.secondsToWait(caller, nowMs) > 0) continue;
    allowance.take(caller, nowMs);
    passed += 1;
  }
  return passed;
}

describe('what a guest may do', () => {
  it.each([
    [0, 0],
    [499, 0],
    [500, 1],
    [1_000, 2],
    [60_000, 3],
  ])('after it was used up and %i ms: %i more', (pauseMs, more) => {
    const allowance = new GuestAllowance(ALLOWED);
    expect(passing(allowance, 'a', 0)).toBe(3);
    expect(passing(allowance, 'a', pauseMs)).toBe(more);
  });

  it('is told in whole seconds, and looking does not use it up', () => {
    const slow = new GuestAllowance({ perSecond: 0.1, atOnce: 1, remembered: 4 });
    expect(slow.secondsToWait('a', 0)).toBe(0);
    slow.take('a', 0);
    expect([0, 1, 9_999, 10_000].map((at) => slow.secondsToWait('a', at))).toEqual([10, 10, 1, 0]);
  });

  it('is for each by itself, and only the latest are remembered', () => {
    const allowance = new GuestAllowance(ALLOWED);
    for (const caller of ['a', 'b', 'c', 'd']) expect(passing(allowance, caller, 0)).toBe(3);
    allowance.take('a', 0); // seen again: now `b` is the one longest unseen
    allowance.take('e', 0);
    expect(allowance.secondsToWait('a', 0)).toBeGreaterThan(0);
    expect(allowance.secondsToWait('b', 0)).toBe(0);
  });

  it('is never more than was there at once and came since', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(pauses, (gaps) => {
        const allowance = new GuestAllowance(ALLOWED);
        let nowMs = 0;
        let passed = 0;
        for (const gap of gaps) passed += passing(allowance, 'a', (nowMs += gap), 5);
        expect(passed).toBeLessThanOrEqual(ALLOWED.atOnce + (nowMs * ALLOWED.perSecond) / 1_000);
      }),
    );
  });
});

describe('who a caller is counted as', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
  ])('%s is %s', (address, caller) => {
    expect(callerAt(address)).toBe(caller);
  });

  it('is no address in other clothes', () => {
    expect(plainAddress('::FFFF:10.0.0.1')).toBe('10.0.0.1');
    expect(plainAddress('2001:db8::1')).toBe('2001:db8::1');
  });
});
