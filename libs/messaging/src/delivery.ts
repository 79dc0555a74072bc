import type { Clock } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import { callHandler } from './call-handler.js';
import type { ConsumerMetrics, Outcome } from './consumer-metrics.js';
import type { DatabaseWatch } from './database-watch.js';
import { faultName } from './fault-name.js';
import type { Handler, Handlers } from './handlers.js';
import { inTraceOf } from './in-trace-of.js';
import type { ParkedKeysRepository } from './parked-keys.repository.js';
import type { ParkedRecords } from './parked-records.js';
import { queueKey, type RawRecord } from './raw-record.js';
import { readRecord, type Unreadable } from './read-record.js';
import type { Received } from './received.js';
import { parkedDelayMs, type RetryDelays } from './retry-delays.js';
import { wait } from './wait.js';

export type DeliveryParts = Readonly<{
  handlers: Handlers;
  keys: ParkedKeysRepository;
  records: ParkedRecords;
  database: DatabaseWatch;
  delays: RetryDelays;
  clock: Clock;
  logger: Logger;
  metrics: ConsumerMetrics;
}>;

/**
 * `settled`: effects, a parked record or a queue entry are durable, the offset may move.
 * `held`: the handler has no room for it now. `left`: asked to stop in between. `blocked`: database or broker do not take it; try again later.
 */
export type Delivered = 'settled' | 'held' | 'left' | 'blocked';

/** What goes with a record of a batch. */
export type InBatch = Readonly<{
  /** The keys of this topic that have a queue; a key that is parked here is added. */
  queues: Set<string>;
  /** How long this record has been held back so far. */
  heldMs: number;
  leave: AbortSignal;
}>;

/** Brings one record of a partition to an end that is durable. Never throws. */
export class Delivery {
  constructor(private readonly parts: DeliveryParts) {}

  deliver(record: RawRecord, batch: InBatch): Promise<Delivered> {
    return inTraceOf(record, async () => {
      try {
        return await this.settle(record, batch);
      } catch (fault) {
        const { topic, partition, offset } = record;
        this.parts.logger.error('an event is held up', { topic, partition, offset }, fault);
        return 'blocked';
      }
    });
  }

  private async settle(record: RawRecord, batch: InBatch): Promise<Delivered> {
    const { handlers, keys } = this.parts;
    const { queues, heldMs } = batch;
    const read = readRecord(record);
    if (!read.ok) return this.parkUnreadable(record, read.refusal);
    const received = { ...read.value, heldMs };
    const handler = handlers.for(record.topic, received.event.type);
    if (handler === undefined) return this.settled(received, 'skipped');
    const key = queueKey(record);
    if (queues.has(key)) {
      if (await keys.queueBehind(record, key)) return this.settled(received, 'queued');
      queues.delete(key);
    }
    return this.tryInHand(handler, received, { record, ...batch });
  }

  /** A few tries close together, for what passes by itself; then the key gives way to others. */
  private async tryInHand(
    handler: Handler,
    received: Received,
    { record, queues, leave }: InBatch & Readonly<{ record: RawRecord }>,
  ): Promise<Delivered> {
    const { delays, clock, database, metrics, keys } = this.parts;
    const since = clock.now();
    for (let tries = 1; ; tries += 1) {
      const answer = await callHandler(handler, received, metrics);
      if (answer.kind === 'done') return this.settled(received, 'done');
      if (answer.kind === 'hold') return 'held';
      if (answer.kind === 'park') {
        await this.parkRefused(record, answer.reason, { attempts: tries, since });
        return this.settled(received, 'parked');
      }
      this.count(received, 'retried');
      this.log('a handler failed', received, tries, answer.fault);
      const delayMs = delays.inHandMs[tries - 1];
      if (delayMs !== undefined) {
        await wait(delayMs, leave);
        if (leave.aborted) return 'left';
        continue;
      }
      if (!(await database.answers())) return 'blocked';
      const key = queueKey(record);
      const nextAttemptAt = new Date(clock.now().getTime() + parkedDelayMs(delays, 0));
      await keys.park(record, key, {
        fault: faultName(answer.fault),
        attempts: 0,
        since,
        nextAttemptAt,
      });
      queues.add(key);
      return this.settled(received, 'key_parked');
    }
  }

  /** @throws SendRejected: then nothing is settled. */
  async parkUnreadable(record: RawRecord, { code, detail }: Unreadable): Promise<Delivered> {
    const { records, clock, logger, metrics } = this.parts;
    const firstFailedAt = clock.now();
    await records.write(record, {
      errorClass: 'unreadable',
      errorCode: code,
      detail,
      attempts: 1,
      firstFailedAt,
    });
    const { topic, partition, offset } = record;
    metrics.outcomes.inc({ topic, type: 'unreadable', outcome: 'parked' });
    logger.error('an unreadable record was parked', { topic, partition, offset, code });
    return 'settled';
  }

  /** The handler said that this can never be handled. @throws SendRejected: then nothing is settled. */
  async parkRefused(
    record: RawRecord,
    reason: string,
    { attempts, since }: Readonly<{ attempts: number; since: Date }>,
  ): Promise<void> {
    const errorCode = 'handler_parked';
    const why = { errorCode, detail: reason, attempts, firstFailedAt: since };
    await this.parts.records.write(record, { errorClass: 'refused', ...why });
    const { topic, partition, offset } = record;
    this.parts.logger.error('an event was parked', { topic, partition, offset, reason });
  }

  private settled(received: Received, outcome: Outcome): Delivered {
    this.count(received, outcome);
    return 'settled';
  }

  private count({ topic, event }: Received, outcome: Outcome): void {
    this.parts.metrics.outcomes.inc({ topic, type: event.type, outcome });
  }

  private log(said: string, received: Received, tries: number, fault: unknown): void {
    const { eventId, topic, partition, offset, event } = received;
    const place = { eventId, topic, partition, offset, type: event.type };
    this.parts.logger.error(said, { ...place, tries }, fault);
  }
}
