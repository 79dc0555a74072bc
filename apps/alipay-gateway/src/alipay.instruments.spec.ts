import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInstrument } from '@hutong/domain-events';
import { instrumentOf, type FundPart } from './alipay.instruments.js';

describe('whose app paid', () => {
  it.each<[parts: readonly FundPart[], instrument: string | undefined]>([
    [[], undefined],
    [[{ fund_channel: 'ALIPAYACCOUNT' }], 'alipay'],
    [[{ fund_channel: 'PCREDIT' }, { fund_channel: 'COUPON' }], 'alipay'],
    [[{ fund_channel: 'BANKCARD', bank_code: 'ICBC' }], 'alipay'],
    [[{ fund_channel: 'UNIONPAY_QUICKPASS' }], 'cloud_quickpass'],
    [[{ fund_channel: 'COUPON' }, { fund_channel: 'UNIONPAY_QUICKPASS' }], 'cloud_quickpass'],
    [[{ fund_channel: 'BANK_APP', bank_code: '0105' }], 'bank_app:0105'],
    [[{ fund_channel: 'BANK_APP' }], 'cloud_quickpass'],
    [[{ fund_channel: 'BANK_APP', bank_code: '01 05' }], 'cloud_quickpass'],
    [[{ fund_channel: 'constructor' }], 'alipay'],
    [[{}], undefined],
    [[{ fund_channel: '' }], undefined],
    [[{}, { fund_channel: 'PCREDIT' }], 'alipay'],
  ])('of %j is %s', (parts, instrument) => {
    expect(instrumentOf(parts)).toBe(instrument);
  });

  it('is one that we know, or nothing', () => {
    const channels = fc.oneof(fc.string(), fc.constantFrom('BANK_APP', 'UNIONPAY_QUICKPASS'));
    const parts = fc.array(fc.record({ fund_channel: channels, bank_code: fc.string() }));
    fc.assert(
      fc.property(parts, (all) => {
        const instrument = instrumentOf(all);
        expect(instrument === undefined || isInstrument(instrument)).toBe(true);
      }),
    );
  });
});
