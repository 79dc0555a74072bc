import { describe, expect, it } from '@jest/globals';
import { Traces } from './traces.js';
import {
  beijingDigits,
  readBeijingDigits,
  settleDateOf,
  settlementDay,
  traceTimeOf,
} from './unionpay-time.js';

describe('the time at UnionPay', () => {
  it('is Beijing’s, in another year if need be', () => {
    const newYear = new Date('2026-12-31T16:00:00.500Z');
    expect(beijingDigits(newYear)).toBe('20270101000000');
    expect(traceTimeOf(newYear)).toBe('0101000000');
    expect(readBeijingDigits('20270101000000')?.toISOString()).toBe('2026-12-31T16:00:00.000Z');
  });

  it.each([
    '',
    '2027010100000',
    '20271301000000',
    '20270229000000',
    '20270101240000',
    '20270101006000',
  ])('%j is none', (text) => {
    expect(readBeijingDigits(text)).toBeUndefined();
  });

  it.each([
    ['2026-11-24T14:59:59.999Z', '1124', 0],
    ['2026-11-24T15:00:00.000Z', '1125', 1],
    ['2026-11-25T14:59:59.999Z', '1125', 1],
    ['2026-12-31T15:00:00.000Z', '0101', 38],
  ])('%s is settled on %s, %i days on', (text, settleDate, days) => {
    const at = new Date(text);
    expect(settleDateOf(at)).toBe(settleDate);
    const first = settlementDay(Date.parse('2026-11-24T08:00:00.000Z'));
    expect(settlementDay(at.getTime()) - first).toBe(days);
  });
});

it('numbers what UnionPay does, 21 digits each, no two the same', () => {
  const traces = new Traces();
  const at = new Date('2026-11-24T08:00:00.000Z');
  const [first, second] = [traces.next(at), traces.next(at)];
  expect(first).toEqual({ queryId: '202611241600000000010', traceNo: '000001', at });
  expect(second.queryId).not.toBe(first.queryId);
});
