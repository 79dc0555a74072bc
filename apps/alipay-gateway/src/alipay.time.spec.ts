import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beijingTime, fromBeijing } from './alipay.time.js';
import { moneyOfYuan, yuanOf } from './alipay.yuan.js';
import { money } from '@hutong/money';

describe('a time', () => {
  it('is Beijing’s, over a day’s end too, and its seconds are cut', () => {
    expect(beijingTime(new Date('2026-11-24T16:15:00.999Z'))).toBe('2026-11-25 00:15:00');
    expect(fromBeijing('2026-11-25 00:15:00')).toEqual(new Date('2026-11-24T16:15:00.000Z'));
    expect(fromBeijing('2026-11-25 00:15:00.123')).toEqual(new Date('2026-11-24T16:15:00.000Z'));
  });

  it.each([
    undefined,
    '',
    '2026-11-24',
    '2026-11-24T16:15:00',
    '2026-11-24 16:15:00+08:00',
    '2026-02-30 10:00:00',
    '2026-11-24 24:00:00',
    ' 2026-11-24 16:15:00',
  ])('is none: %s', (text) => {
    expect(fromBeijing(text)).toBeUndefined();
  });

  it('is written and read alike', () => {
    const seconds = fc.integer({ min: 0, max: 4_102_444_800 });
    fc.assert(
      fc.property(seconds, (second) => {
        const at = new Date(second * 1_000);
        expect(fromBeijing(beijingTime(at))).toEqual(at);
      }),
    );
  });
});

describe('an amount in yuan', () => {
  it.each<[text: string | undefined, fen: bigint | undefined]>([
    ['128.00', 12_800n],
    ['0.01', 1n],
    ['88.8', 8_880n],
    ['100', 10_000n],
    ['0', 0n],
    ['100000000.00', 10_000_000_000n],
    [undefined, undefined],
    ['', undefined],
    ['1.001', undefined],
    ['01.00', undefined],
    ['.5', undefined],
    ['1.', undefined],
    ['-1.00', undefined],
    ['+1.00', undefined],
    ['1e2', undefined],
    ['1,000.00', undefined],
    ['１.00', undefined],
    ['1.00\n', undefined],
    ['1000000000000', undefined],
  ])('%p is %p fen', (text, fen) => {
    expect(moneyOfYuan(text)?.minor).toBe(fen);
  });

  it('is written and read alike, to the fen', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n }), (fen) => {
        const amount = money(fen, 'CNY');
        expect(moneyOfYuan(yuanOf(amount))).toEqual(amount);
      }),
    );
  });
});
