import type { TradeType } from './order.js';
import type { ApiCall } from './wechat-faults.js';

/** Which call a request means, with the percent-encoded end of its path where it has one. */
export type Route =
  | Readonly<{ to: 'create'; tradeType: TradeType }>
  | Readonly<{ to: 'refund' | 'certificates' }>
  | Readonly<{
      to: 'query_by_number' | 'query_by_transaction' | 'close' | 'query_refund';
      id: string;
    }>;

const ORDERS = '/v3/pay/transactions';
const REFUNDS = '/v3/refund/domestic/refunds';

const routes: readonly Readonly<{ method: string; path: RegExp; to: Route['to'] }>[] = [
  { method: 'POST', path: new RegExp(`^${ORDERS}/(native|jsapi|app|h5)$`), to: 'create' },
  { method: 'GET', path: new RegExp(`^${ORDERS}/out-trade-no/([^/]+)$`), to: 'query_by_number' },
  { method: 'GET', path: new RegExp(`^${ORDERS}/id/([^/]+)$`), to: 'query_by_transaction' },
  { method: 'POST', path: new RegExp(`^${ORDERS}/out-trade-no/([^/]+)/close$`), to: 'close' },
  { method: 'POST', path: new RegExp(`^${REFUNDS}$`), to: 'refund' },
  { method: 'GET', path: new RegExp(`^${REFUNDS}/([^/]+)$`), to: 'query_refund' },
  { method: 'GET', path: /^\/v3\/certificates$/, to: 'certificates' },
];

const tradeTypes: Readonly<Record<string, TradeType>> = {
  native: 'NATIVE',
  jsapi: 'JSAPI',
  app: 'APP',
  h5: 'MWEB',
};

/** @returns 404 for a path that WeChat does not have, 405 for one that it has for another method. */
export function routeOf(method: string, path: string): Route | 404 | 405 {
  const known = routes.filter((route) => route.path.test(path));
  if (known.length === 0) return 404;
  const route = known.find((candidate) => candidate.method === method);
  if (route === undefined) return 405;
  const [, part = ''] = route.path.exec(path) ?? [];
  const { to } = route;
  if (to === 'create') return { to, tradeType: tradeTypes[part] ?? 'NATIVE' };
  return to === 'refund' || to === 'certificates' ? { to } : { to, id: part };
}

/** The call's name where faults are armed. */
export const faultCallOf: Readonly<Record<Route['to'], ApiCall>> = {
  create: 'create',
  query_by_number: 'query',
  query_by_transaction: 'query',
  close: 'close',
  refund: 'refund',
  query_refund: 'query_refund',
  certificates: 'certificates',
};

/** Calls that WeChat refuses without User-Agent before it asks who is there. */
export const wantsUserAgentFirst = (path: string): boolean =>
  path.startsWith('/v3/refund/') || path === '/v3/certificates';
