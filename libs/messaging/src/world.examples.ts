import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { systemClock, type DatabaseConfig, type Role } from '@hutong/config';
import { migrate, RawDatabase } from '@hutong/database';
import {
  CHECKOUT_PAYMENTS,
  encodeEnvelope,
  keyOf,
  parkedTopic,
  type DomainEvent,
  type PaymentCloseRequested,
  type PaymentId,
} from '@hutong/domain-events';
import { createLogger, Metrics } from '@hutong/telemetry';
import {
  aCloseRequested,
  anEventId,
  eventually,
  freshDatabase,
  testBroker,
  type FreshDatabase,
} from '@hutong/testing';
import type { Disposition } from './disposition.js';
import { ensureTopics } from './ensure-topics.js';
import type { KafkaSettings } from './kafka-settings.js';
import { startListener, type Listener, type Listening } from './listener.examples.js';
import { messagingMigrations } from './migrations.js';
import { Outbox } from './outbox.js';
import { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
import type { RawBytes } from './topic-probe.js';
import { TopicProbe } from './topic-probe.js';

export const silent = createLogger({ service: 'spec', level: 'silent' });

export const PARKED = parkedTopic(CHECKOUT_PAYMENTS, 'routing');

/** Waits of a group and of retries, scaled down to what a spec waits for. */
export const QUICK = { heartbeatMs: 500, sessionMs: 6_000, maxWaitMs: 100 };

/** One effect of one event, in the order of commits. */
export type Effect = Readonly<{ payment_id: string; sequence: number; instance: string }>;

/** The library's tables and one table of effects. */
export async function makeSchema(config: DatabaseConfig): Promise<void> {
  await migrate(config, [messagingMigrations], { logger: silent });
  await using db = RawDatabase.connect(config, { logger: silent });
  await db.query(
    `create table effects (id bigint generated always as identity primary key,
       payment_id text not null, event_id uuid not null, sequence int not null,
       instance text not null)`,
  );
}

/** A database of that schema, on the server that all specs share. */
export const aDatabase = (): Promise<FreshDatabase> =>
  freshDatabase('messaging-effects', makeSchema);

/**
 * Checkout tells, routing listens: a broker's namespace and a database of their own, with as many
 * relays and listeners as a spec starts.
 */
export class World implements AsyncDisposable {
  readonly outbox = new Outbox({ service: 'checkout', clock: systemClock });
  private readonly ends: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly kafka: KafkaSettings,
    readonly config: DatabaseConfig,
    readonly db: RawDatabase,
    readonly probe: TopicProbe,
  ) {}

  static async start(
    o: Readonly<{
      brokers?: readonly string[];
      timing?: KafkaSettings['timing'];
      /** A database with the schema, dropped at the end; a fresh one if not given. */
      database?: Pick<FreshDatabase, 'config' | 'drop'>;
      /** Topics to begin with; both that there are if not given. */
      names?: readonly string[];
    }> = {},
  ): Promise<World> {
    const brokers = o.brokers ?? (await testBroker()).brokers;
    const fresh = o.database ?? (await aDatabase());
    const namespace = `messaging-${randomBytes(5).toString('hex')}`;
    const kafka = { brokers, namespace, timing: { ...QUICK, ...o.timing } };
    await ensureTopics({ ...kafka, partitions: 3, names: o.names ?? [CHECKOUT_PAYMENTS, PARKED] });
    const db = RawDatabase.connect(fresh.config, { logger: silent });
    const world = new World(kafka, fresh.config, db, await TopicProbe.connect(kafka));
    world.ends.push(
      () => fresh.drop(),
      () => db.close(),
      () => world.probe.close(),
    );
    return world;
  }

  /** A relay of its own, as another instance of checkout would have one. */
  relay(over: Partial<OutboxRelayOptions> = {}): OutboxRelay {
    const relay = new OutboxRelay({
      pool: this.db.pool,
      kafka: this.kafka,
      service: 'checkout',
      clock: systemClock,
      logger: silent,
      metrics: new Metrics('checkout'),
      ...over,
    });
    relay.start();
    this.ends.push(() => relay.stop());
    return relay;
  }

  /** An instance of routing. */
  async listener(over: Partial<Listening> = {}, role: Role = 'worker'): Promise<Listener> {
    const listener = await startListener(role, {
      instance: 'one',
      kafka: this.kafka,
      config: this.config,
      logger: silent,
      ...over,
    });
    this.ends.push(() => listener.stop());
    return listener;
  }

  /** Appends to the outbox, one transaction for each call. */
  tell(...events: readonly PaymentCloseRequested[]): Promise<void> {
    return this.db.transaction((tx) =>
      this.outbox.append(
        tx,
        ...events.map((event) => ({ topic: CHECKOUT_PAYMENTS, event }) as const),
      ),
    );
  }

  /** `count` events of one payment, told one after the other. */
  async tellOf(paymentId: PaymentId, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) await this.tell(aCloseRequested({ paymentId }));
  }

  produce(...records: readonly RawBytes[]): Promise<void> {
    return this.probe.produce(CHECKOUT_PAYMENTS, ...records);
  }

  effects(): Promise<Effect[]> {
    return this.db.query<Effect>('select payment_id, sequence, instance from effects order by id');
  }

  /** Sequences of a payment's effects, in the order of their commits. */
  async sequencesOf(paymentId: PaymentId): Promise<number[]> {
    const effects = await this.effects();
    return effects.filter((one) => one.payment_id === paymentId).map((one) => one.sequence);
  }

  async parked() {
    return this.probe.records(PARKED);
  }

  /** Until routing has committed the end of everything that was told, and the outbox is empty. */
  async settled(withinMs = 20_000): Promise<void> {
    await eventually(
      async () => {
        const waiting = await this.db.query('select 1 from outbox limit 1');
        return waiting.length === 0 && (await this.probe.settled([CHECKOUT_PAYMENTS], 'routing'));
      },
      { what: 'an empty outbox and committed offsets', withinMs },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.ends.toReversed()) await end();
  }
}

/** The smallest event of a payment, announced where it belongs. */
export const anEventOf = (paymentId: PaymentId) =>
  ({ topic: CHECKOUT_PAYMENTS, event: aCloseRequested({ paymentId }) }) as const;

let sequence = 0;

/** A record as checkout's relay would send it. */
export function aRecord(
  event: DomainEvent = aCloseRequested(),
  id = anEventId(),
): RawBytes & { key: string; value: string } {
  sequence += 1;
  const occurredAt = new Date('2026-11-24T08:00:00.000Z');
  const value = encodeEnvelope({ id, source: 'checkout', occurredAt, sequence, event });
  return { key: keyOf(event), value };
}

/** Refuses, throws or waits for what a spec says; `undefined` means: handle it. */
export type Before = (event: DomainEvent) => Promise<Disposition | undefined>;

export const slowly =
  (ms: number): Before =>
  async () => {
    await after(ms);
    return undefined;
  };

export const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
