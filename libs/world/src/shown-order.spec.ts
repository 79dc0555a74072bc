import { expect, it } from '@jest/globals';
import { pointedAt, type Shown } from './shown-order.js';

const prepay = { package: 'prepay_id=wx1' };
const order = { orderString: 'app_id=1&sign=2' };

it.each<[shown: Shown, provider: string, pointer: object]>([
  [
    { content: 'weixin://wxpay/bizpayurl?pr=1' },
    'wechat',
    { codeUrl: 'weixin://wxpay/bizpayurl?pr=1' },
  ],
  [{ url: 'http://127.0.0.1:3100/h5?p=1' }, 'wechat', { h5Url: 'http://127.0.0.1:3100/h5?p=1' }],
  [{ parameters: prepay }, 'wechat', { parameters: prepay }],
  [{ content: 'https://qr.alipay.com/1' }, 'alipay', { qrCode: 'https://qr.alipay.com/1' }],
  [
    { url: 'http://127.0.0.1:3102/gateway.do?method=alipay.trade.page.pay' },
    'alipay',
    { url: 'http://127.0.0.1:3102/gateway.do?method=alipay.trade.page.pay' },
  ],
  [{ parameters: order }, 'alipay', order],
  [{ content: 'https://qr.95516.com/1' }, 'unionpay', { qrCode: 'https://qr.95516.com/1' }],
  [{ url: 'http://127.0.0.1:3100/unionpay/pay?code=12' }, 'unionpay', { tn: '12' }],
  [{ parameters: { tn: '12', mode: '01' } }, 'unionpay', { tn: '12' }],
])('%j is an order of %s', (shown, provider, pointer) => {
  expect(pointedAt(shown)).toEqual({ provider, pointer });
});

it.each<Shown>([
  {},
  { content: 'https://shop.example/' },
  { url: 'http://127.0.0.1:3013/front/1/2' }, // a gateway's own: a browser has to go there first
  { parameters: { appid: 'wx1' } },
])('%j is nobody’s', (shown) => {
  expect(pointedAt(shown)).toBeUndefined();
});
