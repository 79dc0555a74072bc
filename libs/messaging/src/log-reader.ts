import { createLogger } from '@hutong/telemetry';
import type { Consumer, Kafka, KafkaMessage } from 'kafkajs';
import {
  consumerConfig,
  kafkaClient,
  PATIENT,
  physical,
  type KafkaSettings,
} from './kafka-settings.js';
import { rawHeaders, type RawRecord } from './raw-record.js';
import { within } from './wait.js';

/** A record as it lies in a topic, of the catalogue or parked. */
export type LoggedRecord = Omit<RawRecord, 'topic'>;

export type LogReading = Readonly<{
  settings: KafkaSettings;
  /** Groups of this name are nobody else's: it commits nothing, and leaves nothing behind. */
  group: string;
  /** Only what was appended from then on; all there is if not given. */
  since?: Date | undefined;
}>;

/** Without a record for so long although there are some, a broker is not going to give any. */
const SILENT_MS = 30_000;

/** Reads topics from outside, up to their ends at the time of asking, by partition and offset. */
export class LogReader {
  private readonly kafka: Kafka;

  constructor(private readonly o: LogReading) {
    const logger = createLogger({ service: 'log-reader', level: 'error' });
    this.kafka = kafkaClient(o.settings, o.group, logger, PATIENT);
  }

  /** @throws Error if the broker gives nothing for 30 s, and kafkajs' if it refuses. */
  async read(topic: string): Promise<LoggedRecord[]> {
    const name = physical(this.o.settings, topic);
    const ranges = await this.rangesOf(name);
    if (ranges.size === 0) return [];
    const found: LoggedRecord[] = [];
    const consumer = this.kafka.consumer(consumerConfig(this.o.settings, this.o.group));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [name], fromBeginning: true });
      await readRanges(consumer, { name, ranges }, (record) => found.push(record));
    } finally {
      await consumer.disconnect();
    }
    return found.toSorted((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  }

  /** Of partitions that have anything: from which offset on, and before which. */
  private async rangesOf(name: string): Promise<Map<number, Range>> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const ends = await admin.fetchTopicOffsets(name);
      const { since } = this.o;
      const starts =
        since === undefined ? [] : await admin.fetchTopicOffsetsByTimestamp(name, since.getTime());
      const ranges = ends.map(({ partition, low, high }): [number, Range] => {
        const start = starts.find((one) => one.partition === partition)?.offset ?? low;
        return [partition, { from: BigInt(start), end: BigInt(high) }];
      });
      return new Map(ranges.filter(([, { from, end }]) => from < end));
    } finally {
      await admin.disconnect();
    }
  }
}

type Range = Readonly<{ from: bigint; end: bigint }>;

async function readRanges(
  consumer: Consumer,
  { name, ranges }: Readonly<{ name: string; ranges: ReadonlyMap<number, Range> }>,
  found: (record: LoggedRecord) => void,
): Promise<void> {
  const missing = new Map(ranges);
  let heard = Promise.withResolvers<void>();
  const crashed = Promise.withResolvers<never>();
  crashed.promise.catch(() => undefined);
  let crash: Error | undefined;
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    crash = payload.error;
    if (!payload.restart) crashed.reject(payload.error);
  });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      const range = ranges.get(partition);
      const offset = BigInt(message.offset);
      if (range !== undefined && missing.has(partition)) {
        if (offset >= range.from && offset < range.end) found(logged(partition, message));
        if (offset + 1n >= range.end) missing.delete(partition);
      }
      heard.resolve();
      await Promise.resolve();
    },
  });
  // kafkajs resolves even so, and of a group that was never joined says only that nothing runs.
  if (crash !== undefined) throw crash;
  for (const [partition, { from }] of ranges) {
    consumer.seek({ topic: name, partition, offset: from.toString() });
  }
  while (missing.size > 0) {
    if (!(await within(SILENT_MS, Promise.race([heard.promise, crashed.promise])))) {
      throw new Error(`${name} could not be read: is this command running twice?`);
    }
    heard = Promise.withResolvers<void>();
  }
}

const logged = (partition: number, message: KafkaMessage): LoggedRecord => ({
  partition,
  offset: BigInt(message.offset),
  appendedAt: new Date(Number(message.timestamp)),
  key: message.key,
  value: message.value,
  headers: rawHeaders(message.headers ?? {}),
});
