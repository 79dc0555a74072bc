import type { PlayedSide, SideSurroundings } from '../wire/played-provider.adapter.js';
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

/** Alipay with fresh keys and empty books. */
export async function openAlipay({
  clock,
  faults,
  authority,
  logger,
  platforms,
}: SideSurroundings): Promise<PlayedSide> {
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
