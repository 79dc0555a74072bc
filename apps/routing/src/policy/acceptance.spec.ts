import { describe, expect, it } from '@jest/globals';
import { parseMethod } from '@hutong/domain-events';
import { impossible } from './acceptance.js';

const told = (text: string): string | undefined => {
  const parsed = parseMethod(text);
  if (!parsed.ok) throw new Error(text);
  return impossible(parsed.value);
};

describe('a method that a policy names', () => {
  it.each([
    'wechat/wechat_pay/mini_program',
    'alipay/alipay/redirect',
    'alipay/alipay/barcode',
    'alipay/cloud_quickpass/qr',
    'alipay/bank_app:0105/barcode',
    'unionpay/cloud_quickpass/mini_program',
    'unionpay/bank_app:0105/app',
    'unionpay/alipay/barcode',
    'unionpay/cloud_quickpass/link',
  ])('%s can be paid by', (text) => {
    expect(told(text)).toBeUndefined();
  });

  it.each([
    ['wechat/wechat_pay/barcode', /^a way to pay that wechat has: qr, link, /],
    ['wechat/alipay/qr', /^an app that wechat takes, not alipay$/],
    ['wechat/cloud_quickpass/qr', /^an app that wechat takes/],
    ['alipay/wechat_pay/qr', /^an app that alipay takes/],
    ['unionpay/wechat_pay/app', /^an app that unionpay takes/],
    ['alipay/alipay/mini_program', /^a way to pay that alipay has/],
  ])('%s can be paid by nobody', (text, expected) => {
    expect(told(text)).toMatch(expected);
  });
});
