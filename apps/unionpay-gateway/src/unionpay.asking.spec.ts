import { describe, expect, it } from '@jest/globals';
import type { Gaps } from '@hutong/gateway';
import { QUICKPASS_APP } from '@hutong/testing';
import { ASKING } from './unionpay.asking.js';

const seconds = (gaps: Gaps | undefined) => gaps?.map((ms) => ms / 1_000);

describe('asking', () => {
  it('goes by UnionPay’s own steps about what it does by itself, and then slowly', () => {
    const steps = [1, 2, 4, 8, 16, 32, 300, 600, 1_800, 3_600, 7_200];
    expect(seconds(ASKING.inDoubt)).toEqual(steps);
    expect(seconds(ASKING.ofRefund)).toEqual(steps);
    expect(seconds(ASKING.ofOrder({ ...QUICKPASS_APP, presentation: 'barcode' }))).toEqual(steps);
  });

  it.each(['app', 'mini_program', 'redirect', 'qr'] as const)(
    'is sooner than those while a payer may be at %s',
    (presentation) => {
      const gaps = seconds(ASKING.ofOrder({ ...QUICKPASS_APP, presentation }));
      expect(gaps).toEqual([10, 20, 60, 120, 300, 600, 1_800, 3_600, 7_200]);
    },
  );

  it('goes on thrice behind an end without money, which may still come', () => {
    expect(ASKING.afterEnd?.map((ms) => ms / 60_000)).toEqual([10, 120, 1_440]);
  });
});
