import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, formatDay, parseDay, startOf } from './day.js';

describe('a day in Beijing', () => {
  it.each<{ at: string; day: string; number: number }>`
    at                            | day             | number
    ${'2019-12-31T15:59:59.999Z'} | ${'2019-12-31'} | ${-1}
    ${'2019-12-31T16:00:00.000Z'} | ${'2020-01-01'} | ${0}
    ${'2020-01-01T15:59:59.999Z'} | ${'2020-01-01'} | ${0}
    ${'2020-01-01T16:00:00.000Z'} | ${'2020-01-02'} | ${1}
    ${'2024-02-29T12:00:00.000Z'} | ${'2024-02-29'} | ${1520}
  `('has $at in $day', ({ at, day, number }) => {
    expect(dayOf(new Date(at))).toBe(number);
    expect(formatDay(dayOf(new Date(at)))).toBe(day);
    expect(parseDay(day)).toBe(number);
  });

  it.each(['2024-02-30', '2024-13-01', '2024-9-1', '20240901', '2024-09-01T00:00:00Z', ''])(
    'is not %s',
    (text) => {
      expect(parseDay(text)).toBeUndefined();
    },
  );

  it('begins with its first moment and ends before the next one', () => {
    const moments = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (at) => {
        const day = dayOf(at);
        return (
          startOf(day) <= at &&
          dayOf(startOf(day)) === day &&
          at.getTime() - startOf(day).getTime() < 86_400_000
        );
      }),
    );
  });
});
