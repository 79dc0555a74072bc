import type { Logger } from '@hutong/telemetry';
import type { StopStep } from '@hutong/http';
import type { Provider } from '@nestjs/common';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import type { Authority } from '../tls/authority.adapter.js';
import type { ProviderServers } from '../wire/provider-servers.adapter.js';
import { OrderBook } from './order-book.js';
import { PayerCodes } from './payer-codes.adapter.js';
import { Polls } from './polls.js';
import { SigningCertificates } from './signing-certificates.adapter.js';
import { Traces } from './traces.js';
import { openAccounts, UNIONPAY_ACCOUNTS } from './unionpay-accounts.adapter.js';
import { unionpayApi } from './unionpay-api.adapter.js';
import { UnionpayCashier } from './unionpay-cashier.adapter.js';
import { UnionpayNotifier } from './unionpay-notifier.adapter.js';
import { UnionpayRefunds } from './unionpay-refunds.adapter.js';

/** What clients have to be led away from. */
export const UNIONPAY_HOSTS = ['gateway.95516.com'];

export type UnionpaySurroundings = Readonly<{
  clock: SandboxClock;
  faults: Faults;
  authority: Authority;
  logger: Logger;
  platforms: readonly string[];
}>;

/** UnionPay with fresh keys and empty books. */
export type Unionpay = Readonly<{
  /** @param pagesUrl where payers find the pages, without a slash at the end */
  serversWith(pagesUrl: string): ProviderServers;
  /** What its controllers take. */
  providers: readonly Provider[];
  /** What ends nothing that is under way, in order. */
  stop: readonly StopStep[];
}>;

export async function openUnionpay({
  clock,
  faults,
  authority,
  logger,
  platforms,
}: UnionpaySurroundings): Promise<Unionpay> {
  const now = clock.now();
  const [certificates, tls] = await Promise.all([
    SigningCertificates.open(now),
    authority.serverFor(UNIONPAY_HOSTS, now),
  ]);
  const accounts = await openAccounts(platforms, certificates);
  const book = new OrderBook();
  const codes = new PayerCodes(clock);
  const traces = new Traces();
  const notifier = new UnionpayNotifier(clock, faults, certificates, logger);
  const cashier = new UnionpayCashier(book, codes, traces, notifier, clock);
  const refunds = new UnionpayRefunds(book, traces, notifier, clock);
  const parts = { accounts, certificates, book, codes, cashier, refunds, clock, faults, logger };
  return {
    serversWith: (pagesUrl) => unionpayApi({ ...parts, pagesUrl, polls: new Polls() }, tls),
    providers: [
      { provide: UNIONPAY_ACCOUNTS, useValue: accounts },
      { provide: SigningCertificates, useValue: certificates },
      { provide: PayerCodes, useValue: codes },
      { provide: UnionpayNotifier, useValue: notifier },
      { provide: UnionpayCashier, useValue: cashier },
      { provide: UnionpayRefunds, useValue: refunds },
    ],
    stop: [
      ['unionpay payers', async () => cashier.stop()],
      ['unionpay refunds', async () => refunds.stop()],
      ['unionpay notifications', () => notifier.stop()],
    ],
  };
}
