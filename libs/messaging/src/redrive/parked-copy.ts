import { catalogue, type Topic } from '@hutong/domain-events';
import type { LoggedRecord } from '../log-reader.js';
import { headerText, queueKey, type RawRecord } from '../raw-record.js';
import { readRecord } from '../read-record.js';

/** A record that a group has set aside: as it was told first, and where the newest copy of it is parked. */
export type ParkedCopy = Readonly<{
  /** As it came: original place, bytes, key and headers, without those that parking added. */
  record: RawRecord;
  /** What it queues under. */
  key: string;
  parkedAt: Date;
  parkedPartition: number;
  parkedOffset: bigint;
  errorCode: string;
  detail: string;
  /** What it says, if this release can read it; else why it cannot. */
  reads: Readonly<{ type: string }> | Readonly<{ unreadable: string }>;
}>;

/** What of everything that is parked is asked for. */
export type Chosen = Readonly<{
  topics: readonly Topic[];
  errorCode?: string | undefined;
  key?: string | undefined;
  /** Parked from then on. */
  since?: Date | undefined;
}>;

/** A parked record read back. Nothing if it does not say where it came from: we did not park it. */
export function parkedCopy(parked: LoggedRecord): ParkedCopy | undefined {
  const { key, value } = parked;
  const text = (name: string) => headerText(parked, name) ?? '';
  const topic = catalogue.find(({ name }) => name === text('dlt.original-topic'))?.name;
  const [partition, offset] = [text('dlt.original-partition'), text('dlt.original-offset')];
  const appendedAt = new Date(text('dlt.original-timestamp'));
  if (topic === undefined || !/^\d+$/.test(partition) || !/^\d+$/.test(offset)) return undefined;
  if (Number.isNaN(appendedAt.getTime())) return undefined;
  const record: RawRecord = {
    topic,
    partition: Number(partition),
    offset: BigInt(offset),
    appendedAt,
    key,
    value,
    headers: parked.headers.filter(([name]) => !name.startsWith('dlt.')),
  };
  const read = readRecord(record);
  return {
    record,
    key: queueKey(record),
    parkedAt: parked.appendedAt,
    parkedPartition: parked.partition,
    parkedOffset: parked.offset,
    errorCode: text('dlt.error-code'),
    detail: text('dlt.error-detail'),
    reads: read.ok ? { type: read.value.event.type } : { unreadable: read.refusal.code },
  };
}

/** Where it was told first: the same however often it was parked. */
export const originOf = ({ record: { topic, partition, offset } }: ParkedCopy): string =>
  `${topic}/${partition}/${offset}`;

/** Of each record the newest copy: a crash between parking and committing parks it twice. */
export function newestOf(copies: readonly ParkedCopy[]): ParkedCopy[] {
  const newest = new Map<string, ParkedCopy>();
  for (const copy of copies) {
    const before = newest.get(originOf(copy));
    if (before === undefined || before.parkedOffset < copy.parkedOffset) {
      newest.set(originOf(copy), copy);
    }
  }
  return [...newest.values()].toSorted(asTold);
}

export const isChosen = (copy: ParkedCopy, { topics, errorCode, key, since }: Chosen): boolean =>
  topics.includes(copy.record.topic) &&
  (errorCode === undefined || copy.errorCode === errorCode) &&
  (key === undefined || copy.key === key) &&
  (since === undefined || copy.parkedAt >= since);

/** In the order in which they were told, so that each key has its own again. */
const asTold = ({ record: a }: ParkedCopy, { record: b }: ParkedCopy): number =>
  a.topic === b.topic && a.partition === b.partition
    ? Number(a.offset - b.offset)
    : a.appendedAt.getTime() - b.appendedAt.getTime();
