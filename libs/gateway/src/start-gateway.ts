import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, DatabaseConfig, ServiceConfig } from '@hutong/config';
import { pendingMigrations, RawDatabase, type MigrationSource } from '@hutong/database';
import { gatewayService, type Provider } from '@hutong/domain-events';
import {
  BODY_LIMIT_BYTES,
  configureHttp,
  drainHttp,
  httpOptions,
  ManagementServer,
  type StopStep,
} from '@hutong/http';
import { messagingMigrations, messagingOf, type KafkaSettings } from '@hutong/messaging';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Account, Accounts } from './accounts.js';
import { Attempts } from './attempts.repository.js';
import { Backlog } from './backlog.js';
import { gatewayMetrics } from './gateway-metrics.js';
import type { ClosingPort, GatewayPort, ProviderKeys, RefundingPort } from './gateway-port.js';
import { GatewayModule } from './gateway.module.js';
import { gatewayMigrations } from './migrations.js';
import { Notifications } from './notifications.js';
import { Refunds } from './refunds.repository.js';
import type { SealingKeys } from './sealed-fields.js';
import { Worker, workerTiming, type WorkerTiming } from './worker.js';

/** What the process gives a gateway beside its configuration. */
export type Surroundings = Readonly<{
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Told once if the gateway cannot go on: end the process. */
  onFatal: (cause: Error) => void;
  /** Namespace and timing of the broker's clients; specs have their own. */
  kafka?: Omit<KafkaSettings, 'brokers'>;
  timing?: WorkerTiming;
}>;

export type GatewayParts = Readonly<{
  provider: Provider;
  config: ServiceConfig;
  adapter: GatewayPort;
  /** What this provider can beside it. */
  closing?: ClosingPort;
  refunding?: RefundingPort;
  keys?: ProviderKeys;
  /** Opens what is sealed to this gateway. */
  sealing?: SealingKeys;
  accounts: Accounts<Account>;
  /** After which the adapter gives a call up. */
  callTimeoutMs: number;
  /** The app's own module, with its notification controller, around the one that it is given. */
  module: (gateway: DynamicModule) => DynamicModule;
  around: Surroundings;
}>;

/** A gateway that serves, and what stops it, in order. */
export type RunningGateway = Readonly<{
  management: ManagementServer;
  /** Where notifications arrive; none in the role of a worker. */
  port: number | undefined;
  stop: readonly StopStep[];
}>;

/** All tables of a gateway: it has none of its own. In the order in which they run. */
export const migrationsOfGateway: readonly MigrationSource[] = [
  messagingMigrations,
  gatewayMigrations,
];

/** NOTIFY channel on which one process of a gateway says that an order is to be asked for. */
const WORK_CHANNEL = 'hutong_gateway_work';
const LOOK_EVERY_MS = 500;

/** Starts one instance in its role. It is not ready before the migrations are applied, and waits for them. */
export async function startGateway(parts: GatewayParts): Promise<RunningGateway> {
  const { provider, config, adapter, accounts, around } = parts;
  const { clock, logger, metrics } = around;
  const service = gatewayService[provider];
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  opened.defer(() => accounts.stop());
  const db = opened.use(RawDatabase.connect(config.database, { logger }));
  const messaging = messagingOf({
    service,
    role: config.role,
    kafka: { ...around.kafka, brokers: config.kafkaBrokers },
    database: { config: config.database, pool: db.pool },
    clock,
    logger,
    metrics,
    onFatal: around.onFatal,
  });
  opened.defer(messaging.closeWakeups[1]);
  let serving = false;
  const management = await ManagementServer.start({
    host: config.host,
    port: config.managementPort,
    metrics,
    live: [{ name: 'consumer', look: () => messaging.health().live }],
    ready: [
      { name: 'serving', look: () => serving },
      { name: 'consumer', look: () => messaging.health().ready },
      { name: 'database', look: () => db.ping().then(() => true) },
    ],
  });
  opened.defer(() => management.close());
  await untilMigrated(config.database, logger);

  const counted = gatewayMetrics(metrics);
  // One worker that looks is enough: our own, or whichever process has one.
  const announceWork = () => messaging.wakeups.announce(WORK_CHANNEL, service);
  const told = {
    onReport: (type: string) => counted.reports.inc({ type }),
    onWork: () => (config.role === 'api' ? announceWork() : worker.wake()),
  };
  const { closing, refunding, keys, sealing } = parts;
  const closable = closing !== undefined;
  const attempts = new Attempts(db, messaging.outbox, clock, { ...told, closable });
  const refunds = new Refunds(db, messaging.outbox, clock, { ...told, provider });
  const watched = { clock, logger, metrics: counted };
  const asked = { adapter, accounts, attempts, db, ...watched };
  const notifications = new Notifications({ ...asked, refunds, keys });
  const worker = new Worker({
    ...asked,
    closing,
    sealing,
    refunding: refunding && { refunding, refunds, accounts, ...watched },
    timing: around.timing ?? workerTiming(parts.callTimeoutMs),
  });
  const backlog = new Backlog({
    accounts,
    waiting: (enough) => attempts.waiting(enough),
    nowMs: () => performance.now(),
  });
  const served = { attempts, refunds, backlog, notifications, accounts };
  const gateway = GatewayModule.serving(provider, served);
  const app = await NestFactory.create<NestExpressApplication>(
    parts.module(gateway),
    httpOptions(logger),
  );
  opened.defer(() => app.close());
  const http = await serveHttp(app, config, around);
  if (config.role !== 'api') {
    await messaging.wakeups.listen(WORK_CHANNEL, worker.wake);
    worker.start();
    opened.defer(() => worker.stop());
  }
  await messaging.start(app);
  serving = true;
  opened.move();
  const [consumers, ...relaying] = messaging.stops;
  // Leaving first: what is held back then is given back, and not taken for a failure.
  const stopConsumers = async () => {
    const left = consumers?.[1]();
    backlog.stop();
    await left;
  };
  return {
    management,
    port: http?.port,
    stop: [
      ['consumers', stopConsumers],
      // Before the relay: the answers that it waits for are still to be told.
      ['worker', () => worker.stop()],
      ...relaying,
      ...(http === undefined ? [] : [['http', () => drainHttp(http.server)] as const]),
      ['accounts', () => accounts.stop()],
      ['application', () => app.close()],
      messaging.closeWakeups,
      ['database', () => db.close()],
    ],
  };
}

/** Listens, in the roles that providers notify. */
async function serveHttp(
  app: NestExpressApplication,
  { role, host, port }: ServiceConfig,
  { logger, metrics }: Surroundings,
): Promise<Readonly<{ server: Server; port: number }> | undefined> {
  if (role === 'worker') return undefined;
  // Signatures are over bytes, and nothing of an unverified body is worth parsing: no other parser runs.
  app.useBodyParser('raw', { type: () => true, limit: BODY_LIMIT_BYTES, inflate: false });
  configureHttp(app, { logger, metrics });
  await app.listen(port, host);
  const server: Server = app.getHttpServer();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return { server, port: address.port };
}

/** Another process migrates; a gateway that came first waits for it. */
async function untilMigrated(database: DatabaseConfig, logger: Logger): Promise<void> {
  for (let said = false; ; said = true) {
    const pending = await pendingMigrations(database, migrationsOfGateway);
    if (pending.length === 0) return;
    if (!said) logger.warn('waiting for migrations', { count: pending.length });
    await pause(LOOK_EVERY_MS);
  }
}
