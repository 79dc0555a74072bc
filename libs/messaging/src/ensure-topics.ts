import {
  allTopicNames,
  catalogue,
  MAX_BATCH_BYTES,
  PARKED_MAX_BATCH_BYTES,
  PARKED_RETENTION_DAYS,
} from '@hutong/domain-events';
import { createLogger, type Logger } from '@hutong/telemetry';
import kafkajs, { type Admin } from 'kafkajs';
import { kafkaClient, PATIENT, physical, type KafkaSettings } from './kafka-settings.js';
import { wait } from './wait.js';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 25;
const ANSWER_WITHIN_MS = 30_000;

/**
 * Makes the topics that are missing, and returns once each partition answers. May be called again.
 * @param o.names of the catalogue; all of them, parked ones included, if not given.
 * @throws kafkajs' error if the broker refuses, or has not brought a topic up within 30 s.
 */
export async function ensureTopics(
  o: Omit<KafkaSettings, 'timing'> &
    Readonly<{
      partitions: number;
      replication?: number;
      names?: readonly string[];
      logger?: Logger;
    }>,
): Promise<void> {
  const logger = o.logger ?? createLogger({ service: 'topics', level: 'error' });
  const admin = kafkaClient(o, 'topics', logger, PATIENT).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const wanted = (o.names ?? allTopicNames()).map((name) => ({
      name,
      topic: physical(o, name),
    }));
    await admin.createTopics({
      // The default waits for leaders in a way that races and throws.
      waitForLeaders: false,
      topics: wanted
        .filter(({ topic }) => !existing.has(topic))
        .map(({ name, topic }) => ({
          topic,
          numPartitions: o.partitions,
          replicationFactor: o.replication ?? 1,
          configEntries: [
            // As it lies in the log it is read: in no packing unknown here, and never longer unpacked.
            { name: 'compression.type', value: 'uncompressed' },
            { name: 'max.message.bytes', value: String(maxBatchBytes(name)) },
            { name: 'message.timestamp.type', value: 'LogAppendTime' },
            { name: 'retention.ms', value: String(retentionDays(name) * DAY_MS) },
          ],
        })),
    });
    for (const { topic } of wanted) await untilAnswered(admin, topic);
  } finally {
    await admin.disconnect();
  }
}

const topicNamed = (name: string) => catalogue.find((spec) => spec.name === name);

const retentionDays = (name: string): number =>
  topicNamed(name)?.retentionDays ?? PARKED_RETENTION_DAYS;

const maxBatchBytes = (name: string): number =>
  topicNamed(name) === undefined ? PARKED_MAX_BATCH_BYTES : MAX_BATCH_BYTES;

/** A topic just made is unknown, or without a leader, for a moment. */
async function untilAnswered(admin: Admin, topic: string): Promise<void> {
  const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS);
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (cause) {
      if (deadline.aborted || !isTransient(cause)) throw cause;
      await wait(LOOK_EVERY_MS, deadline);
    }
  }
}

const isTransient = (cause: unknown): boolean =>
  cause instanceof kafkajs.KafkaJSError &&
  (cause.retriable || cause instanceof kafkajs.KafkaJSNumberOfRetriesExceeded);
