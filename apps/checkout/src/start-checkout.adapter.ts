import type { Server } from 'node:http';
import type { Clock } from '@hutong/config';
import { untilMigrated } from '@hutong/database';
import {
  AccessTokens,
  configureHttp,
  drainHttp,
  httpOptions,
  ManagementServer,
  RateLimit,
  type StopStep,
} from '@hutong/http';
import { messagingOf, type KafkaSettings, type Messaging } from '@hutong/messaging';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { ApiKeys } from './access/api-keys.repository.js';
import type { CheckoutConfig } from './checkout.config.js';
import { CheckoutModule } from './checkout.module.js';
import { choresOf } from './chores.adapter.js';
import { openApiOf } from './openapi.adapter.js';
import { PayerKeys } from './payer/payer-keys.adapter.js';
import { keepPepper } from './payer/pepper.repository.js';
import { Periodic } from './periodic.adapter.js';
import { RepeatableRequests } from './platform-api/repeatable.adapter.js';
import { BusinessTime } from './request-payment/business-time.adapter.js';
import { PAYMENT_CHANGED, PaymentWaiters } from './see-payment/payment-waiters.adapter.js';
import { SeenPayments } from './see-payment/seen-payments.adapter.js';
import { isPressForm, PRESS_FORM } from './share-link/press-form.adapter.js';
import { sharingOf } from './share-link/sharing.adapter.js';
import { migrations, openDatabase, type CheckoutDatabase } from './store/database.repository.js';
import { countingChanges } from './store/payment-metrics.adapter.js';
import { Payments } from './store/payment.repository.js';
import { fingerprintKeyFrom } from './store/request-fingerprint.signature.js';
import { Steps, type OnChange } from './store/steps.repository.js';
import { StuckSurplus } from './surplus/stuck-surplus.repository.js';
import { EventStreams, type StreamLimits } from './watch-payment/event-streams.adapter.js';
import { webhooksOf, type Webhooks } from './webhooks/webhooks.adapter.js';

/** What the process gives a service beside its configuration. */
export type Surroundings = Readonly<{
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Told once if this service cannot go on: end the process. */
  onFatal: (cause: Error) => void;
  /** Namespace and timing of the broker's clients; specs have their own. */
  kafka?: Omit<KafkaSettings, 'brokers'>;
  /** How often waiting requests look unwoken; specs make it long. */
  lookEveryMs?: number;
  /** How often a worker looks for what is due; specs that look by themselves make it long. */
  sweepEveryMs?: number;
  /** Of event streams; specs have smaller ones. */
  streamLimits?: StreamLimits;
}>;

/** A service that serves, and what stops it, in order. */
export type RunningCheckout = Readonly<{
  management: ManagementServer;
  /** Where HTTP listens; none in the role of a worker. */
  port: number | undefined;
  stop: readonly StopStep[];
}>;

