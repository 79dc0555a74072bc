import type { Topic } from '@hutong/domain-events';
import type { Pool, PoolClient } from 'pg';
import type { FaultName } from './fault-name.js';
import { inTransaction } from './in-transaction.js';
import type { RawHeader, RawRecord } from './raw-record.js';

/** A key in trouble whose turn it is, locked for this instance. */
export type DueKey = Readonly<{ topic: Topic; key: string; attempts: number; firstFailedAt: Date }>;
export type QueuedRecord = Readonly<{ id: string; record: RawRecord }>;

/** How a turn of a due key ended: all that it saw is dealt with, there is more, or a record failed again. */
export type TurnEnd =
  | Readonly<{ kind: 'drained' }>
  | Readonly<{ kind: 'more'; nextAttemptAt: Date }>
  | Readonly<{ kind: 'failed'; fault: FaultName; attempts: number; nextAttemptAt: Date }>;

/** What a turn sees of the queue; both run in the transaction that holds the key's lock. */
export type Turn = Readonly<{
  due: DueKey;
  /** The oldest records of the key, in order. */
  head(limit: number): Promise<QueuedRecord[]>;
  remove(queued: QueuedRecord): Promise<void>;
}>;

/**
 * The tables of keys in transient trouble. Two strengths of one row's lock order whoever touches a
 * queue: a turn keeps other turns away and lets records queue (`no key update` beside `key share`), so
 * that a slow key does not hold up the partition it is on; forgetting the key keeps everybody away.
 */
export class ParkedKeysRepository {
  constructor(private readonly pool: Pool) {}

  /** Which of these keys have a queue. */
  async parkedAmong(topic: Topic, keys: readonly string[]): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const { rows } = await this.pool.query<{ key: string }>(
      'select key from parked_keys where topic = $1 and key = any($2)',
      [topic, [...keys]],
    );
    return new Set(rows.map((row) => row.key));
  }

  /** Parks a key with its first record. A redelivery of the record changes nothing. */
  park(
    record: RawRecord,
    key: string,
    trouble: Readonly<{ fault: FaultName; attempts: number; since: Date; nextAttemptAt: Date }>,
  ): Promise<void> {
    return inTransaction(this.pool, async (client) => {
      await client.query(
        `insert into parked_keys
           (topic, key, attempts, first_failed_at, next_attempt_at, error_class, error_code)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (topic, key) do nothing`,
        [
          record.topic,
          key,
          trouble.attempts,
          trouble.since,
          trouble.nextAttemptAt,
          trouble.fault.errorClass,
          trouble.fault.errorCode,
        ],
      );
      await enqueue(client, record, key);
    });
  }

  /** Queues a record behind its key. @returns false if the key is not parked any more: handle it now. */
  queueBehind(record: RawRecord, key: string): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const locked = await client.query(
        'select 1 from parked_keys where topic = $1 and key = $2 for key share',
        [record.topic, key],
      );
      if (locked.rows.length === 0) return false;
      await enqueue(client, record, key);
      return true;
    });
  }

  /**
   * Locks one key that is due, lets `work` try its queue and stores how that ended. Other instances
   * skip the locked key; consumers queue behind it meanwhile.
   * @returns false if no key is due.
   */
  takeTurn(now: Date, work: (turn: Turn) => Promise<TurnEnd>): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<DueRow>(
        `select topic, key, attempts, first_failed_at from parked_keys
         where next_attempt_at <= $1 order by next_attempt_at limit 1
         for no key update skip locked`,
        [now],
      );
      const [row] = rows;
      if (row === undefined) return false;
      const { topic, key, attempts, first_failed_at: firstFailedAt } = row;
      const end = await work({
        due: { topic, key, attempts, firstFailedAt },
        head: (limit) => headOf(client, row, limit),
        remove: async ({ id }) => {
          await client.query('delete from parked_messages where id = $1', [id]);
        },
      });
      await conclude(client, row, end);
      return true;
    });
  }

  /** How many keys are in trouble now. */
  async count(): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      'select count(*)::int as count from parked_keys',
    );
    return rows[0]?.count ?? 0;
  }
}

type DueRow = { topic: Topic; key: string; attempts: number; first_failed_at: Date };
type MessageRow = {
  id: string;
  partition: number;
  record_offset: string;
  appended_at: Date;
  record_key: Buffer | null;
  value: Buffer | null;
  headers: readonly (readonly [string, string | null])[];
};

/** The last of its key's queue; nothing if it queues there already. */
export async function enqueue(client: PoolClient, record: RawRecord, key: string): Promise<void> {
  const { topic, partition, offset, appendedAt, value } = record;
  const headers = record.headers.map(([name, bytes]) => [name, bytes?.toString('base64') ?? null]);
  await client.query(
    `insert into parked_messages
       (topic, key, partition, record_offset, appended_at, record_key, value, headers)
     values ($1, $2, $3, $4::bigint, $5, $6, $7, $8::json)
     on conflict (topic, partition, record_offset) do nothing`,
    [
      topic,
      key,
      partition,
      offset.toString(),
      appendedAt,
      record.key,
      value,
      JSON.stringify(headers),
    ],
  );
}

async function headOf(client: PoolClient, due: DueRow, limit: number): Promise<QueuedRecord[]> {
  const { rows } = await client.query<MessageRow>(
    // By the column: a bare "id" would be the text beside it, where 10 comes before 9.
    `select m.id::text, partition, record_offset::text, appended_at, record_key, value, headers
     from parked_messages m where topic = $1 and key = $2 order by m.id limit $3`,
    [due.topic, due.key, limit],
  );
  return rows.map((row) => ({ id: row.id, record: recordOf(due.topic, row) }));
}

async function conclude(client: PoolClient, due: DueRow, end: TurnEnd): Promise<void> {
  const { topic, key } = due;
  switch (end.kind) {
    case 'drained':
      return forget(client, due);
    case 'more':
      await client.query(
        'update parked_keys set attempts = 0, next_attempt_at = $3 where topic = $1 and key = $2',
        [topic, key, end.nextAttemptAt],
      );
      return;
    case 'failed':
      await client.query(
        `update parked_keys set attempts = $3, next_attempt_at = $4, error_class = $5, error_code = $6
         where topic = $1 and key = $2`,
        [topic, key, end.attempts, end.nextAttemptAt, end.fault.errorClass, end.fault.errorCode],
      );
  }
}

/** Whoever queues now has committed when the lock is ours, and who comes later finds no key. */
async function forget(client: PoolClient, { topic, key }: DueRow): Promise<void> {
  await client.query('select 1 from parked_keys where topic = $1 and key = $2 for update', [
    topic,
    key,
  ]);
  // A statement of its own: its snapshot is younger than the lock.
  await client.query(
    `delete from parked_keys where topic = $1 and key = $2 and not exists
       (select 1 from parked_messages m where m.topic = $1 and m.key = $2)`,
    [topic, key],
  );
}

const recordOf = (topic: Topic, row: MessageRow): RawRecord => ({
  topic,
  partition: row.partition,
  offset: BigInt(row.record_offset),
  appendedAt: row.appended_at,
  key: row.record_key,
  value: row.value,
  headers: row.headers.map(([name, text]): RawHeader => [
    name,
    text === null ? null : Buffer.from(text, 'base64'),
  ]),
});
