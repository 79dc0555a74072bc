import type { PlayedSide, SideSurroundings } from '../wire/played-provider.adapter.js';
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

/** UnionPay with fresh keys and empty books. */
export async function openUnionpay({
  clock,
  faults,
  authority,
  logger,
  platforms,
}: SideSurroundings): Promise<PlayedSide> {
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
