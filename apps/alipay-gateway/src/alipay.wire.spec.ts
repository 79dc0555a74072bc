import { describe, expect, it } from '@jest/globals';
import { AlipayTrade, parseWire, tradeNoticeOf } from './alipay.wire.js';

const trade = { trade_no: '1', out_trade_no: 'A', trade_status: 'TRADE_SUCCESS' };
const notice = {
  ...trade,
  notify_type: 'trade_status_sync',
  app_id: '1',
  seller_id: '2',
};

describe('a trade', () => {
  it.each<[what: string, said: object, parts: unknown]>([
    [
      'a list',
      { fund_bill_list: [{ fund_channel: 'PCREDIT', amount: '1.00' }] },
      [{ fund_channel: 'PCREDIT' }],
    ],
    ['none', {}, undefined],
    [
      'what can be read of it',
      {
        fund_bill_list: [
          'PCREDIT',
          null,
          [],
          { fund_channel: 7, bank_code: '0105' },
          { fund_channel: 'BANK_APP', bank_code: 'x'.repeat(65) },
          { fund_channel: 'x'.repeat(65) },
        ],
      },
      [{ bank_code: '0105' }, { fund_channel: 'BANK_APP' }, {}],
    ],
    [
      'no more of it than is of use',
      { fund_bill_list: Array(100).fill({ fund_channel: 'COUPON' }) },
      Array(64).fill({ fund_channel: 'COUPON' }),
    ],
    ['text in place of it', { fund_bill_list: '[{"fund_channel":"PCREDIT"}]' }, undefined],
    ['an object in place of it', { fund_bill_list: { fund_channel: 'PCREDIT' } }, undefined],
  ])('is read with what was paid by as %s', (_, said, parts) => {
    const read = parseWire(AlipayTrade, { ...trade, ...said });
    expect(read).toMatchObject(trade);
    expect(read?.fund_bill_list).toEqual(parts);
  });

  it('is read without anything of its payer', () => {
    const payer = { buyer_user_id: '2088000000000009', buyer_logon_id: 'pay***@example.com' };
    expect(parseWire(AlipayTrade, { ...trade, ...payer })).toEqual(trade);
  });
});

describe('a notification', () => {
  it.each<[what: string, text: string | undefined, parts: unknown]>([
    [
      'a list',
      '[{"amount":"1.00","fundChannel":"BANK_APP","bankCode":"0105"}]',
      [{ fundChannel: 'BANK_APP', bankCode: '0105' }],
    ],
    ['none', undefined, undefined],
    [
      'what can be read of it',
      '[1,{"fundChannel":7},{"fundChannel":"PCREDIT"}]',
      [{}, { fundChannel: 'PCREDIT' }],
    ],
    ['no JSON', '[{', undefined],
    ['no list', '{"fundChannel":"PCREDIT"}', undefined],
  ])('is read with what was paid by as %s', (_, text, parts) => {
    const form = { ...notice, ...(text !== undefined && { fund_bill_list: text }) };
    expect(tradeNoticeOf(form)?.fund_bill_list).toEqual(parts);
    expect(tradeNoticeOf(form)).toMatchObject(notice);
  });
});
