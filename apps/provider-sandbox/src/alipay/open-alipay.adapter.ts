import type { StopStep } from '@hutong/http';
import type { Logger } from '@hutong/telemetry';
import type { Provider } from '@nestjs/common';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import type { Authority } from '../tls/authority.adapter.js';
import type { ProviderServers } from '../wire/provider-servers.adapter.js';
import { ALIPAY_ACCOUNTS, openAlipayAccounts } from './alipay-accounts.adapter.js';
import { alipayApi } from './alipay-api.adapter.js';
import { AlipayCashier } from './alipay-cashier.adapter.js';
import { AlipayAuthority } from './alipay-certificates.adapter.js';
import { AlipayNotifier } from './alipay-notifier.adapter.js';
import { AlipayRefunds } from './alipay-refunds.adapter.js';
import { AlipaySigners } from './alipay-signers.adapter.js';
import { PayerCodes } from './payer-codes.adapter.js';
import { TradeBook } from './trade-book.js';

/** What clients have to be led away from. */
export const ALIPAY_HOSTS = ['openapi.alipay.com'];

export type AlipaySurroundings = Readonly<{
  clock: SandboxClock;
  faults: Faults;
  authority: Authority;
  logger: Logger;
  platforms: readonly string[];
}>;

/** Alipay with fresh keys and empty books. */
export type Alipay = Readonly<{
  /** @param pagesUrl where payers find the pages, without a slash at the end */
  serversWith(pagesUrl: string): ProviderServers;
  /** What its controllers take. */
  providers: readonly Provider[];
  /** What ends nothing that is under way, in order. */
  stop: readonly StopStep[];
}>;

export async function openAlipay({
  clock,
  faults,
  authority,
  logger,
  platforms,
}: AlipaySurroundings): Promise<Alipay> {
  const now = clock.now();
  const [certifying, tls] = await Promise.all([
    AlipayAuthority.open(now),
    authority.serverFor(ALIPAY_HOSTS, now),
  ]);
  const accounts = await openAlipayAccounts(platforms, certifying);
  const book = new TradeBook();
  const codes = new PayerCodes(clock);
  const signers = new AlipaySigners(certifying, accounts);
  const notifier = new AlipayNotifier(signers, clock, faults, logger);
  const cashier = new AlipayCashier({ accounts, book, notifier, codes, clock });
  const refunds = new AlipayRefunds(book, notifier, clock);
  const parts = { accounts, signers, book, cashier, refunds, clock, faults, logger };
  return {
    serversWith: (pagesUrl) => alipayApi({ ...parts, pagesUrl }, tls),
    providers: [
      { provide: ALIPAY_ACCOUNTS, useValue: accounts },
      { provide: AlipaySigners, useValue: signers },
      { provide: PayerCodes, useValue: codes },
      { provide: AlipayNotifier, useValue: notifier },
      { provide: AlipayCashier, useValue: cashier },
      { provide: AlipayRefunds, useValue: refunds },
    ],
    stop: [
      ['alipay refunds', async () => refunds.stop()],
      ['alipay notifications', () => notifier.stop()],
    ],
  };
}
