import type { Clock } from '@hutong/config';
import { createLogger, type Logger } from '@hutong/telemetry';
import { UnionpayAdapter } from './unionpay.adapter.js';
import { SigningCertificates } from './unionpay.certificates.signature.js';
import { UnionpayClient } from './unionpay.client.js';
import type { UnionpayAccount } from './unionpay.account.config.js';
import { UnionpayHttp } from './unionpay.http.client.js';

const silent = createLogger({ service: 'unionpay-gateway', level: 'silent' });

type Around = Readonly<{
  baseUrl: URL;
  clock: Clock;
  account: UnionpayAccount;
  timeoutMs?: number;
  logger?: Logger;
}>;

/** Everything that asks UnionPay for one account, as the module wires it. */
export function clientsOf({ baseUrl, clock, account, timeoutMs = 5_000, logger = silent }: Around) {
  const named = (name: string) => (name === account.account ? account : undefined);
  const certificates = new SigningCertificates();
  const http = new UnionpayHttp({ baseUrl, timeoutMs });
  const client = new UnionpayClient(http, certificates, clock, logger);
  const api = {
    publicUrl: new URL('https://pay.example/unionpay/'),
    appMode: '00',
    pageLifeMs: 3_600_000,
  } as const;
  const adapter = new UnionpayAdapter(client, { named }, certificates, api, clock);
  return { client, adapter };
}
