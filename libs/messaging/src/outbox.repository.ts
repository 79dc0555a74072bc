import type { Topic } from '@hutong/domain-events';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './in-transaction.js';
import { SHARDS } from './shard-of.js';

export type OutboxRow = Readonly<{
  id: string;
  topic: Topic;
  key: string;
  value: Buffer;
  headers: Record<string, string>;
}>;

/**
 * `sent`: there may be more. `drained`: what was there is sent, all of it. `contended`: there are rows,
 * but another relay holds their shards.
 */
export type Claim = Readonly<{ kind: 'sent' | 'drained' | 'idle' | 'contended' }>;

/** Advisory locks of ours, apart from those of the migration runner: "OUTB" in ASCII. */
const LOCK_CLASS = 0x4f555442;
const ROWS_PER_TURN = 500;
/** Half of them: two relays work side by side, and one alone still sends large batches. */
const SHARDS_PER_TURN = SHARDS / 2;
/** A broker takes one mebibyte for a partition, and all rows of a turn may go to one. */
const BYTES_PER_TURN = 768 * 1024;

export class OutboxRepository {
  private from = 0;

  /** @param holdMs how long a turn may wait for `send`, before the server ends its transaction. */
  constructor(
    private readonly pool: Pool,
    private readonly holdMs: number,
  ) {}

  /**
   * Gives `send` the oldest rows of shards that nobody else holds, and deletes them once it has
   * resolved. Rows are claimed by what is there, never from a watermark: a transaction that commits
   * late has lower ids. @throws what `send` throws; the rows stay.
   */
  claim(send: (rows: readonly OutboxRow[]) => Promise<void>): Promise<Claim> {
    return inTransaction(this.pool, async (client) => {
      const { busy, held, rows } = await this.oldest(client);
      if (rows.length === 0) return { kind: busy > held ? 'contended' : 'idle' };
      const some = withinBytes(rows);
      await send(some);
      await client.query({ ...DELETE_ROWS, values: [some.map((row) => row.id)] });
      const all = busy < SHARDS_PER_TURN && held === busy && some.length < ROWS_PER_TURN;
      return { kind: all && some.length === rows.length ? 'drained' : 'sent' };
    });
  }

  /** Whether there is anything to claim: one cheap query, no transaction. */
  async any(): Promise<boolean> {
    const { rows } = await this.pool.query('select 1 from outbox limit 1');
    return rows.length > 0;
  }

  /** How many rows wait, counted up to a bound, and since when. */
  async backlog(): Promise<Readonly<{ rows: number; oldest: Date | undefined }>> {
    const { rows } = await this.pool.query<{ rows: number; oldest: Date | null }>(
      `select (select count(*) from (select 1 from outbox limit 100000) counted)::int as rows,
              (select appended_at from outbox order by id limit 1) as oldest`,
    );
    const [row] = rows;
    return { rows: row?.rows ?? 0, oldest: row?.oldest ?? undefined };
  }

  /**
   * Locks shards that have rows, until the transaction ends however it ends, and reads the oldest rows of
   * those that it got. Three statements on one way: the last is one of its own because its snapshot
   * has to be younger than the locks, so that it sees every delete.
   */
  private async oldest(
    client: PoolClient,
  ): Promise<Readonly<{ busy: number; held: number; rows: readonly OutboxRow[] }>> {
    const [, locked, { rows }] = await Promise.all([
      client.query({ ...SETTINGS, values: [`${Math.ceil(this.holdMs)}`] }),
      client.query<{ busy: number; held: number }>({ ...LOCK_SHARDS, values: [this.from] }),
      client.query<OutboxRow>(OLDEST_ROWS),
    ]);
    this.from = (this.from + SHARDS_PER_TURN) % SHARDS;
    const { busy = 0, held = 0 } = locked.rows[0] ?? {};
    return { busy, held, rows };
  }
}

/**
 * For this transaction alone. Its commit need not reach the disk: a delete that a crash of the server
 * undoes is a record sent again, as after a crash between sending and deleting.
 */
const SETTINGS = {
  name: 'hutong outbox: settings',
  text: `select set_config('idle_in_transaction_session_timeout', $1, true),
                set_config('synchronous_commit', 'off', true)`,
};

/** Leaves the numbers of the locked shards in a setting, where the next statement finds them. */
const LOCK_SHARDS = {
  name: 'hutong outbox: lock shards',
  text: `select count(*)::int as busy, count(*) filter (where held)::int as held,
                set_config('hutong.shards',
                  coalesce(array_agg(shard) filter (where held), '{}')::text, true)
         from (
           select shard, pg_try_advisory_xact_lock(${LOCK_CLASS}, shard) as held from (
             select every.shard from generate_series(0, ${SHARDS - 1}) as every (shard)
             where exists (select 1 from outbox o where o.shard = every.shard)
             order by mod(every.shard + ${SHARDS} - $1::int, ${SHARDS}) limit ${SHARDS_PER_TURN}
           ) busy
         ) tried`,
};

const OLDEST_ROWS = {
  name: 'hutong outbox: oldest rows',
  // By the column: a bare "id" would be the text beside it, where 10 comes before 9.
  text: `select o.id::text, topic, key, value, headers from outbox o
         where shard = any(current_setting('hutong.shards')::smallint[])
         order by o.id limit ${ROWS_PER_TURN}`,
};

const DELETE_ROWS = {
  name: 'hutong outbox: delete rows',
  text: 'delete from outbox where id = any($1::bigint[])',
};

/** The oldest of the rows that fit together; one alone always does. */
function withinBytes(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  let bytes = 0;
  const end = rows.findIndex(({ value }, n) => (bytes += value.length) > BYTES_PER_TURN && n > 0);
  return end === -1 ? rows : rows.slice(0, end);
}
