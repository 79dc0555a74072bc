import type { ServiceConfig } from '@hutong/config';
import { RawDatabase, untilMigrated, type MigrationSource } from '@hutong/database';
import { gatewayService, type Provider } from '@hutong/domain-events';
import { ServiceFront, type RunningInstance } from '@hutong/http';
import {
  lostTimes,
  messagingMigrations,
  messagingOf,
  type Surroundings as ServiceSurroundings,
} from '@hutong/messaging';
import type { DynamicModule } from '@nestjs/common';
import { USUAL_PLAN, type AskingPlan } from './asking-plan.js';
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
import { ShownOrders } from './shown-orders.repository.js';
import { Worker, workerTiming, type WorkerTiming } from './worker.js';

/** What the process gives a gateway beside its configuration. */
export type Surroundings = ServiceSurroundings & Readonly<{ timing?: WorkerTiming }>;

export type GatewayParts = Readonly<{
  provider: Provider;
  config: ServiceConfig;
  adapter: GatewayPort;
  /** What this provider can beside it. */
  closing?: ClosingPort;
  refunding?: RefundingPort;
  keys?: ProviderKeys;
  /** When it wants to be asked; as most, where nothing is said. */
  asking?: AskingPlan;
  /** If it can be asked for an order only by more than its number: what is lost then cannot be asked for. */
  asksByMoreThanNumbers?: boolean;
  /** Opens what is sealed to this gateway. */
  sealing?: SealingKeys;
  accounts: Accounts<Account>;
  /** After which the adapter gives a call up. */
  callTimeoutMs: number;
  /** The app's own module, with its notification controller, around the one that it is given. */
  module: (gateway: DynamicModule) => DynamicModule;
  around: Surroundings;
}>;

/** A gateway that serves: its port, if it has one, is where notifications arrive. */
export type RunningGateway = RunningInstance;

/** All tables of a gateway: it has none of its own. In the order in which they run. */
export const migrationsOfGateway: readonly MigrationSource[] = [
  messagingMigrations,
  gatewayMigrations,
];

/** NOTIFY channel on which one process of a gateway says that an order is to be asked for. */
const WORK_CHANNEL = 'hutong_gateway_work';

/** Starts one instance in its role. It is not ready before the migrations are applied, and waits for them. */
export async function startGateway(parts: GatewayParts): Promise<RunningGateway> {
  const { provider, config, adapter, accounts, around } = parts;
  const { clock, logger, metrics } = around;
  const service = gatewayService[provider];
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  opened.defer(() => accounts.stop());
  const db = opened.use(RawDatabase.connect(config.database, { logger }));
  const messaging = messagingOf({ ...around, service, config, pool: db.pool });
  opened.defer(messaging.closeWakeups[1]);
  const { health } = messaging;
  const front = opened.use(await ServiceFront.open({ ...around, config, health, database: db }));
  await untilMigrated(config.database, migrationsOfGateway, { logger });

  const counted = gatewayMetrics(metrics);
  // One worker that looks is enough: our own, or whichever process has one.
  const announceWork = () => messaging.wakeups.announce(WORK_CHANNEL, service);
  const told = {
    onReport: (type: string) => counted.reports.inc({ type }),
    onWork: () => (config.role === 'api' ? announceWork() : worker.wake()),
  };
  const { closing, refunding, keys, sealing, asking: plan = USUAL_PLAN } = parts;
  const known = { ...told, plan, heardInLostTime: await lostTimes(db) };
  const { asksByMoreThanNumbers = false } = parts;
  const can = { closable: closing !== undefined, asksByMoreThanNumbers };
  const attempts = new Attempts(db, messaging.outbox, clock, { ...known, ...can });
  const refundsAround = { ...known, provider, asksByMoreThanNumbers };
  const refunds = new Refunds(db, messaging.outbox, clock, refundsAround);
  const watched = { clock, logger, metrics: counted };
  const asked = { adapter, accounts, attempts, db, ...watched };
  const notifications = new Notifications({ ...asked, refunds, closing, keys });
  const worker = new Worker({
    ...asked,
    closing,
    sealing,
    refunding: refunding && { refunding, refunds, accounts, ...watched },
    timing: around.timing ?? workerTiming(parts.callTimeoutMs),
  });
  const backlog = new Backlog({
    waiting: (account, enough) => attempts.waiting(account, enough),
    clock,
    nowMs: () => performance.now(),
  });
  const shownOrders = new ShownOrders(db, clock);
  const served = { attempts, refunds, backlog, notifications, shownOrders, accounts };
  const gateway = GatewayModule.serving(provider, served);
  // Signatures are over bytes, and nothing of an unverified body is worth parsing.
  const app = await front.serve(parts.module(gateway), { bodies: 'bytes' });
  if (config.role !== 'api') {
    await messaging.wakeups.listen(WORK_CHANNEL, worker.wake);
    worker.start();
    opened.defer(() => worker.stop());
  }
  await messaging.start(app);
  opened.move();
  const [consumers, ...relaying] = messaging.stops;
  return front.running([
    ...(consumers === undefined ? [] : [consumers]),
    // Before the relay: the answers that it waits for are still to be told.
    ['worker', () => worker.stop()],
    ...relaying,
    ...front.stops,
    ['accounts', () => accounts.stop()],
    messaging.closeWakeups,
    ['database', () => db.close()],
  ]);
}
