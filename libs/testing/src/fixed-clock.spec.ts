import { expect, it } from '@jest/globals';
import { FixedClock } from './fixed-clock.js';

it('stands still until it is moved, and hands out dates that nobody can move it by', () => {
  const clock = new FixedClock('2026-11-24T08:00:00.000Z');
  clock.now().setFullYear(1999);
  expect(clock.now().toISOString()).toBe('2026-11-24T08:00:00.000Z');

  clock.advance(1_500);
  expect(clock.now().toISOString()).toBe('2026-11-24T08:00:01.500Z');

  clock.set('2027-01-01T00:00:00.000Z');
  expect(clock.now().toISOString()).toBe('2027-01-01T00:00:00.000Z');
});

it('does not start at a time that is none', () => {
  expect(() => new FixedClock('soon')).toThrow(RangeError);
});
