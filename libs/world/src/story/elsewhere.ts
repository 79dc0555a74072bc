import { buy, type Booked } from './buying.js';
import type { Stage } from './stage.js';

const AT = new Date('2022-03-08T12:00:00+08:00');

/** 2022: Cloud QuickPass on JD, on Pinduoduo, and in a mini program inside WeChat. */
export function quickpassElsewhere(stage: Stage): Promise<Booked[]> {
  const order = { at: AT, orderReference: 'by-quickpass', wallet: 'cloud_quickpass' } as const;
  const app = { ...order, channel: 'app', method: 'unionpay/cloud_quickpass/app' } as const;
  return Promise.all([
    buy(stage, { ...app, what: 'on JD', platform: 'jd' }),
    buy(stage, { ...app, what: 'on Pinduoduo', platform: 'pinduoduo' }),
    buy(stage, {
      ...order,
      what: 'in a mini program',
      platform: 'wechat_mini_program',
      channel: 'mini_program',
      method: 'unionpay/cloud_quickpass/mini_program',
    }),
  ]);
}

/** Where Alipay is not the house's own: Pinduoduo offers it behind WeChat Pay. */
export const alipayOffTaobao = (stage: Stage): Promise<Booked> =>
  buy(stage, {
    what: 'Alipay off Taobao',
    platform: 'pinduoduo',
    at: AT,
    orderReference: 'by-alipay',
    channel: 'app',
    method: 'alipay/alipay/app',
    wallet: 'alipay',
  });
