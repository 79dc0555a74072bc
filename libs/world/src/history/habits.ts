import type { Method } from '@hutong/domain-events';

/** How people pay on one platform, from which day on, and how often in comparison with other ways. */
export type Habit = Readonly<{
  platform: string;
  method: Method;
  since: string;
  weight: number;
  /** Before this day, no more than this at once. */
  capped?: Readonly<{ before: string; minor: bigint }>;
}>;

const habit = (
  platform: string,
  [provider, instrument, presentation]: readonly [
    Method['provider'],
    Method['instrument'],
    Method['presentation'],
  ],
  since: string,
  weight: number,
): Habit => ({ platform, method: { provider, instrument, presentation }, since, weight });

/** The first day of what is told. */
export const BEGINNING = '2021-01-01';
/** The day on which UnionPay opened on Taobao. */
export const UNIONPAY_LAUNCH = '2021-07-01';

/**
 * Who opened where, and when. The days are those of the shipped policies; the weights are made up, as no
 * platform publishes them. Rows whose app is not the provider's own are UnionPay and Alipay taking each
 * other's.
 */
export const habits: readonly Habit[] = [
  habit('taobao', ['alipay', 'alipay', 'app'], BEGINNING, 60),
  habit('taobao', ['alipay', 'alipay', 'redirect'], BEGINNING, 12),
  habit('taobao', ['unionpay', 'cloud_quickpass', 'app'], UNIONPAY_LAUNCH, 9),
  habit('taobao', ['unionpay', 'bank_app:0102', 'app'], UNIONPAY_LAUNCH, 3),
  habit('taobao', ['unionpay', 'bank_app:0105', 'app'], UNIONPAY_LAUNCH, 3),
  habit('taobao', ['alipay', 'cloud_quickpass', 'qr'], UNIONPAY_LAUNCH, 2),
  habit('taobao', ['unionpay', 'alipay', 'qr'], UNIONPAY_LAUNCH, 1),
  {
    ...habit('taobao', ['wechat', 'wechat_pay', 'qr'], '2023-11-01', 2),
    capped: { before: '2024-09-01', minor: 30_000n },
  },
  habit('taobao', ['wechat', 'wechat_pay', 'app'], '2024-09-01', 20),
  habit('jd', ['wechat', 'wechat_pay', 'app'], BEGINNING, 12),
  habit('jd', ['unionpay', 'cloud_quickpass', 'app'], '2022-01-01', 4),
  habit('pinduoduo', ['wechat', 'wechat_pay', 'app'], BEGINNING, 14),
  habit('pinduoduo', ['alipay', 'alipay', 'app'], BEGINNING, 6),
  habit('pinduoduo', ['unionpay', 'cloud_quickpass', 'app'], '2022-01-01', 2),
  habit('wechat_mini_program', ['wechat', 'wechat_pay', 'mini_program'], BEGINNING, 14),
  habit('wechat_mini_program', ['unionpay', 'cloud_quickpass', 'mini_program'], '2022-01-01', 2),
  habit('corner_shop', ['alipay', 'alipay', 'barcode'], BEGINNING, 5),
  habit('corner_shop', ['unionpay', 'cloud_quickpass', 'barcode'], UNIONPAY_LAUNCH, 3),
  habit('corner_shop', ['alipay', 'cloud_quickpass', 'barcode'], UNIONPAY_LAUNCH, 1),
  habit('corner_shop', ['unionpay', 'alipay', 'barcode'], UNIONPAY_LAUNCH, 1),
];
