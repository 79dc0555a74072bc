import { LINK, QR } from '@hutong/world';

/** A method that a policy knows, with the reasons against it. */
export type Line = readonly [method: string, ...reasons: readonly string[]];
type Channel = 'app' | 'web';

const ALIPAY: readonly (readonly [method: string, ...channels: Channel[]])[] = [
  ['alipay/alipay/app', 'app'],
  ['alipay/alipay/redirect', 'web'],
  ['alipay/alipay/qr', 'web'],
  ['alipay/alipay/link', 'app', 'web'],
];
const UNIONPAY: typeof ALIPAY = [
  ['unionpay/cloud_quickpass/app', 'app'],
  ['unionpay/bank_app:0102/app', 'app'],
  ['unionpay/bank_app:0105/app', 'app'],
  ['unionpay/cloud_quickpass/redirect', 'web'],
  ['unionpay/cloud_quickpass/qr', 'web'],
  ['alipay/cloud_quickpass/qr', 'web'],
  ['unionpay/alipay/qr', 'web'],
];

const from = (channel: Channel, rules: typeof ALIPAY): Line[] =>
  rules.map(([method, ...channels]) =>
    channels.includes(channel) ? [method] : [method, `not for the channel ${channel}`],
  );

/** All that Taobao's policy said on a day, to a payer from this channel. Alipay is always first. */
export const onTaobao = {
  alone: (channel: Channel) => ({
    policyVersion: '2003-10-alipay',
    methods: from(channel, ALIPAY),
  }),
  withUnionpay: (channel: Channel) => ({
    policyVersion: '2021-07-unionpay',
    methods: from(channel, [...ALIPAY, ...UNIONPAY]),
  }),
  /** To a browser. @param against both of WeChat Pay's methods. */
  inThePilot: (...against: string[]) => ({
    policyVersion: '2023-11-pilot',
    methods: [...from('web', [...ALIPAY, ...UNIONPAY]), [QR, ...against], [LINK, ...against]],
  }),
  /** To an app. */
  inFull: () => ({
    policyVersion: '2024-09-full',
    methods: [
      ...from('app', ALIPAY),
      ['wechat/wechat_pay/app'],
      ['wechat/wechat_pay/mini_program', 'not for the channel app'],
      [QR],
      ['wechat/wechat_pay/redirect', 'not for the channel app'],
      [LINK],
      ...from('app', UNIONPAY),
    ],
  }),
};
