import { describe, expect, it } from '@jest/globals';
import { beijingDay, beijingTime } from '../clock/beijing-time.js';
import { transactionIdOf } from './transaction.js';

const NEW_YEAR_IN_BEIJING = new Date('2026-12-31T16:00:00.500Z');

describe('the time in Beijing', () => {
  it('is eight hours ahead, on another day and in another year if need be', () => {
    expect(beijingTime(NEW_YEAR_IN_BEIJING)).toBe('2027-01-01T00:00:00+08:00');
    expect(beijingDay(NEW_YEAR_IN_BEIJING)).toBe('20270101');
  });
});

describe('a transaction id', () => {
  it('is 28 digits with the day in it, another one for each payment', () => {
    expect(transactionIdOf(NEW_YEAR_IN_BEIJING, '00042', 7)).toBe('4200000042202701010000000007');
    expect(transactionIdOf(NEW_YEAR_IN_BEIJING, '00042', 8)).toHaveLength(28);
  });
});
