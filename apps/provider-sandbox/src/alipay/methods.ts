import type { Product } from './trade.js';

/** The calls of Alipay that are played, by what they are about. */
const METHODS = {
  'alipay.trade.page.pay': { to: 'page', product: 'page' },
  'alipay.trade.wap.pay': { to: 'page', product: 'wap' },
  'alipay.trade.app.pay': { to: 'client', product: 'app' },
  'alipay.trade.precreate': { to: 'precreate' },
  'alipay.trade.pay': { to: 'pay' },
  'alipay.trade.query': { to: 'query' },
  'alipay.trade.close': { to: 'close' },
  'alipay.trade.cancel': { to: 'cancel' },
  'alipay.trade.refund': { to: 'refund' },
  'alipay.trade.fastpay.refund.query': { to: 'query_refund' },
  'alipay.open.app.alipaycert.download': { to: 'certificate' },
} as const satisfies Record<string, Readonly<{ to: string; product?: Product }>>;

export type Method = keyof typeof METHODS;
export type ApiTo = Exclude<(typeof METHODS)[Method]['to'], 'page' | 'client'>;

export const isMethod = (text: string): text is Method => Object.hasOwn(METHODS, text);
export const routeOf = (method: Method): (typeof METHODS)[Method] => METHODS[method];

/** Of an order that the payer's side brings, and no server: what is opened with it. */
export function productOf(method: Method): 'page' | 'wap' | 'app' | undefined {
  const route = routeOf(method);
  return 'product' in route ? route.product : undefined;
}

/** `alipay_trade_query_response`: where an answer is found in its document. */
export const nodeNameOf = (method: string): string => `${method.replaceAll('.', '_')}_response`;
