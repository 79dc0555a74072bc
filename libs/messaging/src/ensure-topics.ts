import { allTopicNames, catalogue, PARKED_RETENTION_DAYS } from '@hutong/domain-events';
import { createLogger } from '@hutong/telemetry';
import type { Admin } from 'kafkajs';
import { kafkaClient, PATIENT, physical, type KafkaSettings } from './kafka-settings.js';
import { wait } from './wait.js';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 25;

/**
 * Makes the topics that are missing, and returns once each partition answers. May be called again.
 * @param o.names of the catalogue; all of them, parked ones included, if not given.
 */
export async function ensureTopics(
  o: Pick<KafkaSettings, 'brokers' | 'namespace'> &
    Readonly<{ partitions: number; replication?: number; names?: readonly string[] }>,
): Promise<void> {
  const logger = createLogger({ service: 'topics', level: 'error' });
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

const retentionDays = (name: string): number =>
  catalogue.find((spec) => spec.name === name)?.retentionDays ?? PARKED_RETENTION_DAYS;

async function untilAnswered(admin: Admin, topic: string): Promise<void> {
  const never = new AbortController().signal;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch {
      await wait(LOOK_EVERY_MS, never);
    }
  }
}
