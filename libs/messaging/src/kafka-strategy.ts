import { ServerKafka, type MessageHandler } from '@nestjs/microservices';
import type { Clock } from '@hutong/config';
import type { Service, Topic } from '@hutong/domain-events';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Consumer, Kafka } from 'kafkajs';
import type { Pool } from 'pg';
import { ConsumerHealth, type Health } from './consumer-health.js';
import { consumerMetrics, type ConsumerMetrics } from './consumer-metrics.js';
import { DatabaseWatch } from './database-watch.js';
import { Delivery, type DeliveryParts } from './delivery.js';
import { Handlers } from './handlers.js';
import {
  consumerConfig,
  kafkaClient,
  PATIENT,
  physical,
  timingOf,
  type KafkaSettings,
  type KafkaTiming,
} from './kafka-settings.js';
import { ParkedKeysRepository } from './parked-keys.repository.js';
import { ParkedKeysRetry } from './parked-keys-retry.js';
import { ParkedRecords } from './parked-records.js';
import { PartitionLoop } from './partition-loop.js';
import { PausedPartitions } from './paused-partitions.js';
import { PRODUCTION_DELAYS, type RetryDelays } from './retry-delays.js';
import { Sender } from './sender.js';
import { wait, within } from './wait.js';

export type KafkaStrategyOptions = Readonly<{
  kafka: KafkaSettings;
  /** Its name is the consumer group's. */
  service: Service;
  /** Where the library's tables are. */
  pool: Pool;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Told once if the consumer crashed for good: end the process. */
  onFatal: (cause: Error) => void;
  delays?: Partial<RetryDelays>;
  /** How often the queues of parked keys are looked at. */
  parkedEveryMs?: number;
  /** How long a partition waits in place for the database before it is paused. */
  blockMs?: number;
  /** How long `close` waits for the events in hand. */
  closeWithinMs?: number;
}>;

/** Connections of the pool that partitions leave to the relay, to parked keys and to HTTP. */
const POOL_RESERVE = 4;
const RECONNECT_MS = 500;

/**
 * Nest's Kafka transport with our delivery: decoded and validated once, dispatched by event type,
 * in order per partition, committed behind the database, parked with a reason, stopped without loss.
 */
export class KafkaStrategy extends ServerKafka {
  private readonly handlers = new Handlers();
  private readonly stop = new AbortController();
  private readonly timing: KafkaTiming;
  private readonly kafka: Kafka;
  private readonly sender: Sender;
  private readonly database: DatabaseWatch;
  private readonly keys: ParkedKeysRepository;
  private readonly consumerMetrics: ConsumerMetrics;
  private readonly consumerHealth: ConsumerHealth;
  private readonly delivery: Delivery;
  private readonly retry: ParkedKeysRetry;
  private group: Consumer | undefined;
  private joining: Promise<void> | undefined;
  private closed: Promise<void> | undefined;

  constructor(private readonly o: KafkaStrategyOptions) {
    super({
      client: { clientId: o.service, brokers: [...o.kafka.brokers] },
      consumer: { groupId: physical(o.kafka, o.service) },
      // Nest would add "-server": the group is the service's name everywhere.
      postfixId: '',
    });
    const { kafka, clock, pool } = o;
    const service = o.service;
    const log = o.logger.child({ component: 'consumer' });
    this.timing = timingOf(kafka);
    this.kafka = kafkaClient(kafka, service, log, PATIENT);
    this.sender = new Sender(kafka, `${service}-parking`, log);
    this.database = new DatabaseWatch(pool);
    this.keys = new ParkedKeysRepository(pool);
    this.consumerMetrics = consumerMetrics(o.metrics);
    const { sessionMs } = this.timing;
    this.consumerHealth = new ConsumerHealth({ clock, metrics: this.consumerMetrics, sessionMs });
    const parts: DeliveryParts = {
      handlers: this.handlers,
      keys: this.keys,
      records: new ParkedRecords(this.sender, { settings: kafka, service }),
      database: this.database,
      delays: { ...PRODUCTION_DELAYS, ...o.delays },
      clock,
      logger: log,
      metrics: this.consumerMetrics,
    };
    this.delivery = new Delivery(parts);
    this.retry = new ParkedKeysRetry(parts, this.delivery, { everyMs: o.parkedEveryMs ?? 1_000 });
  }

