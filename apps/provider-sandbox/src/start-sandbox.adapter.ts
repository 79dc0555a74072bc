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
import { SandboxClock } from './clock/sandbox-clock.adapter.js';
import { WECHAT_ACCOUNTS } from './control/credentials.controller.js';
import { CONTROL_EXPOSED } from './control/loopback-only.adapter.js';
import { Faults } from './faults/faults.js';
import type { SandboxConfig } from './sandbox.config.js';
import { SandboxModule } from './sandbox.module.js';
import { OrderBook } from './wechat/order-book.js';
import { openAccounts } from './wechat/wechat-accounts.adapter.js';
import { wechatApi } from './wechat/wechat-api.adapter.js';
import { WechatCashier } from './wechat/wechat-cashier.adapter.js';
import { WechatNotifier } from './wechat/wechat-notifier.adapter.js';
import { WechatRefunds } from './wechat/wechat-refunds.adapter.js';

export type Surroundings = Readonly<{ clock: Clock; logger: Logger; metrics: Metrics }>;

/** A world that runs, and what stops it, in order. */
export type RunningSandbox = Readonly<{
  management: ManagementServer;
  /** Control API and payer page. */
  port: number;
  wechatPort: number;
  stop: readonly StopStep[];
}>;

/** A new world: fresh keys, empty books. Resolves once every port answers. */
export async function startSandbox(
  config: SandboxConfig,
  { clock: realClock, logger, metrics }: Surroundings,
): Promise<RunningSandbox> {
  const clock = new SandboxClock(realClock);
  const faults = new Faults();
  const accounts = await openAccounts(config.platforms);
  const book = new OrderBook();
  const notifier = new WechatNotifier(clock, faults, logger);
  const cashier = new WechatCashier(accounts, book, notifier, clock);
  const refunds = new WechatRefunds(book, notifier, clock);
  const app = await NestFactory.create<NestExpressApplication>(
    SandboxModule.with([
      { provide: SandboxClock, useValue: clock },
      { provide: Faults, useValue: faults },
      { provide: WECHAT_ACCOUNTS, useValue: accounts },
      { provide: WechatCashier, useValue: cashier },
      { provide: WechatNotifier, useValue: notifier },
      { provide: WechatRefunds, useValue: refunds },
      { provide: CONTROL_EXPOSED, useValue: config.controlExposed },
    ] satisfies Provider[]),
    httpOptions(logger),
  );
  configureHttp(app, { logger, metrics, alsoTakes: isPageForm });
  app.useBodyParser('urlencoded', { extended: false, limit: BODY_LIMIT_BYTES, type: isPageForm });
  await app.listen(config.port, config.host);
  const control: Server = app.getHttpServer();
  const { pagesUrl = `http://127.0.0.1:${portOf(control)}` } = config;
  const wechat = wechatApi({
    accounts,
    book,
    cashier,
    refunds,
    pagesUrl,
    clock,
    faults,
    logger,
  });
  await listen(wechat, config.wechatPort, config.host);
  const management = await ManagementServer.start({
    host: config.host,
    port: config.managementPort,
    metrics,
    live: [],
    ready: [{ name: 'wechat', look: () => wechat.listening }],
  });
  return {
    management,
    port: portOf(control),
    wechatPort: portOf(wechat),
    stop: [
      ['refunds', async () => refunds.stop()],
      ['notifications', () => notifier.stop()],
      ['wechat', () => drainHttp(wechat)],
      ['http', () => drainHttp(control)],
      ['application', () => app.close()],
    ],
  };
}

/** The control API takes JSON alone: a form could be posted to it from any page on the web. */
const isPageForm = ({ url, headers }: IncomingMessage): boolean =>
  url === '/pay' && (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

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
