import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { platformId, PROVIDERS } from '@hutong/domain-events';
import { money } from '@hutong/money';
import { feeOn, uncovered, type ContractRate } from './contract-rates.js';
import { parseDay, type Day } from './day.js';
import type { Leaf } from './leaf.js';

const day = (text: string): Day => {
  const parsed = parseDay(text);
  if (parsed === undefined) throw new Error(`not a day: ${text}`);
  return parsed;
};
const always = day('2020-01-01');
const today = day('2024-11-11');
const qr: Leaf = {
  platform: platformId('taobao'),
  provider: 'wechat',
  instrument: 'wechat_pay',
  presentation: 'qr',
};
const rate = (over: Partial<ContractRate>): ContractRate => ({
  provider: 'wechat',
  from: always,
  feeBps: 60,
  ...over,
});
const feeAt = (minor: bigint, rates: readonly ContractRate[], leaf = qr, on = today) =>
  feeOn(money(minor, 'CNY'), leaf, on, rates).minor;

describe('the fee', () => {
  it.each<{ minor: bigint; feeBps: number; fee: bigint }>`
    minor     | feeBps    | fee
    ${12800n} | ${60}     | ${77n}
    ${1n}     | ${60}     | ${0n}
    ${83n}    | ${60}     | ${0n}
    ${84n}    | ${60}     | ${1n}
    ${50n}    | ${100}    | ${1n}
    ${49n}    | ${100}    | ${0n}
    ${150n}   | ${100}    | ${2n}
    ${12800n} | ${0}      | ${0n}
    ${12800n} | ${10_000} | ${12800n}
  `(
    'on $minor fen at $feeBps hundredths of a per cent is $fee: half a fen goes up',
    ({ minor, feeBps, fee }) => {
      expect(feeAt(minor, [rate({ feeBps })])).toBe(fee);
    },
  );

  const rates = [
    rate({ feeBps: 10 }),
    rate({ feeBps: 20, from: day('2024-11-11') }),
    rate({ feeBps: 30, instrument: 'alipay' }),
    rate({ feeBps: 40, platform: platformId('jd') }),
    rate({ feeBps: 50, platform: platformId('jd'), instrument: 'alipay' }),
    rate({ feeBps: 60, provider: 'alipay' }),
  ];
  type Row = Pick<Leaf, 'provider' | 'instrument'> &
    Readonly<{ platform: string; on: string; bps: bigint }>;
  it.each<Row>`
    provider    | instrument      | platform    | on              | bps
    ${'wechat'} | ${'wechat_pay'} | ${'taobao'} | ${'2024-11-10'} | ${10n}
    ${'wechat'} | ${'wechat_pay'} | ${'taobao'} | ${'2024-11-11'} | ${20n}
    ${'wechat'} | ${'alipay'}     | ${'taobao'} | ${'2024-11-11'} | ${30n}
    ${'wechat'} | ${'wechat_pay'} | ${'jd'}     | ${'2024-11-11'} | ${40n}
    ${'wechat'} | ${'alipay'}     | ${'jd'}     | ${'2024-11-11'} | ${50n}
    ${'alipay'} | ${'alipay'}     | ${'jd'}     | ${'2024-11-11'} | ${60n}
  `(
    'of $provider for $instrument on $platform on $on is at $bps',
    ({ provider, instrument, platform, on, bps }) => {
      const leaf = { ...qr, provider, instrument, platform: platformId(platform) };
      expect(feeAt(10_000n, rates, leaf, day(on))).toBe(bps);
    },
  );

  it('is never more than the gross', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 17n });
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 10_000 }), (minor, feeBps) => {
        const fee = feeAt(minor, [rate({ feeBps })]);
        return fee >= 0n && fee <= minor;
      }),
    );
  });

  it('of a provider without a rate is a fault, told at start', () => {
    expect(() => feeAt(1n, [])).toThrow('no contract rate for wechat');
    expect(uncovered([])).toEqual(PROVIDERS);
    expect(uncovered(rates)).toEqual(PROVIDERS.filter((one) => !/^(wechat|alipay)$/.test(one)));
    expect(uncovered([rate({ from: day('2020-01-02') })])).toContain('wechat');
    expect(uncovered([rate({ instrument: 'wechat_pay' })])).toContain('wechat');
  });
});