  /** @throws Error at boot on a topic or type out of the catalogue, or with two handlers for one type. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    if (!isEventHandler)
      throw new Error('Hutong answers no requests over Kafka: use @EventPattern');
    callback.isEventHandler = isEventHandler;
    callback.extras = extras;
    this.handlers.add(pattern, (received) => callback(received), extras);
    this.messageHandlers.set(String(pattern), callback);
  }

  /** Stock Nest parses the pattern as JSON, twice per message. */
  override getHandlerByPattern(pattern: string): MessageHandler | null {
    return this.messageHandlers.get(pattern) ?? null;
  }

  /** Returns at once: a broker that is away must not keep the service from taking payments. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    const topics = this.handlers.topics();
    if (topics.length === 0) {
      this.consumerHealth.setIdle();
    } else {
      this.joining ??= this.join(topics);
      this.retry.start();
    }
    callback();
    await Promise.resolve();
  }

  health(): Health {
    return this.consumerHealth.read();
  }

  /** Finishes the events in hand, commits, leaves the group. Bounded; may be called again. */
  override close(): Promise<void> {
    this.closed ??= this.leave();
    return this.closed;
  }

  private async leave(): Promise<void> {
    this.consumerHealth.setDraining();
    this.stop.abort();
    const ended = Promise.allSettled([this.leaveGroup(), this.retry.stop()]);
    if (!(await within(this.o.closeWithinMs ?? 20_000, ended))) {
      this.o.logger.error('the consumer did not stop in time');
    }
    await within(2_000, this.sender.close());
  }

  private async leaveGroup(): Promise<void> {
    // kafkajs forgets a stop that comes while it joins.
    await this.joining;
    await this.group?.disconnect();
  }

  private async join(topics: readonly Topic[]): Promise<void> {
    while (!this.stop.signal.aborted) {
      const consumer = this.newConsumer();
      try {
        await consumer.connect();
        await consumer.subscribe({
          topics: topics.map((topic) => physical(this.o.kafka, topic)),
          // The default skips what a new group, a new partition or an expired offset has not seen.
          fromBeginning: true,
        });
        await this.run(consumer);
        return;
      } catch (fault) {
        this.o.logger.error('the consumer could not start', {}, fault);
        await consumer.disconnect().catch(() => undefined);
        await wait(RECONNECT_MS, this.stop.signal);
      }
    }
  }

  private async run(consumer: Consumer): Promise<void> {
    const loop = this.loopOf(consumer);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: Math.max(1, poolSize(this.o.pool) - POOL_RESERVE),
      eachBatch: (payload) => loop.run(payload),
    });
  }

  private newConsumer(): Consumer {
    const consumer = this.kafka.consumer(consumerConfig(this.o.kafka, this.o.service));
    this.consumerHealth.watch(consumer, this.o.onFatal);
    this.group = consumer;
    return consumer;
  }

  private loopOf(consumer: Consumer): PartitionLoop {
    const { kafka, logger } = this.o;
    const stopping = this.stop.signal;
    const at = (topic: Topic, partition: number) => [
      { topic: physical(kafka, topic), partitions: [partition] },
    ];
    const paused = new PausedPartitions({
      consumer: {
        pause: (topic, partition) => consumer.pause(at(topic, partition)),
        resume: (topic, partition) => consumer.resume(at(topic, partition)),
      },
      database: this.database,
      logger,
      stopping,
    });
    const topics = new Map<string, Topic>(
      this.handlers.topics().map((topic) => [physical(kafka, topic), topic]),
    );
    return new PartitionLoop({
      delivery: this.delivery,
      keys: this.keys,
      database: this.database,
      paused,
      health: this.consumerHealth,
      metrics: this.consumerMetrics,
      logger,
      stopping,
      heartbeatMs: this.timing.heartbeatMs,
      blockMs: this.o.blockMs ?? 5_000,
      topicOf: (name): Topic => {
        const topic = topics.get(name);
        if (topic === undefined) throw new Error('a record of a topic that nobody hears');
        return topic;
      },
    });
  }
}

const poolSize = (pool: Pool): number => pool.options.max ?? 10;
