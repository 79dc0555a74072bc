import { buy, type Booked } from './buying.js';
import type { Stage } from './stage.js';

/** Spring of 2021, before anybody else is there: Taobao's app switches to Alipay. */
export const alipayAlone = (stage: Stage): Promise<Booked> =>
  buy(stage, {
    what: 'the shop switches to Alipay',
    platform: 'taobao',
    at: new Date('2021-04-18T12:00:00+08:00'),
    orderReference: 'alipay-alone',
    channel: 'app',
    method: 'alipay/alipay/app',
    wallet: 'alipay',
  });

/** July 2021: UnionPay is offered behind Alipay, by Cloud QuickPass and by the app of a bank. */
export async function unionpayOpens(stage: Stage): Promise<Booked[]> {
  const order = {
    platform: 'taobao',
    at: new Date('2021-07-08T12:00:00+08:00'),
    channel: 'app',
  } as const;
  return [
    await buy(stage, {
      ...order,
      what: 'the shop switches to Cloud QuickPass',
      orderReference: 'by-quickpass',
      method: 'unionpay/cloud_quickpass/app',
      wallet: 'cloud_quickpass',
    }),
    await buy(stage, {
      ...order,
      what: "the shop switches to a bank's app",
      orderReference: 'by-bank-app',
      method: 'unionpay/bank_app:0105/app',
      wallet: 'bank_app:0105',
    }),
  ];
}
