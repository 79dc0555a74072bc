import { expect, it } from '@jest/globals';
import { printScene } from './print-scene.js';

const yuanOf = (minor: string) => ({ currency: 'CNY', minor });
const method = 'wechat/wechat_pay/qr';
const from = { provider: 'alipay', instrument: 'cloud_quickpass', providerRef: 'r-1' };
const reasons = ['a', 'b'];

it('prints a scene with the reasons of what was offered, what became of it, and the books', () => {
  const offer = { offer: 1, policyVersion: '2023-11-pilot' };
  const lines = printScene({
    when: 'November 2023',
    title: 'two payers',
    books: 'everybody 12800 taken, 1 back',
    payments: [
      {
        what: 'one of them',
        payment: {
          paymentId: 'p-1',
          status: 'partly_refunded',
          attempts: [{ attemptId: 'a-1', method, status: 'succeeded' }],
          receipt: { attemptId: 'a-1', ...from, amount: yuanOf('12800') },
          refunds: [{ refundId: 'f-1', status: 'succeeded', amount: yuanOf('1') }],
          surplus: [],
        },
        decisions: {
          decisions: [{ ...offer, methods: [{ method, offered: true, reasons: [] }] }],
        },
      },
      {
        what: 'the other',
        payment: {
          paymentId: 'p-2',
          status: 'closed',
          reason: 'expired',
          attempts: [],
          refunds: [],
          surplus: [],
        },
        decisions: {
          decisions: [
            {
              ...offer,
              methods: [
                { method, offered: false, reasons },
                { method: 'alipay/alipay/qr', offered: true, reasons: [] },
                { method: 'wechat/wechat_pay/link', offered: false, reasons },
              ],
            },
          ],
        },
      },
    ],
  }).split('\n');

  expect(lines).toEqual([
    '',
    'November 2023: two payers',
    '  one of them: partly_refunded',
    '    offer 1 by policy 2023-11-pilot',
    '      offered: wechat/wechat_pay/qr',
    '    attempt wechat/wechat_pay/qr: succeeded',
    '    paid ¥128.00 with cloud_quickpass, taken by alipay',
    '    refund of ¥0.01: succeeded',
    '  the other: closed (expired)',
    '    offer 1 by policy 2023-11-pilot',
    '      offered: alipay/alipay/qr',
    '      not offered (a; b): wechat/wechat_pay/qr, wechat/wechat_pay/link',
    '  books, in fen: everybody 12800 taken, 1 back',
  ]);
});
