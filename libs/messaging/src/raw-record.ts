import type { Topic } from '@hutong/domain-events';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** A record as it came, byte for byte, whether from the broker or from the queue of a parked key. */
export type RawRecord = Readonly<{
  topic: Topic;
  partition: number;
  offset: bigint;
  appendedAt: Date;
  key: Buffer | null;
  /** `null` is a tombstone. */
  value: Buffer | null;
  /** In order; a name may repeat, a value may be null. */
  headers: readonly RawHeader[];
}>;
export type RawHeader = readonly [name: string, value: Buffer | null];

export const rawRecord = (topic: Topic, partition: number, message: KafkaMessage): RawRecord => ({
  topic,
  partition,
  offset: BigInt(message.offset),
  appendedAt: new Date(Number(message.timestamp)),
  key: message.key,
  value: message.value,
  headers: rawHeaders(message.headers ?? {}),
});

/** What a record queues under if its key is in trouble. PostgreSQL takes every text but one with a NUL. */
export const queueKey = (record: RawRecord): string =>
  (record.key?.toString('utf8') ?? '').replaceAll('\0', '\uFFFD');

/** Its first value, as text. */
export const headerText = (record: Pick<RawRecord, 'headers'>, name: string): string | undefined =>
  record.headers.find(([known]) => known === name)?.[1]?.toString('utf8');

/** For sending on: kafkajs throws on a null value, so it becomes an empty one. */
export function sendableHeaders(headers: readonly RawHeader[]): IHeaders {
  const byName = Map.groupBy(headers, ([name]) => name);
  return Object.fromEntries(
    [...byName].map(([name, pairs]) => {
      const values = pairs.map(([, value]) => value ?? Buffer.alloc(0));
      const [only] = values;
      return [name, values.length === 1 && only !== undefined ? only : values];
    }),
  );
}

export function rawHeaders(headers: IHeaders): RawHeader[] {
  return Object.entries(headers).flatMap(([name, value]): RawHeader[] =>
    Array.isArray(value) ? value.map((one) => [name, bytes(one)]) : [[name, bytes(value)]],
  );
}

/** kafkajs types say that a header is never null; the wire says otherwise. */
const bytes = (value: Buffer | string | null | undefined): Buffer | null =>
  typeof value === 'string' ? Buffer.from(value) : (value ?? null);
