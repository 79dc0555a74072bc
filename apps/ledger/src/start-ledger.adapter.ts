import { untilMigrated, type RawDatabase } from '@hutong/database';
import { AccessTokens, ServiceFront, type RunningInstance } from '@hutong/http';
import { connectConsumers, KafkaStrategy, type Health, type Surroundings } from '@hutong/messaging';
import type { Provider } from '@nestjs/common';
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

/** An instance that only answers has no consumer that could be ill. */
const NO_CONSUMER: Health = { live: true, ready: true };

/** Starts one instance in its role. It is not ready before the migrations are applied, and waits for them. */
export async function startLedger(
  config: LedgerConfig,
  around: Surroundings,
): Promise<RunningInstance> {
  const { logger } = around;
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  const db = opened.use(openDatabase(config.database, logger));
  const consumer = config.role === 'api' ? undefined : consumerOf(config, around, db);
  const health = () => consumer?.health() ?? NO_CONSUMER;
  const front = opened.use(await ServiceFront.open({ ...around, config, health, database: db }));
  const tokens = await AccessTokens.open(config.tokensFile, logger);
  await untilMigrated(config.database, migrations, { logger });
  const module = LedgerModule.with(providersOf(config, around, { db, tokens }));
  const app = await front.serve(module, { openApi: openApiOf });
  if (consumer !== undefined) await connectConsumers(app, consumer);
  opened.move();
  return front.running([
    ...(consumer === undefined ? [] : [['consumer', () => consumer.close()] as const]),
    ...front.stops,
    ['database', () => db.close()],
  ]);
}

/** The ledger hears and tells nothing: a consumer without outbox and relay, and the log is its inbox. */
const consumerOf = (
  { kafka: broker }: LedgerConfig,
  { kafka, ...around }: Surroundings,
  { pool }: RawDatabase,
): KafkaStrategy =>
  new KafkaStrategy({
    ...around,
    kafka: { ...kafka, ...broker },
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