/** Starts one instance in its role. It is not ready before the migrations are applied, and waits for them. */
export async function startCheckout(
  config: CheckoutConfig,
  around: Surroundings,
): Promise<RunningCheckout> {
  const { clock, logger, metrics } = around;
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  const db = opened.use(openDatabase(config.database, logger));
  const messaging = messagingOf({
    service: 'checkout',
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
  await untilMigrated(config.database, migrations, { logger });
  await keepPepper(db, config.pepper);
  const waiters = await PaymentWaiters.listen(messaging.wakeups, metrics, around.lookEveryMs);
  opened.defer(() => waiters.stop());
  const { wakeups } = messaging;
  const webhooks = webhooksOf({ config: config.webhooks, db, clock, logger, metrics, wakeups });
  opened.defer(() => webhooks.stop());
  const streams = new EventStreams(logger, metrics, around.streamLimits);
  opened.defer(() => streams.stop());
  const steps = stepsOf(messaging, webhooks, metrics);
  const app = await NestFactory.create<NestExpressApplication>(
    CheckoutModule.with(
      await providersOf({ config, around, db, steps, waiters, webhooks, streams }),
    ),
    httpOptions(logger),
  );
  opened.defer(() => app.close());
  const http = await serveHttp(app, config, around);
  const chores = choresOf({ db, steps, around, webhooks }).map(
    (chore) => new Periodic(chore, logger),
  );
  for (const chore of chores) opened.defer(() => chore.stop());
  if (config.role !== 'api') {
    chores.forEach((chore) => chore.start());
    await webhooks.start();
  }
  for (const [, stop] of messaging.stops.toReversed()) opened.defer(stop);
  await messaging.start(app);
  serving = true;
  opened.move();
  return {
    management,
    port: http?.port,
    stop: [
      ...chores.map((chore) => ['chore', () => chore.stop()] as const),
      ['webhooks', () => webhooks.stop()],
      ...messaging.stops,
      ['streams', () => streams.stop()],
      ['waiters', () => waiters.stop()],
      ...(http === undefined ? [] : [['http', () => drainHttp(http.server)] as const]),
      ['application', () => app.close()],
      messaging.closeWakeups,
      ['database', () => db.close()],
    ],
  };
}

type Parts = Readonly<{
  config: CheckoutConfig;
  around: Surroundings;
  db: CheckoutDatabase;
  steps: Steps;
  waiters: PaymentWaiters;
  webhooks: Webhooks;
  streams: EventStreams;
}>;

/** Steps that are counted, queue what platforms are told, and wake whoever waits for the payment. */
function stepsOf({ outbox, wakeups }: Messaging, { queue }: Webhooks, metrics: Metrics): Steps {
  const count = countingChanges(metrics);
  const onChange: OnChange = (before, after) => {
    count(before, after);
    wakeups.announce(PAYMENT_CHANGED, after.id);
  };
  return new Steps(outbox, onChange, queue);
}

/** Everything that controllers and consumers take. */
async function providersOf(parts: Parts): Promise<Provider[]> {
  const { config, around, db, steps, waiters, webhooks, streams } = parts;
  const { clock, logger } = around;
  const payments = new Payments({ db, clock, steps });
  const { tokensFile, publicUrl } = config;
  const repeatables = new RepeatableRequests(fingerprintKeyFrom(config.pepper));
  return [
    { provide: Payments, useValue: payments },
    { provide: SeenPayments, useValue: new SeenPayments(payments, waiters) },
    { provide: PayerKeys, useValue: new PayerKeys(config.pepper) },
    { provide: RepeatableRequests, useValue: repeatables },
    { provide: BusinessTime, useValue: new BusinessTime(config.story) },
    { provide: ApiKeys, useValue: new ApiKeys(db, clock) },
    { provide: AccessTokens, useValue: await AccessTokens.open(tokensFile, logger) },
    { provide: StuckSurplus, useValue: new StuckSurplus({ db, clock, steps }) },
    { provide: RateLimit, useValue: new RateLimit(config.requestsPerSecond) },
    { provide: EventStreams, useValue: streams },
    ...webhooks.providers,
    ...(await sharingOf({ db, clock, steps, publicUrl, config: config.sharing })),
  ];
}

/** Listens, in the roles that answer platforms. */
async function serveHttp(
  app: NestExpressApplication,
  config: CheckoutConfig,
  { logger, metrics }: Surroundings,
): Promise<Readonly<{ server: Server; port: number }> | undefined> {
  if (config.role === 'worker') return undefined;
  app.set('trust proxy', [...config.sharing.trustedProxies]);
  configureHttp(app, { logger, metrics, alsoTakes: isPressForm });
  app.useBodyParser('urlencoded', PRESS_FORM);
  const document = openApiOf(app, config.publicUrl);
  app.use('/openapi.json', (_: Request, response: Response) => {
    response.json(document);
  });
  await app.listen(config.port, config.host);
  const server: Server = app.getHttpServer();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return { server, port: address.port };
}
