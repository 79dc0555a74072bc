import type { IncomingMessage, Server } from 'node:http';
import type { Clock } from '@hutong/config';
import {
  BODY_LIMIT_BYTES,
  configureHttp,
  drainHttp,
  httpOptions,
  ManagementServer,
  type StopStep,
} from '@hutong/http';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ALIPAY_HOSTS, openAlipay } from './alipay/open-alipay.adapter.js';
import { SandboxClock } from './clock/sandbox-clock.adapter.js';
import { WECHAT_ACCOUNTS } from './control/credentials.controller.js';
import { CONTROL_EXPOSED } from './control/loopback-only.adapter.js';
import { Faults } from './faults/faults.js';
import type { SandboxConfig } from './sandbox.config.js';
import { SandboxModule } from './sandbox.module.js';
import { Authority } from './tls/authority.adapter.js';
import { RedirectingProxy } from './tls/redirecting-proxy.adapter.js';
import { openUnionpay, UNIONPAY_HOSTS } from './unionpay/open-unionpay.adapter.js';
import { OrderBook } from './wechat/order-book.js';
import { PlatformCertificates } from './wechat/platform-certificates.adapter.js';
import { openAccounts } from './wechat/wechat-accounts.adapter.js';
import { wechatApi } from './wechat/wechat-api.adapter.js';
import { WechatCashier } from './wechat/wechat-cashier.adapter.js';
import { WechatNotifier } from './wechat/wechat-notifier.adapter.js';
import { WechatRefunds } from './wechat/wechat-refunds.adapter.js';

/** What clients have to be led away from. */
const WECHAT_HOSTS = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'];

export type Surroundings = Readonly<{ clock: Clock; logger: Logger; metrics: Metrics }>;

/** A world that runs, and what stops it, in order. */
export type RunningSandbox = Readonly<{
  management: ManagementServer;
  /** Control API and payer page. */
  port: number;
  wechatPort: number;
  alipayPort: number;
  unionpayPort: number;
  proxyPort: number;
  stop: readonly StopStep[];
}>;

/** A new world: fresh keys, empty books. Resolves once every port answers. */
export async function startSandbox(
  config: SandboxConfig,
  { clock: realClock, logger, metrics }: Surroundings,
): Promise<RunningSandbox> {
  const clock = new SandboxClock(realClock);
  const faults = new Faults();
  const now = clock.now();
  const authority = await Authority.open(now);
  const { platforms } = config;
  const [accounts, certificates, tls, alipay, unionpay] = await Promise.all([
    openAccounts(platforms),
    PlatformCertificates.open(authority, now),
    authority.serverFor(WECHAT_HOSTS, now),
    openAlipay({ clock, faults, authority, logger, platforms }),
    openUnionpay({ clock, faults, authority, logger, platforms }),
  ]);
  const book = new OrderBook();
  const notifier = new WechatNotifier(clock, faults, certificates, logger);
  const cashier = new WechatCashier(accounts, book, notifier, clock);
  const refunds = new WechatRefunds(book, notifier, clock);
  const app = await NestFactory.create<NestExpressApplication>(
    SandboxModule.with([
      { provide: SandboxClock, useValue: clock },
      { provide: Faults, useValue: faults },
      { provide: WECHAT_ACCOUNTS, useValue: accounts },
      { provide: PlatformCertificates, useValue: certificates },
      { provide: Authority, useValue: authority },
      { provide: WechatCashier, useValue: cashier },
      { provide: WechatNotifier, useValue: notifier },
      { provide: WechatRefunds, useValue: refunds },
      ...alipay.providers,
      ...unionpay.providers,
      { provide: CONTROL_EXPOSED, useValue: config.controlExposed },
    ] satisfies Provider[]),
    httpOptions(logger),
  );
  configureHttp(app, { logger, metrics, alsoTakes: isPageForm });
  app.useBodyParser('urlencoded', { extended: false, limit: BODY_LIMIT_BYTES, type: isPageForm });
  await app.listen(config.port, config.host);
  const control: Server = app.getHttpServer();
  const { pagesUrl = `http://127.0.0.1:${portOf(control)}` } = config;
  const alipayServers = alipay.serversWith(pagesUrl);
  const unionpayServers = unionpay.serversWith(pagesUrl);
  const wechat = wechatApi(
    { accounts, certificates, book, cashier, refunds, pagesUrl, clock, faults, logger },
    tls,
  );
  const proxy = new RedirectingProxy(
    new Map([
      ...WECHAT_HOSTS.map((host) => [`${host}:443`, wechat.secure] as const),
      ...ALIPAY_HOSTS.map((host) => [`${host}:443`, alipayServers.secure] as const),
      ...UNIONPAY_HOSTS.map((host) => [`${host}:443`, unionpayServers.secure] as const),
    ]),
  );
  await listen(wechat.plain, config.wechatPort, config.host);
  await listen(alipayServers.plain, config.alipayPort, config.host);
  await listen(unionpayServers.plain, config.unionpayPort, config.host);
  await listen(proxy.server, config.proxyPort, '127.0.0.1');
  const management = await ManagementServer.start({
    host: config.host,
    port: config.managementPort,
    metrics,
    live: [],
    ready: [
      { name: 'wechat', look: () => wechat.plain.listening },
      { name: 'alipay', look: () => alipayServers.plain.listening },
      { name: 'unionpay', look: () => unionpayServers.plain.listening },
    ],
  });
  return {
    management,
    port: portOf(control),
    wechatPort: portOf(wechat.plain),
    alipayPort: portOf(alipayServers.plain),
    unionpayPort: portOf(unionpayServers.plain),
    proxyPort: portOf(proxy.server),
    stop: [
      ['refunds', async () => refunds.stop()],
      ['notifications', () => notifier.stop()],
      ...alipay.stop,
      ...unionpay.stop,
      ['wechat', () => drainHttp(wechat.plain)],
      ['alipay', () => drainHttp(alipayServers.plain)],
      ['unionpay', () => drainHttp(unionpayServers.plain)],
      ['proxy', () => proxy.stop()],
      ['http', () => drainHttp(control)],
      ['application', () => app.close()],
    ],
  };
}

const PAGE_FORMS = ['/pay', '/alipay/pay', '/unionpay/pay'];

/** The control API takes JSON alone: a form could be posted to it from any page on the web. */
const isPageForm = ({ url, headers }: IncomingMessage): boolean =>
  PAGE_FORMS.includes(url ?? '') &&
  (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

/** @throws Error if the port is taken. */
const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return address.port;
}
