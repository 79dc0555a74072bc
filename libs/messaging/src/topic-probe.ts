import { randomUUID } from 'node:crypto';
import { createLogger } from '@hutong/telemetry';
import kafkajs, {
  type Admin,
  type Consumer,
  type IHeaders,
  type Kafka,
  type KafkaMessage,
} from 'kafkajs';
import { kafkaClient, PATIENT, physical, type KafkaSettings } from './kafka-settings.js';
import { rawHeaders } from './raw-record.js';
import { Sender } from './sender.js';
import { within } from './wait.js';

/** A record as the log holds it. Text, since that is what looks at it; `value` null is a tombstone. */
export type ProbedRecord = Readonly<{
  partition: number;
  offset: bigint;
  appendedAt: Date;
  key: string | null;
  value: string | null;
  /** The value as it is, of which `value` is a reading. */
  bytes: Buffer | null;
  headers: Readonly<Record<string, string>>;
}>;

/** Bytes to be produced as they are, well formed or not. */
export type RawBytes = Readonly<{
  key?: string | null;
  value: Buffer | string | null;
  headers?: IHeaders;
  partition?: number;
}>;

/** A topic as a broker has it. */
export type TopicShape = Readonly<{ name: string; partitions: number; retentionMs: number }>;

export type GroupOffset = Readonly<{ partition: number; committed: bigint; end: bigint }>;

const READ_WITHIN_MS = 30_000;

/** Looks at topics and groups from outside, for specs and tools: nobody else needs a Kafka client. */
export class TopicProbe implements AsyncDisposable {
  private constructor(
    private readonly settings: KafkaSettings,
    private readonly kafka: Kafka,
    private readonly admin: Admin,
    private readonly sender: Sender,
  ) {}

  static async connect(settings: KafkaSettings): Promise<TopicProbe> {
    const logger = createLogger({ service: 'probe', level: 'error' });
    const quick = { maxWaitMs: 100, heartbeatMs: 500, sessionMs: 6_000, ...settings.timing };
    const patient = { ...settings, timing: quick };
    const kafka = kafkaClient(patient, 'probe', logger, PATIENT);
    const admin = kafka.admin();
    await admin.connect();
    return new TopicProbe(patient, kafka, admin, new Sender(patient, 'probe', logger));
  }

  /** Everything that the topic holds now, by partition and offset. @throws Error after 30 s without it. */
  async records(topic: string): Promise<ProbedRecord[]> {
    const name = physical(this.settings, topic);
    const missing = new Map(
      (await this.admin.fetchTopicOffsets(name))
        .filter(({ low, high }) => BigInt(high) > BigInt(low))
        .map(({ partition, high }) => [partition, BigInt(high)]),
    );
    if (missing.size === 0) return [];
    const found: ProbedRecord[] = [];
    const groupId = `probe-${randomUUID()}`;
    const consumer = this.kafka.consumer({
      groupId,
      sessionTimeout: 6_000,
      heartbeatInterval: 500,
      maxWaitTimeInMs: 100,
    });
    try {
      await this.readUntil(consumer, name, (partition, message) => {
        const end = missing.get(partition);
        if (end !== undefined && BigInt(message.offset) < end) {
          found.push(probed(partition, message));
        }
        if (end !== undefined && BigInt(message.offset) + 1n >= end) missing.delete(partition);
        return missing.size === 0;
      });
    } finally {
      await consumer.disconnect();
      await this.admin.deleteGroups([groupId]);
    }
    return found.toSorted((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  }

  /** How the broker has these topics. @throws kafkajs' error if it has not every one of them. */
  async shapes(topics: readonly string[]): Promise<TopicShape[]> {
    const names = topics.map((topic) => physical(this.settings, topic));
    const { topics: found } = await this.admin.fetchTopicMetadata({ topics: names });
    const { resources } = await this.admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: ['retention.ms'],
      })),
    });
    return topics.map((name) => {
      const own = physical(this.settings, name);
      const config =
        resources.find(({ resourceName }) => resourceName === own)?.configEntries ?? [];
      return {
        name,
        partitions: found.find((topic) => topic.name === own)?.partitions.length ?? 0,
        retentionMs: Number(config.find((one) => one.configName === 'retention.ms')?.configValue),
      };
    });
  }

  /** Where a group stands on a topic; a partition without a commit counts as committed at its start. */
  async offsets(topic: string, group: string): Promise<GroupOffset[]> {
    const name = physical(this.settings, topic);
    const ends = await this.admin.fetchTopicOffsets(name);
    const [own] = await this.admin.fetchOffsets({
      groupId: physical(this.settings, group),
      topics: [name],
    });
    return ends.map(({ partition, low, high }) => {
      const offset = own?.partitions.find((one) => one.partition === partition)?.offset ?? '-1';
      const committed = BigInt(offset) < 0n ? BigInt(low) : BigInt(offset);
      return { partition, committed, end: BigInt(high) };
    });
  }

  /** Whether the group has committed everything there is on these topics. */
  async settled(topics: readonly string[], group: string): Promise<boolean> {
    const all = await Promise.all(topics.map((topic) => this.offsets(topic, group)));
    return all.flat().every(({ committed, end }) => committed === end);
  }

  /** Forgets what a stopped group has committed, so that everything is delivered to it again. */
  async rewind(group: string): Promise<void> {
    await this.admin.deleteGroups([physical(this.settings, group)]);
  }

  /** Members of the group now: a stopped one has none. */
  async members(group: string): Promise<number> {
    const { groups } = await this.admin.describeGroups([physical(this.settings, group)]);
    return groups.reduce((sum, one) => sum + one.members.length, 0);
  }

  /** @throws SendRejected if the broker does not take them. */
  async produce(topic: string, ...records: readonly RawBytes[]): Promise<void> {
    const messages = records.map(({ key = null, ...rest }) => ({ key, ...rest }));
    await this.sender.send([{ topic: physical(this.settings, topic), messages }]);
  }

  /** The same, compressed by gzip on the way. @throws SendRejected if the broker does not take it. */
  async producePacked(topic: string, { key = null, ...rest }: RawBytes): Promise<void> {
    const messages = [{ key, ...rest }];
    const compression = kafkajs.CompressionTypes.GZIP;
    await this.sender.send([{ topic: physical(this.settings, topic), messages }], compression);
  }

  async close(): Promise<void> {
    await this.sender.close();
    await this.admin.disconnect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async readUntil(
    consumer: Consumer,
    topic: string,
    sawAll: (partition: number, message: KafkaMessage) => boolean,
  ): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        if (sawAll(partition, message)) resolve();
        await Promise.resolve();
      },
    });
    if (!(await within(READ_WITHIN_MS, promise))) throw new Error(`${topic} could not be read`);
  }
}

const probed = (partition: number, message: KafkaMessage): ProbedRecord => ({
  partition,
  offset: BigInt(message.offset),
  appendedAt: new Date(Number(message.timestamp)),
  key: message.key?.toString() ?? null,
  value: message.value?.toString() ?? null,
  bytes: message.value,
  headers: Object.fromEntries(
    rawHeaders(message.headers ?? {}).map(([name, value]) => [name, value?.toString() ?? '']),
  ),
});
