import type { Logger } from '@hutong/telemetry';
import type { Topic } from '@hutong/domain-events';
import kafkajs, { type EachBatchPayload } from 'kafkajs';
import type { ConsumerHealth } from './consumer-health.js';
import type { ConsumerMetrics } from './consumer-metrics.js';
import type { DatabaseWatch } from './database-watch.js';
import type { Delivery } from './delivery.js';
import { Heartbeats } from './heartbeats.js';
import type { ParkedKeysRepository } from './parked-keys.repository.js';
import type { PausedPartitions } from './paused-partitions.js';
import { queueKey, rawRecord } from './raw-record.js';
import { wait } from './wait.js';

/** Offsets are committed this often within a batch, and always at its end: the inbox covers the rest. */
const COMMIT_EVERY_MS = 1_000;
const LOOK_AGAIN_MS = 250;

export type PartitionLoopParts = Readonly<{
  delivery: Delivery;
  keys: ParkedKeysRepository;
  database: DatabaseWatch;
  paused: PausedPartitions;
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
  logger: Logger;
  stopping: AbortSignal;
  heartbeatMs: number;
  /** Blocked longer than this, the partition is paused and fetched again later. */
  blockMs: number;
  topicOf: (physicalName: string) => Topic;
}>;

/**
 * One partition's batch, event by event. Order is kept by never taking the next event before the
 * one in hand is settled; the offset moves only behind what is durable; and nothing but kafkajs'
 * own errors goes back to kafkajs, because any other would stop every partition.
 */
export class PartitionLoop {
  constructor(private readonly parts: PartitionLoopParts) {}

  async run(payload: EachBatchPayload): Promise<void> {
    const { stopping, heartbeatMs, metrics, topicOf } = this.parts;
    const topic = topicOf(payload.batch.topic);
    const { partition } = payload.batch;
    const beats = new Heartbeats(() => payload.heartbeat(), { everyMs: heartbeatMs, stopping });
    try {
      await this.takeAll(payload, beats, topic);
      metrics.lag.set({ topic, partition: String(partition) }, Number(payload.batch.offsetLag()));
    } catch (fault) {
      if (fault instanceof kafkajs.KafkaJSError) throw fault;
      await this.giveBack(topic, partition, fault);
    } finally {
      beats.stop();
    }
    if (beats.failed !== undefined) throw beats.failed.cause;
  }

  /** Nothing of the batch was taken: it comes again once the database answers. */
  private async giveBack(topic: Topic, partition: number, fault: unknown): Promise<void> {
    const { logger, health, database, paused, stopping } = this.parts;
    logger.error('a batch was given back', { topic, partition }, fault);
    health.setBlocked(place(topic, partition), true);
    if (await database.answers()) await wait(LOOK_AGAIN_MS, stopping);
    else paused.pause(topic, partition);
  }

  private async takeAll(payload: EachBatchPayload, beats: Heartbeats, topic: Topic): Promise<void> {
    const { batch } = payload;
    const records = batch.messages.map((one) => rawRecord(topic, batch.partition, one));
    const queues = await this.parts.keys.parkedAmong(topic, [...new Set(records.map(queueKey))]);
    let committedAt = performance.now();
    try {
      for (const record of records) {
        if (beats.leave.aborted || !payload.isRunning() || payload.isStale()) return;
        if (!(await this.settle(record, queues, beats))) return;
        payload.resolveOffset(record.offset.toString());
        await beats.once();
        if (performance.now() - committedAt > COMMIT_EVERY_MS) {
          await this.commit(payload);
          committedAt = performance.now();
        }
      }
    } finally {
      await this.commit(payload);
    }
  }

  /** @returns false if the record is not settled and the batch must be left. */
  private async settle(
    record: ReturnType<typeof rawRecord>,
    queues: Set<string>,
    beats: Heartbeats,
  ): Promise<boolean> {
    const { delivery, database, paused, health, blockMs } = this.parts;
    const { topic, partition } = record;
    const since = performance.now();
    for (;;) {
      const delivered = await delivery.deliver(record, queues, beats.leave);
      if (delivered !== 'blocked') {
        health.setBlocked(place(topic, partition), false);
        return delivered === 'settled';
      }
      health.setBlocked(place(topic, partition), true);
      do {
        await wait(LOOK_AGAIN_MS, beats.leave);
        if (beats.leave.aborted) return false;
        if (performance.now() - since > blockMs) {
          paused.pause(topic, partition);
          return false;
        }
      } while (!(await database.answers()));
    }
  }

  /** `consumer.commitOffsets` says nothing once the consumer stops; this one still commits. */
  private async commit(payload: EachBatchPayload): Promise<void> {
    await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
  }
}

const place = (topic: Topic, partition: number): string => `${topic}/${partition}`;
