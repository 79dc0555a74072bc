import { expect, it } from '@jest/globals';
import { printTables } from './print-tables.js';

const yuanOf = (minor: string) => ({ currency: 'CNY', minor });
const line = { platform: 'taobao', provider: 'unionpay', instrument: 'bank_app' };

it('prints names to the left, numbers to the right, in one order', () => {
  const text = printTables({
    volumes: [
      { ...line, payments: 2, gross: yuanOf('1234567') },
      { ...line, platform: 'jd', payments: 10, gross: yuanOf('5') },
    ],
    adoption: [{ platform: 'taobao', instrument: 'unionpay', payers: 36, merchants: 4 }],
    unionpayOnTaobao: [
      { entity: 'payer', sinceLaunch: 36, atLaunch: 8, now: 10, growth: 1.25 },
      { entity: 'merchant', sinceLaunch: 4, atLaunch: 0, now: 4, growth: null },
    ],
    alipayShare: {
      uniques: 3,
      among: 4,
      share: 0.75,
      elsewhere: { uniques: 0, among: 0, share: null },
    },
  });

  expect(text.split('\n')).toEqual([
    '',
    'Volume, by who took the money, whose app paid, and where:',
    '  platform  provider  instrument  payments      gross',
    '  jd        unionpay  bank_app          10      ¥0.05',
    '  taobao    unionpay  bank_app           2  ¥12345.67',
    '',
    'Different payers and merchants, exactly:',
    '  platform  instrument  payers  merchants',
    '  taobao    unionpay        36          4',
    '',
    'UnionPay on Taobao: 36 payers since its launch; 8 in its first thirty days, 10 in the last thirty (× 1.25).',
    'UnionPay on Taobao: 4 merchants since its launch; 0 in its first thirty days, 4 in the last thirty.',
    "Alipay's share of payers: 75.0 % on Taobao, nobody elsewhere.",
  ]);
});
