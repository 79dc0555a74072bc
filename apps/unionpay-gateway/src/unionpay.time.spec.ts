import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beijingDigits, fromBeijing, settlementDay, tracedAt } from './unionpay.time.js';

const iso = (at: Date | undefined) => at?.toISOString();

describe('a time', () => {
  it('is Beijing’s, over a day’s end too, and its seconds are cut', () => {
    expect(beijingDigits(new Date('2026-11-24T16:15:00.999Z'))).toBe('20261125001500');
    expect(iso(fromBeijing('20261125001500'))).toBe('2026-11-24T16:15:00.000Z');
  });

  it.each([undefined, '', '2026112500150', '202611250015000', '20260230100000', '20261124240000'])(
    'is none: %s',
    (digits) => {
      expect(fromBeijing(digits)).toBeUndefined();
    },
  );

  it('is written and read alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (second) => {
        const at = new Date(second * 1_000);
        expect(fromBeijing(beijingDigits(at))).toEqual(at);
      }),
    );
  });
});

describe('a time that was told without its year', () => {
  it.each<[traceTime: string | undefined, txnTime: string, at: string | undefined]>([
    ['1124160200', '20261124160000', '2026-11-24T08:02:00.000Z'],
    // The year ends between the two, either way round.
    ['0101000001', '20261231235959', '2026-12-31T16:00:01.000Z'],
    ['1231235959', '20270101000001', '2026-12-31T15:59:59.000Z'],
    ['1231235959', '20261231235958', '2026-12-31T15:59:59.000Z'],
    ['0101000000', '20270101000000', '2026-12-31T16:00:00.000Z'],
    // Half a year off, either way.
    ['0525160000', '20261124160000', '2027-05-25T08:00:00.000Z'],
    ['0526160000', '20261124160000', '2026-05-26T08:00:00.000Z'],
    // A day that only some years have.
    ['0229120000', '20280229110000', '2028-02-29T04:00:00.000Z'],
    ['0229120000', '20270301110000', '2028-02-29T04:00:00.000Z'],
    ['0229120000', '20260301110000', undefined],
    ['1324160200', '20261124160000', undefined],
    ['', '20261124160000', undefined],
    [undefined, '20261124160000', undefined],
    ['1124160200', '', undefined],
    ['1124160200', '20261324160000', undefined],
  ])('%s of what was asked for at %s is %s', (traceTime, txnTime, at) => {
    expect(iso(tracedAt(traceTime, txnTime))).toBe(at);
  });

  it('is that which it was, within months of the asking', () => {
    const seconds = fc.integer({ min: 1_600_000_000, max: 4_000_000_000 });
    const offset = fc.integer({ min: -100 * 86_400, max: 100 * 86_400 });
    fc.assert(
      fc.property(seconds, offset, (second, off) => {
        const at = new Date((second + off) * 1_000);
        const told = beijingDigits(at).slice(4);
        expect(tracedAt(told, beijingDigits(new Date(second * 1_000)))).toEqual(at);
      }),
    );
  });
});

describe('a settlement day', () => {
  it.each<[one: string, other: string, same: boolean]>([
    ['20261124230000', '20261125225959', true],
    ['20261124225959', '20261124230000', false],
    ['20261125225959', '20261125230000', false],
    ['20261231230000', '20270101000000', true],
    ['20261124100000', '20261125100000', false],
  ])('of %s and %s is the same: %p', (one, other, same) => {
    const day = (digits: string) => settlementDay(fromBeijing(digits) ?? new Date(NaN));
    expect(day(one) === day(other)).toBe(same);
    expect(day(other) - day(one)).toBe(same ? 0 : 1);
  });
});
