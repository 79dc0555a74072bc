import { readRows, RING_SERVICES, type Columns, type Ring, type RingService } from '@hutong/world';
import type { Target } from './target.examples.js';

const GATEWAY: Columns = {
  attempts: 'attempt_id, status, provider_ref, paid_currency, paid_minor, close_asked',
  refunds: 'refund_id, attempt_id, status, amount_minor, refunded_minor',
  notifications: '*',
  quarantine: '*',
};

/** What of each service's rows nothing refused may change; when something is looked at again may move. */
const KEPT: Readonly<Record<RingService, Columns>> = {
  checkout: {
    payment: '*',
    attempt: '*',
    receipt: '*',
    refund: '*',
    share_link: '*',
    idempotent_request: '*',
    webhook_endpoint: '*',
    webhook_message: 'count(*)',
  },
  routing: {
    payment: '*',
    decision: '*',
    verdict: '*',
    attempt: '*',
    early_close: '*',
    refund: '*',
  },
  'wechat-gateway': GATEWAY,
  'alipay-gateway': GATEWAY,
  'unionpay-gateway': GATEWAY,
  ledger: { ledger_event: '*', outcome_log: '*', account: '*' },
};

/** Where every service stands: in its own rows, and as it is asked by those who use it. */
export async function stateOf({ ring, merchant, operator }: Target, paymentId: string) {
  const rowsOf = (service: RingService) => readRows(ring.databaseOf(service), KEPT[service]);
  const [view, decisions, volumes, surplus, ...rows] = await Promise.all([
    merchant.see(paymentId),
    operator.decisionsOf(paymentId),
    operator.volumes(),
    operator.surplusAccounts(),
    ...RING_SERVICES.map(async (service) => [service, await rowsOf(service)] as const),
  ]);
  return { view, decisions, volumes, surplus, ...Object.fromEntries(rows) };
}

/** The address of the first process of a service. @throws Error if none runs. */
export function firstOf(ring: Ring, service: RingService): URL {
  const [first] = ring.addressesOf(service);
  if (first === undefined) throw new Error(`no ${service} runs`);
  return first;
}
