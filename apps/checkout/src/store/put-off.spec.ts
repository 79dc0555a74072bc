import { expect, it } from '@jest/globals';
import { putOffMs } from './put-off.js';

it.each([
  [1, 10_000],
  [2, 20_000],
  [9, 2_560_000],
  [10, 3_600_000],
  [5_000, 3_600_000],
])('work that failed %i times is put off for %i ms', (failures, ms) => {
  expect(putOffMs(failures)).toBe(ms);
});
