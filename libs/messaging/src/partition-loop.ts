import type { Logger } from '@hutong/telemetry';
import type { Topic } from '@hutong/domain-events';
import kafkajs, { type EachBatchPayload } from 'kafkajs';
import type { ConsumerHealth } from './consumer-health.js';
import type { ConsumerMetrics } from './consumer-metrics.js';
import type { DatabaseWatch } from './database-watch.js';
import type { Delivery, InBatch } from './delivery.js';
import { HeldBack } from './held-back.js';
import { Heartbeats } from './heartbeats.js';
import type { OffsetCommits } from './offset-commits.js';
import type { ParkedKeysRepository } from './parked-keys.repository.js';
import type { PausedPartitions } from './paused-partitions.js';
import { queueKey, rawRecord, type RawRecord } from './raw-record.js';
import { wait } from './wait.js';

/** Offsets are committed this often within a long batch, and soon after its end. */
const COMMIT_EVERY_MS = 1_000;
const LOOK_AGAIN_MS = 250;
/** What is held is fetched and asked about again this often; less often where much is, as it costs. */
const HELD_LOOK_MS = 100;
const HELD_REST = 4;
const HELD_LONGEST_LOOK_MS = 500;

export type PartitionLoopParts = Readonly<{
  delivery: Delivery;
  keys: ParkedKeysRepository;
  database: DatabaseWatch;
  paused: PausedPartitions;
  commits: OffsetCommits;
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
  logger: Logger;
  stopping: AbortSignal;
  heartbeatMs: number;
  /** Blocked longer than this, the partition is paused and fetched again later. */
  blockMs: number;
  topicOf: (physicalName: string) => Topic;
}>;

type Batch = Omit<InBatch, 'heldMs'> & Readonly<{ held: HeldBack }>;

/**
 * One partition's batch, event by event. Order of a key is kept by never taking its next event before
 * the one in hand is settled; the offset moves only behind what is durable; and nothing but kafkajs'
 * own errors goes back to kafkajs, because any other would stop every partition.
 */
export class PartitionLoop {
  private readonly heldBack = new Map<string, HeldBack>();

  constructor(private readonly parts: PartitionLoopParts) {}

  async run(payload: EachBatchPayload): Promise<void> {
    const { stopping, heartbeatMs, metrics, topicOf } = this.parts;
    const topic = topicOf(payload.batch.topic);
    const { partition } = payload.batch;
    const beats = new Heartbeats(() => payload.heartbeat(), { everyMs: heartbeatMs, stopping });
    try {
      const behind = await this.takeAll(payload, beats, topic);
      const lag = Number(payload.batch.offsetLag()) + behind;
      metrics.lag.set({ topic, partition: String(partition) }, lag);
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

  /**
   * Each record in order, as far as there is room for it; behind one that is held its key waits, and
   * others go on. The offset stays before the first that is held, so that the next fetch brings it again,
   * with whatever came meanwhile: what was settled behind it is then passed over.
   * @returns how many are left behind the offset.
   */
  private async takeAll(
    payload: EachBatchPayload,
    beats: Heartbeats,
    topic: Topic,
  ): Promise<number> {
    const { batch } = payload;
    const { commits } = this.parts;
    const records = batch.messages.map((one) => rawRecord(topic, batch.partition, one));
    const queues = await this.parts.keys.parkedAmong(topic, [...new Set(records.map(queueKey))]);
    const held = this.heldBackOf(topic, batch.partition);
    held.begin(records[0]?.offset);
    const beganAt = performance.now();
    let committedAt = beganAt;
    let behind = 0;
    try {
      for (const record of records) {
        if (beats.leave.aborted || !payload.isRunning() || payload.isStale()) return behind;
        const ended = await this.settle(record, { queues, held, leave: beats.leave });
        if (ended === 'left') return behind;
        if (ended === 'held' || behind > 0) behind += 1;
        else payload.resolveOffset(record.offset.toString());
        await beats.once();
        if (performance.now() - committedAt > COMMIT_EVERY_MS) {
          await commits.now(payload);
          committedAt = performance.now();
        }
      }
    } finally {
      // There may be no soon.
      if (beats.leave.aborted) await commits.now(payload);
      else commits.soon(payload);
    }
    if (behind > 0) {
      const restMs = HELD_REST * (performance.now() - beganAt);
      const waitMs = Math.min(HELD_LONGEST_LOOK_MS, Math.max(HELD_LOOK_MS, restMs));
      await wait(waitMs, beats.leave);
    }
    return behind;
  }

  private heldBackOf(topic: Topic, partition: number): HeldBack {
    const key = place(topic, partition);
    const known = this.heldBack.get(key) ?? new HeldBack(() => performance.now());
    this.heldBack.set(key, known);
    return known;
  }

  /** @returns `left` if the record is not settled and the batch must be left. */
  private async settle(
    record: RawRecord,
    { queues, held, leave }: Batch,
  ): Promise<'settled' | 'held' | 'left'> {
    const key = queueKey(record);
    if (held.isSettled(record.offset)) return 'settled';
    if (held.isWaiting(key)) return 'held';
    if (held.isResting(record.offset)) {
      held.rest(key);
      return 'held';
    }
    const { delivery, database, paused, health, blockMs } = this.parts;
    const { topic, partition } = record;
    const since = performance.now();
    for (;;) {
      const heldMs = held.heldMs(record.offset);
      const delivered = await delivery.deliver(record, { queues, heldMs, leave });
      if (delivered !== 'blocked') {
        health.setBlocked(place(topic, partition), false);
        if (delivered === 'held') held.hold(record.offset, key);
        if (delivered === 'settled') held.settle(record.offset);
        return delivered;
      }
      health.setBlocked(place(topic, partition), true);
      do {
        await wait(LOOK_AGAIN_MS, leave);
        if (leave.aborted) return 'left';
        if (performance.now() - since > blockMs) {
          paused.pause(topic, partition);
          return 'left';
        }
      } while (!(await database.answers()));
    }
  }
}

const place = (topic: Topic, partition: number): string => `${topic}/${partition}`;
