import { describe, expect, it } from '@jest/globals';
import { CURRENCIES } from '@hutong/money';
import {
  ANY,
  currencyCode,
  instrumentCode,
  outcomeCode,
  presentationCode,
  providerCode,
  reasonCode,
  wordOf,
} from './codes.js';

describe('the numbers in the books', () => {
  it('never change their meaning', () => {
    expect({
      providerCode,
      instrumentCode,
      presentationCode,
      outcomeCode,
      reasonCode,
      currencyCode,
    }).toMatchInlineSnapshot(`
     {
       "currencyCode": {
         "CNY": 156,
         "HKD": 344,
         "USD": 840,
       },
       "instrumentCode": {
         "alipay": 2,
         "bank_app": 4,
         "cloud_quickpass": 3,
         "wechat_pay": 1,
       },
       "outcomeCode": {
         "payment.attempt_closed": 6,
         "payment.attempt_failed": 5,
         "payment.closed": 7,
         "payment.paid": 1,
         "payment.refund_failed": 8,
         "payment.refunded": 2,
         "payment.surplus_refunded": 4,
         "payment.surplus_taken": 3,
       },
       "presentationCode": {
         "app": 4,
         "barcode": 6,
         "link": 2,
         "mini_program": 5,
         "qr": 1,
         "redirect": 3,
       },
       "providerCode": {
         "alipay": 2,
         "unionpay": 3,
         "wechat": 1,
       },
       "reasonCode": {
         "cancelled": 22,
         "declined": 1,
         "expired": 21,
         "insufficient_funds": 2,
         "limit": 4,
         "merchant_account": 5,
         "misconfigured": 7,
         "not_submitted": 8,
         "other_attempt_won": 23,
         "payer_account": 3,
         "provider_down": 9,
         "rejected": 6,
       },
     }
    `);
  });

  it.each([providerCode, instrumentCode, presentationCode, outcomeCode, reasonCode, currencyCode])(
    'stand for one word each: %j',
    (codes) => {
      const given = Object.values<number>(codes);
      expect(new Set(given).size).toBe(given.length);
      expect(given).not.toContain(ANY);
    },
  );

  it('become their words again, and nothing else does', () => {
    expect(CURRENCIES.map((currency) => wordOf(currencyCode, currencyCode[currency]))).toEqual([
      ...CURRENCIES,
    ]);
    expect(() => wordOf(currencyCode, 0)).toThrow('no word has the code 0');
  });
});
