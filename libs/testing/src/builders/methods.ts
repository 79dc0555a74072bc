import type { Method } from '@hutong/domain-events';

export const WECHAT_QR: Method = {
  provider: 'wechat',
  instrument: 'wechat_pay',
  presentation: 'qr',
};
export const ALIPAY_REDIRECT: Method = {
  provider: 'alipay',
  instrument: 'alipay',
  presentation: 'redirect',
};
export const QUICKPASS_APP: Method = {
  provider: 'unionpay',
  instrument: 'cloud_quickpass',
  presentation: 'app',
};
