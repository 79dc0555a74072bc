import type { Service, Topic } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';
import type { Consumer, Kafka } from 'kafkajs';
import type { ConsumerHealth } from './consumer-health.js';
import type { ConsumerMetrics } from './consumer-metrics.js';
import type { DatabaseWatch } from './database-watch.js';
import type { Delivery } from './delivery.js';
import { consumerConfig, physical, timingOf, type KafkaSettings } from './kafka-settings.js';
import { OffsetCommits } from './offset-commits.js';
import type { ParkedKeysRepository } from './parked-keys.repository.js';
import { PartitionLoop } from './partition-loop.js';
import { PausedPartitions } from './paused-partitions.js';
import { wait } from './wait.js';

export type GroupMemberParts = Readonly<{
  kafka: Kafka;
  settings: KafkaSettings;
  /** Its name is the group's. */
  service: Service;
  delivery: Delivery;
  keys: ParkedKeysRepository;
  database: DatabaseWatch;
  health: ConsumerHealth;
  metrics: ConsumerMetrics;
  logger: Logger;
  /** Told once if the consumer crashed for good. */
  onFatal: (cause: Error) => void;
  /** Partitions that are worked on at a time. */
  concurrency: number;
  /** Blocked longer than this, a partition is paused. */
  blockMs: number;
}>;

const RECONNECT_MS = 500;

/** This instance as a member of its service's consumer group, from joining to leaving. */
export class GroupMember {
  private readonly stop = new AbortController();
  private readonly commits = new OffsetCommits();
  private consumer: Consumer | undefined;
  private joining: Promise<void> | undefined;

  constructor(private readonly parts: GroupMemberParts) {}

  /** Goes on in the background, for as long as it takes. */
  join(topics: readonly Topic[]): void {
    this.joining ??= this.untilJoined(topics);
  }

  /** Finishes the events in hand, commits, leaves. */
  async leave(): Promise<void> {
    this.stop.abort();
    // kafkajs forgets a stop that comes while it joins.
    await this.joining;
    await this.commits.flush();
    await this.consumer?.disconnect();
  }

  private async untilJoined(topics: readonly Topic[]): Promise<void> {
    const { settings, logger } = this.parts;
    while (!this.stop.signal.aborted) {
      const consumer = this.newConsumer();
      try {
        await consumer.connect();
        await consumer.subscribe({
          topics: topics.map((topic) => physical(settings, topic)),
          // The default skips what a new group, a new partition or an expired offset has not seen.
          fromBeginning: true,
        });
        await this.run(consumer, topics);
        return;
      } catch (fault) {
        logger.error('the consumer could not start', {}, fault);
        await consumer.disconnect().catch(() => undefined);
        await wait(RECONNECT_MS, this.stop.signal);
      }
    }
  }

  private async run(consumer: Consumer, topics: readonly Topic[]): Promise<void> {
    const loop = this.loopOf(consumer, topics);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.parts.concurrency,
      eachBatch: (payload) => loop.run(payload),
    });
  }

  private newConsumer(): Consumer {
    const { kafka, settings, service, health, onFatal } = this.parts;
    const consumer = kafka.consumer(consumerConfig(settings, service));
    health.watch(consumer, onFatal);
    this.consumer = consumer;
    return consumer;
  }

  private loopOf(consumer: Consumer, heard: readonly Topic[]): PartitionLoop {
    const { settings, delivery, keys, database, health, metrics, logger, blockMs } = this.parts;
    const stopping = this.stop.signal;
    const at = (topic: Topic, partition: number) => [
      { topic: physical(settings, topic), partitions: [partition] },
    ];
    const paused = new PausedPartitions({
      consumer: {
        pause: (topic, partition) => consumer.pause(at(topic, partition)),
        resume: (topic, partition) => consumer.resume(at(topic, partition)),
      },
      database,
      logger,
      stopping,
    });
    const topics = new Map<string, Topic>(heard.map((topic) => [physical(settings, topic), topic]));
    return new PartitionLoop({
      delivery,
      keys,
      database,
      paused,
      commits: this.commits,
      health,
      metrics,
      logger,
      stopping,
      heartbeatMs: timingOf(settings).heartbeatMs,
      blockMs,
      topicOf: (name): Topic => {
        const topic = topics.get(name);
        if (topic === undefined) throw new Error('a record of a topic that nobody hears');
        return topic;
      },
    });
  }
}
