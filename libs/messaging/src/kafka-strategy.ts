import { ServerKafka, type MessageHandler } from '@nestjs/microservices';
import type { Clock } from '@hutong/config';
import type { Service } from '@hutong/domain-events';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Pool } from 'pg';
import { ConsumerHealth, type Health } from './consumer-health.js';
import { consumerMetrics } from './consumer-metrics.js';
import { DatabaseWatch } from './database-watch.js';
import { Delivery, type DeliveryParts } from './delivery.js';
import { Handlers } from './handlers.js';
import { GroupMember } from './group-member.js';
import { kafkaClient, PATIENT, physical, timingOf, type KafkaSettings } from './kafka-settings.js';
import { ParkedKeysRepository } from './parked-keys.repository.js';
import { ParkedKeysRetry } from './parked-keys-retry.js';
import { ParkedRecords } from './parked-records.js';
import { PRODUCTION_DELAYS, type RetryDelays } from './retry-delays.js';
import { Sender } from './sender.js';
import { DISCONNECT_WITHIN_MS, FINISH_WITHIN_MS } from './stop-bounds.js';
import { within } from './wait.js';

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

/**
 * Nest's Kafka transport with our delivery: decoded and validated once, dispatched by event type,
 * in order per partition, committed behind the database, parked with a reason, stopped without loss.
 */
export class KafkaStrategy extends ServerKafka {
  private readonly handlers = new Handlers();
  private readonly sender: Sender;
  private readonly consumerHealth: ConsumerHealth;
  private readonly member: GroupMember;
  private readonly retry: ParkedKeysRetry;
  private closed: Promise<void> | undefined;

  constructor(private readonly o: KafkaStrategyOptions) {
    super({
      client: { clientId: o.service, brokers: [...o.kafka.brokers] },
      consumer: { groupId: physical(o.kafka, o.service) },
      // Nest would add "-server": the group is the service's name everywhere.
      postfixId: '',
    });
    const { kafka, clock, pool, service, onFatal } = o;
    const logger = o.logger.child({ component: 'consumer' });
    const metrics = consumerMetrics(o.metrics);
    const database = new DatabaseWatch(pool);
    const keys = new ParkedKeysRepository(pool);
    const { sessionMs } = timingOf(kafka);
    this.sender = new Sender(kafka, `${service}-parking`, logger);
    this.consumerHealth = new ConsumerHealth({ clock, metrics, sessionMs });
    const parts: DeliveryParts = {
      handlers: this.handlers,
      keys,
      records: new ParkedRecords(this.sender, { settings: kafka, service }),
      database,
      delays: { ...PRODUCTION_DELAYS, ...o.delays },
      clock,
      logger,
      metrics,
    };
    const delivery = new Delivery(parts);
    this.retry = new ParkedKeysRetry(parts, delivery, { everyMs: o.parkedEveryMs ?? 1_000 });
    this.member = new GroupMember({
      kafka: kafkaClient(kafka, service, logger, PATIENT),
      settings: kafka,
      service,
      delivery,
      keys,
      database,
      health: this.consumerHealth,
      metrics,
      logger,
      onFatal,
      concurrency: Math.max(1, (pool.options.max ?? 10) - POOL_RESERVE),
      blockMs: o.blockMs ?? 5_000,
    });
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
      this.member.join(topics);
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
    const ended = Promise.allSettled([this.member.leave(), this.retry.stop()]);
    if (!(await within(this.o.closeWithinMs ?? FINISH_WITHIN_MS, ended))) {
      this.o.logger.error('the consumer did not stop in time');
    }
    await within(DISCONNECT_WITHIN_MS, this.sender.close());
  }
}
