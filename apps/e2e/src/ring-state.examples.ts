import { readRows, type Columns, type Ring, type RingService } from '@hutong/world';
import type { Target } from './target.examples.js';

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
  'wechat-gateway': {
    attempts: 'attempt_id, status, provider_ref, paid_currency, paid_minor, close_asked',
    refunds: 'refund_id, attempt_id, status, amount_minor, refunded_minor',
    notifications: '*',
    quarantine: '*',
  },
  ledger: { ledger_event: '*', outcome_log: '*', account: '*' },
};

/** Where every service stands: in its own rows, and as it is asked by those who use it. */
export async function stateOf({ ring, merchant, operator }: Target, paymentId: string) {
  const rowsOf = (service: RingService) => readRows(ring.databaseOf(service), KEPT[service]);
  const [view, decisions, volumes, surplus, checkout, routing, gateway, ledger] = await Promise.all(
    [
      merchant.see(paymentId),
      operator.decisionsOf(paymentId),
      operator.volumes(),
      operator.surplusAccounts(),
      rowsOf('checkout'),
      rowsOf('routing'),
      rowsOf('wechat-gateway'),
      rowsOf('ledger'),
    ],
  );
  return { view, decisions, volumes, surplus, checkout, routing, gateway, ledger };
}

/** The address of the first process of a service. @throws Error if none runs. */
export function firstOf(ring: Ring, service: RingService): URL {
  const [first] = ring.addressesOf(service);
  if (first === undefined) throw new Error(`no ${service} runs`);
  return first;
}
