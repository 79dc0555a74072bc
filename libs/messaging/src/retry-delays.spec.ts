import { expect, it } from '@jest/globals';
import { parkedDelayMs, PRODUCTION_DELAYS } from './retry-delays.js';

it.each<{ attempts: number; delayMs: number }>`
  attempts | delayMs
  ${0}     | ${2_000}
  ${1}     | ${4_000}
  ${2}     | ${8_000}
  ${3}     | ${16_000}
  ${4}     | ${30_000}
  ${5_000} | ${30_000}
`('after $attempts failed turns a key rests $delayMs ms', ({ attempts, delayMs }) => {
  expect(parkedDelayMs(PRODUCTION_DELAYS, attempts)).toBe(delayMs);
});

it('keeps a batch under a second, tries in hand included', () => {
  const waits = PRODUCTION_DELAYS.inHandMs.reduce((sum, delay) => sum + delay, 0);
  expect(waits).toBeLessThan(1_000);
});
