import type { Server } from 'node:http';
import type { Clock } from '@hutong/config';
import { untilMigrated, type RawDatabase } from '@hutong/database';
import {
  AccessTokens,
  configureHttp,
  drainHttp,
  httpOptions,
  ManagementServer,
  type StopStep,
} from '@hutong/http';
import {
  connectConsumers,
  KafkaStrategy,
  type Health,
  type KafkaSettings,
} from '@hutong/messaging';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { Adoption } from './adoption/adoption.repository.js';
import { Balances } from './balance/balances.repository.js';
import type { LedgerConfig } from './ledger.config.js';
import { LedgerModule } from './ledger.module.js';
import { openApiOf } from './openapi.adapter.js';
import { countingBookings } from './post-entry/booking-metrics.adapter.js';
import { Books } from './post-entry/books.repository.js';
import { Entries } from './see-entries/entries.repository.js';
import { migrations, openDatabase } from './store/database.repository.js';
import { Watermarks } from './store/watermark.repository.js';
import { Volumes } from './volume/volumes.repository.js';

/** What the process gives a service beside its configuration. */
export type Surroundings = Readonly<{
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Told once if this service cannot go on: end the process. */
  onFatal: (cause: Error) => void;
  /** Namespace and timing of the broker's clients; specs have their own. */
  kafka?: Omit<KafkaSettings, 'brokers'>;
}>;

/** A service that serves, and what stops it, in order. */
export type RunningLedger = Readonly<{
  management: ManagementServer;
  /** Where HTTP listens; none in the role of a worker. */
  port: number | undefined;
  stop: readonly StopStep[];
}>;

/** An instance that only answers has no consumer that could be ill. */
const NO_CONSUMER: Health = { live: true, ready: true };

/** Starts one instance in its role. It is not ready before the migrations are applied, and waits for them. */
export async function startLedger(
  config: LedgerConfig,
  around: Surroundings,
): Promise<RunningLedger> {
  const { logger, metrics } = around;
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  const db = opened.use(openDatabase(config.database, logger));
  const consumer = config.role === 'api' ? undefined : consumerOf(config, around, db);
  const health = () => consumer?.health() ?? NO_CONSUMER;
  let serving = false;
  const management = await ManagementServer.start({
    host: config.host,
    port: config.managementPort,
    metrics,
    live: [{ name: 'consumer', look: () => health().live }],
    ready: [
      { name: 'serving', look: () => serving },
      { name: 'consumer', look: () => health().ready },
      { name: 'database', look: () => db.ping().then(() => true) },
    ],
  });
  opened.defer(() => management.close());
  const tokens = await AccessTokens.open(config.tokensFile, logger);
  await untilMigrated(config.database, migrations, { logger });
  const app = await NestFactory.create<NestExpressApplication>(
    LedgerModule.with(providersOf(config, around, { db, tokens })),
    httpOptions(logger),
  );
  opened.defer(() => app.close());
  const http = await serveHttp(app, config, around);
  if (consumer !== undefined) await connectConsumers(app, consumer);
  serving = true;
  opened.move();
  return {
    management,
    port: http?.port,
    stop: [
      ...(consumer === undefined ? [] : [['consumer', () => consumer.close()] as const]),
      ...(http === undefined ? [] : [['http', () => drainHttp(http.server)] as const]),
      ['application', () => app.close()],
      ['database', () => db.close()],
    ],
  };
}

/** The ledger hears and tells nothing: a consumer without outbox and relay, and the log is its inbox. */
const consumerOf = (
  { kafkaBrokers }: LedgerConfig,
  { kafka, ...around }: Surroundings,
  { pool }: RawDatabase,
): KafkaStrategy =>
  new KafkaStrategy({
    ...around,
    kafka: { ...kafka, brokers: kafkaBrokers },
    service: 'ledger',
    pool,
  });

/** Everything that controllers and the consumer take. */
function providersOf(
  { rates, bookingClock }: LedgerConfig,
  { metrics }: Surroundings,
  { db, tokens }: Readonly<{ db: RawDatabase; tokens: AccessTokens }>,
): Provider[] {
  const books = new Books(db, { rates, clock: bookingClock }, countingBookings(metrics));
  return [
    { provide: Books, useValue: books },
    { provide: Entries, useValue: new Entries(db) },
    { provide: Balances, useValue: new Balances(db) },
    { provide: Volumes, useValue: new Volumes(db) },
    { provide: Adoption, useValue: new Adoption(db) },
    { provide: Watermarks, useValue: new Watermarks(db) },
    { provide: AccessTokens, useValue: tokens },
  ];
}

/** Listens, in the roles that answer. */
async function serveHttp(
  app: NestExpressApplication,
  config: LedgerConfig,
  { logger, metrics }: Surroundings,
): Promise<Readonly<{ server: Server; port: number }> | undefined> {
  if (config.role === 'worker') return undefined;
  configureHttp(app, { logger, metrics });
  const document = openApiOf(app);
  app.use('/openapi.json', (_: Request, response: Response) => {
    response.json(document);
  });
  await app.listen(config.port, config.host);
  const server: Server = app.getHttpServer();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return { server, port: address.port };
}
