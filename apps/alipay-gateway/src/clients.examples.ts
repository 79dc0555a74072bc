import type { Clock } from '@hutong/config';
import { createLogger, type Logger } from '@hutong/telemetry';
import { AlipayAdapter } from './alipay.adapter.js';
import { AlipayClient } from './alipay.client.js';
import type { AlipayAccount } from './alipay.account.config.js';
import type { AlipayApi } from './alipay.config.js';
import { AlipayHttp } from './alipay.http.client.js';

const silent = createLogger({ service: 'alipay-gateway', level: 'silent' });

/** Everything that asks Alipay for one account, as the module wires it. */
export function clientsOf(
  said: Omit<AlipayApi, 'cashier'>,
  clock: Clock,
  account: AlipayAccount,
  logger: Logger = silent,
) {
  const api = { ...said, cashier: said.gateway };
  const named = (name: string) => (name === account.account ? account : undefined);
  const client = new AlipayClient(new AlipayHttp(api), clock, logger);
  return { client, adapter: new AlipayAdapter(client, { named }, api, clock) };
}
