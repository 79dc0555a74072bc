/** Where things are found unless configured otherwise; the demo takes those that are free. */
export const WELL_KNOWN_PORTS = {
  checkout: 3000,
  routing: 3001,
  ledger: 3002,
  'wechat-gateway': 3011,
  'alipay-gateway': 3012,
  'unionpay-gateway': 3013,
  'provider-sandbox': 3100,
  'WeChat Pay at the sandbox': 3101,
  'Alipay at the sandbox': 3102,
  'UnionPay at the sandbox': 3103,
  "the sandbox's proxy": 3110,
} as const;

/** From a service's port to its management port: health and metrics. */
export const MANAGEMENT_OFFSET = 6_000;
