import { randomUUID } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { Topic } from '@hutong/domain-events';
import type { Pool } from 'pg';
import { inTransaction } from '../in-transaction.js';
import { enqueue } from '../parked-keys.repository.js';
import { originOf, type ParkedCopy } from './parked-copy.js';

/** What became of a record that was put back: it waits, is dealt with, or was parked again. */
export type Outcome = 'queued' | 'handled' | 'parked_again';

/** The last time that a parked record was put back. */
export type Redriven = Readonly<{ parkedOffset: bigint; outcome: Outcome; stillQueued: boolean }>;

/** A key in trouble, with what queues behind it. */
export type KeyInTrouble = Readonly<{
  topic: Topic;
  key: string;
  queued: number;
  attempts: number;
  errorClass: string;
  errorCode: string;
  nextAttemptAt: Date;
}>;

/** Advisory lock of ours: "REDR" in ASCII. */
const LOCK = 0x52454452;

/**
 * The record of who had what put back. Putting back means queueing in the group's own table of parked keys:
 * other groups hear nothing of it, later events of the key queue behind it, and whoever is killed in
 * between has either queued a record and said so, or neither.
 */
export class RedrivesRepository {
  private readonly runId = randomUUID();

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /** Runs `work` while no other redrive of this service runs. @throws Error if one does. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query<{ mine: boolean }>(
        'select pg_try_advisory_lock($1) as mine',
        [LOCK],
      );
      if (rows[0]?.mine !== true) throw new Error('another redrive of this service is running');
      const result = await work();
      await client.query('select pg_advisory_unlock($1)', [LOCK]);
      return result;
    } finally {
      client.release(true); // whatever happened, the lock ends with its session
    }
  }

  /** By origin, the newest of each. */
  async known(topics: readonly Topic[]): Promise<ReadonlyMap<string, Redriven>> {
    const { rows } = await this.pool.query<KnownRow>(
      `select topic, partition, record_offset::text, parked_offset::text, outcome,
         exists (select 1 from parked_messages m where m.topic = r.topic
           and m.partition = r.partition and m.record_offset = r.record_offset) as still_queued
       from redrives r where topic = any($1) order by r.id`,
      [[...topics]],
    );
    return new Map(
      rows.map((row): [string, Redriven] => [
        `${row.topic}/${row.partition}/${row.record_offset}`,
        {
          parkedOffset: BigInt(row.parked_offset),
          outcome: row.outcome,
          stillQueued: row.still_queued,
        },
      ]),
    );
  }

  /** @returns false if this very copy was put back before. */
  putBack(copy: ParkedCopy, by: string): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { record, key } = copy;
      const now = this.clock.now();
      const { rowCount } = await client.query(
        `insert into redrives (run_id, ordered_by, redriven_at, topic, partition, record_offset,
           parked_partition, parked_offset, key, error_code, outcome)
         values ($1, $2, $3, $4, $5, $6::bigint, $7, $8::bigint, $9, $10, 'queued')
         on conflict (topic, parked_partition, parked_offset) do nothing`,
        [
          this.runId,
          by,
          now,
          record.topic,
          record.partition,
          record.offset.toString(),
          copy.parkedPartition,
          copy.parkedOffset.toString(),
          key,
          copy.errorCode,
        ],
      );
      if (rowCount !== 1) return false;
      await client.query(
        `insert into parked_keys
           (topic, key, attempts, first_failed_at, next_attempt_at, error_class, error_code)
         values ($1, $2, 0, $3, $3, 'redriven', $4)
         on conflict (topic, key) do update set next_attempt_at = excluded.next_attempt_at`,
        [record.topic, key, now, copy.errorCode],
      );
      // Nobody takes a turn or queues meanwhile.
      await client.query('select 1 from parked_keys where topic = $1 and key = $2 for update', [
        record.topic,
        key,
      ]);
      await enqueue(client, record, key);
      await client.query(IN_ORDER, [record.topic, key]);
      return true;
    });
  }

  /** Says of everything that waited, and waits no more, what became of it. */
  async conclude(
    copies: readonly ParkedCopy[],
    waited: ReadonlyMap<string, Redriven>,
  ): Promise<void> {
    const newest = new Map(copies.map((copy) => [originOf(copy), copy.parkedOffset]));
    for (const [origin, { parkedOffset, outcome, stillQueued }] of waited) {
      if (outcome !== 'queued' || stillQueued) continue;
      const isParkedAgain = (newest.get(origin) ?? parkedOffset) > parkedOffset;
      const [topic, partition, offset] = origin.split('/');
      await this.pool.query(
        `update redrives set outcome = $4, concluded_at = $5
         where topic = $1 and partition = $2 and record_offset = $3::bigint and outcome = 'queued'`,
        [topic, partition, offset, isParkedAgain ? 'parked_again' : 'handled', this.clock.now()],
      );
    }
  }

  async keysInTrouble(topics: readonly Topic[]): Promise<KeyInTrouble[]> {
    const { rows } = await this.pool.query<KeyInTrouble>(
      `select topic, key, attempts, error_class as "errorClass", error_code as "errorCode",
         next_attempt_at as "nextAttemptAt", (select count(*)::int from parked_messages m
           where m.topic = k.topic and m.key = k.key) as queued
       from parked_keys k where topic = any($1) order by first_failed_at, key`,
      [[...topics]],
    );
    return rows;
  }
}

type KnownRow = Readonly<{
  topic: Topic;
  partition: number;
  record_offset: string;
  parked_offset: string;
  outcome: Outcome;
  still_queued: boolean;
}>;

/** A queue is worked off by id: everything in it gets a new one, in the order in which it was told. */
const IN_ORDER = `
  with moved as (
    delete from parked_messages where topic = $1 and key = $2
    returning partition, record_offset, appended_at, record_key, value, headers
  )
  insert into parked_messages
    (topic, key, partition, record_offset, appended_at, record_key, value, headers)
  select $1, $2, m.* from moved m order by m.appended_at, m.record_offset`;
