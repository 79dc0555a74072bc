import 'reflect-metadata';
import { systemClock, type DatabaseConfig } from '@hutong/config';
import { RawDatabase } from '@hutong/database';
import {
  connectConsumers,
  KafkaStrategy,
  Outbox,
  OutboxRelay,
  type Announcement,
  type KafkaSettings,
} from '@hutong/messaging';
import { createLogger, Metrics } from '@hutong/telemetry';
import { eventually } from '@hutong/testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Arrivals, HopConsumer } from './hop-consumer.js';

@Module({})
class HopModule {}

const logger = createLogger({ service: 'bench', level: 'error' });

/**
 * The side of a hop that hears: a service with nothing in it but strategy and inbox. Ready once it has
 * joined its group.
 * @param arrived gets the payment's id of each event, after the commit.
 */
export async function startConsumer(
  kafka: KafkaSettings,
  database: DatabaseConfig,
  arrived: (paymentId: string) => void,
): Promise<AsyncDisposable> {
  const db = RawDatabase.connect(database, { logger });
  const strategy = new KafkaStrategy({
    ...{ kafka, service: 'routing', pool: db.pool, clock: systemClock, logger },
    metrics: new Metrics('routing'),
    onFatal: (cause) => {
      throw cause;
    },
  });
  const providers = [{ provide: Arrivals, useValue: new Arrivals(db, arrived) }];
  const module = { module: HopModule, controllers: [HopConsumer], providers };
  const app = await NestFactory.create(module, { logger: false });
  await app.init();
  await connectConsumers(app, strategy);
  const joined = () => strategy.health().ready;
  await eventually(joined, { withinMs: 30_000, what: 'the consumer to join' });
  return {
    [Symbol.asyncDispose]: async () => {
      await strategy.close();
      await app.close();
      await db.close();
    },
  };
}

export type Teller = AsyncDisposable & Readonly<{ announce: (a: Announcement) => Promise<void> }>;

/** The side of a hop that tells: a service with nothing in it but outbox and relay. */
export function startTeller(kafka: KafkaSettings, database: DatabaseConfig): Teller {
  const db = RawDatabase.connect(database, { logger });
  const service = 'checkout';
  const relay = new OutboxRelay({
    ...{ pool: db.pool, kafka, service, clock: systemClock, logger },
    metrics: new Metrics(service),
  });
  const outbox = new Outbox({ service, clock: systemClock, onAppended: relay.wake });
  relay.start();
  return {
    announce: (announcement) => db.transaction((tx) => outbox.append(tx, announcement)),
    [Symbol.asyncDispose]: async () => {
      await relay.stop();
      await db.close();
    },
  };
}
