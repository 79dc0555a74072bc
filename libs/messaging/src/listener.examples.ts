import 'reflect-metadata';
import { systemClock, type DatabaseConfig, type Role } from '@hutong/config';
import { RawDatabase } from '@hutong/database';
import { CHECKOUT_PAYMENTS, paymentCloseRequested } from '@hutong/domain-events';
import type { PaymentCloseRequested } from '@hutong/domain-events';
import { Metrics, type Logger } from '@hutong/telemetry';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import type { Health } from './consumer-health.js';
import { done, type Disposition } from './disposition.js';
import { hears } from './hears.js';
import { firstTime } from './inbox.js';
import type { KafkaSettings } from './kafka-settings.js';
import { messagingOf, type MessagingOptions } from './messaging.js';
import type { Announcement } from './outbox.js';
import type { Received } from './received.js';

export type Listening = Readonly<{
  /** Stands beside each of its effects. */
  instance: string;
  kafka: KafkaSettings;
  config: DatabaseConfig;
  logger: Logger;
  /** What happens before the effect: it may refuse, throw, or take its time. */
  before?: (received: Received<PaymentCloseRequested>) => Promise<Disposition | undefined>;
  /** What happens between the effect and its commit. */
  inside?: (received: Received<PaymentCloseRequested>) => Promise<void>;
  onFatal?: (cause: Error) => void;
  tuning?: MessagingOptions['tuning'];
}>;

export type Listener = Readonly<{
  health: () => Health;
  metrics: Metrics;
  /** Commits an announcement of its own. */
  announce: (announcement: Announcement) => Promise<void>;
  /** Whose modules were initialized, in order. */
  initialized: readonly string[];
  /** As on SIGTERM: consumers, relay, wake-ups, application, database. May be called again. */
  stop: () => Promise<void>;
}>;

/** A service's one effect: a row for each event, once. */
class Effects {
  constructor(
    private readonly db: RawDatabase,
    private readonly o: Listening,
  ) {}

  async of(received: Received<PaymentCloseRequested>): Promise<Disposition> {
    const { before, inside, instance } = this.o;
    const refused = await before?.(received);
    if (refused !== undefined) return refused;
    await this.db.transaction(async (tx) => {
      if (!(await firstTime(tx, received.eventId))) return;
      await tx.query(
        'insert into effects (payment_id, event_id, sequence, instance) values ($1, $2, $3, $4)',
        [received.event.paymentId, received.eventId, received.sequence, instance],
      );
      await inside?.(received);
    });
    return done;
  }
}

@Controller()
class CloseConsumer {
  constructor(private readonly effects: Effects) {}

  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentCloseRequested))
  handle(received: Received<PaymentCloseRequested>): Promise<Disposition> {
    return this.effects.of(received);
  }
}

@Module({})
class ListenerModule {}

/** One instance of routing, with nothing in it but a consumer. */
export async function startListener(role: Role, o: Listening): Promise<Listener> {
  const { kafka, config, logger } = o;
  const db = RawDatabase.connect(config, { logger });
  const metrics = new Metrics('routing');
  const { brokers, ...timing } = kafka;
  const messaging = messagingOf({
    service: 'routing',
    config: { role, kafka: { brokers }, database: config },
    pool: db.pool,
    kafka: timing,
    clock: systemClock,
    logger,
    metrics,
    onFatal: o.onFatal ?? (() => undefined),
    tuning: {
      delays: { inHandMs: [10], parkedMs: 200, parkedMaxMs: 400 },
      parkedEveryMs: 100,
      ...o.tuning,
    },
  });
  const initialized: string[] = [];
  const hooks = { onModuleInit: () => void initialized.push('hooks') };
  const app = await NestFactory.create(
    {
      module: ListenerModule,
      controllers: [CloseConsumer],
      providers: [
        { provide: Effects, useValue: new Effects(db, o) },
        { provide: 'hooks', useValue: hooks },
      ],
    },
    { logger: false },
  );
  await app.init();
  await messaging.start(app);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    for (const [, run] of messaging.stops) await run();
    await app.close();
    await messaging.closeWakeups[1]();
    await db.close();
  };
  const announce = (announcement: Announcement) =>
    db.transaction((tx) => messaging.outbox.append(tx, announcement));
  return {
    health: messaging.health,
    metrics,
    announce,
    initialized,
    stop: () => (stopped ??= stop()),
  };
}
