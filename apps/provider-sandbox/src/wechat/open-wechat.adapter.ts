import type { PlayedSide, SideSurroundings } from '../wire/played-provider.adapter.js';
import { WECHAT_ACCOUNTS } from '../control/credentials.controller.js';
import { OrderBook } from './order-book.js';
import { PlatformCertificates } from './platform-certificates.adapter.js';
import { openAccounts } from './wechat-accounts.adapter.js';
import { wechatApi } from './wechat-api.adapter.js';
import { WechatCashier } from './wechat-cashier.adapter.js';
import { WechatNotifier } from './wechat-notifier.adapter.js';
import { WechatRefunds } from './wechat-refunds.adapter.js';

/** What clients have to be led away from. */
export const WECHAT_HOSTS = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'];

/** WeChat Pay with fresh keys and empty books. */
export async function openWechat({
  clock,
  faults,
  authority,
  logger,
  platforms,
}: SideSurroundings): Promise<PlayedSide> {
  const now = clock.now();
  const [accounts, certificates, tls] = await Promise.all([
    openAccounts(platforms),
    PlatformCertificates.open(authority, now),
    authority.serverFor(WECHAT_HOSTS, now),
  ]);
  const book = new OrderBook();
  const notifier = new WechatNotifier(clock, faults, certificates, logger);
  const cashier = new WechatCashier(accounts, book, notifier, clock);
  const refunds = new WechatRefunds(book, notifier, clock);
  const parts = { accounts, certificates, book, cashier, refunds, clock, faults, logger };
  return {
    serversWith: (pagesUrl) => wechatApi({ ...parts, pagesUrl }, tls),
    providers: [
      { provide: WECHAT_ACCOUNTS, useValue: accounts },
      { provide: PlatformCertificates, useValue: certificates },
      { provide: WechatCashier, useValue: cashier },
      { provide: WechatNotifier, useValue: notifier },
      { provide: WechatRefunds, useValue: refunds },
    ],
    stop: [
      ['wechat refunds', async () => refunds.stop()],
      ['wechat notifications', () => notifier.stop()],
    ],
  };
}
