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

/** `contended`: there are rows, but another relay holds their shards. */
export type Claim = Readonly<{ kind: 'sent' | 'idle' | 'contended' }>;

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
      await client.query(
        `set local idle_in_transaction_session_timeout = ${Math.ceil(this.holdMs)}`,
      );
      const { busy, held } = await this.lockShards(client);
      if (held.length === 0) return { kind: busy ? 'contended' : 'idle' };
      // A statement of its own: its snapshot is younger than the locks, so it sees every delete.
      const { rows } = await client.query<OutboxRow>(
        // By the column: a bare "id" would be the text beside it, where 10 comes before 9.
        `select o.id::text, topic, key, value, headers from outbox o
         where shard = any($1::smallint[]) order by o.id limit ${ROWS_PER_TURN}`,
        [held],
      );
      if (rows.length === 0) return { kind: 'idle' };
      const some = withinBytes(rows);
      await send(some);
      await client.query('delete from outbox where id = any($1::bigint[])', [
        some.map((row) => row.id),
      ]);
      return { kind: 'sent' };
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

  /** The locks end with the transaction, however it ends. */
  private async lockShards(
    client: PoolClient,
  ): Promise<Readonly<{ busy: boolean; held: number[] }>> {
    const from = this.from;
    const { rows } = await client.query<{ shard: number; held: boolean }>(
      `select shard, pg_try_advisory_xact_lock(${LOCK_CLASS}, shard) as held from (
         select every.shard from generate_series(0, ${SHARDS - 1}) as every (shard)
         where exists (select 1 from outbox o where o.shard = every.shard)
         order by mod(every.shard + ${SHARDS} - $1::int, ${SHARDS}) limit ${SHARDS_PER_TURN}
       ) busy`,
      [from],
    );
    this.from = (from + SHARDS_PER_TURN) % SHARDS;
    return {
      busy: rows.length > 0,
      held: rows.filter((row) => row.held).map((row) => row.shard),
    };
  }
}

/** The oldest of the rows that fit together; one alone always does. */
function withinBytes(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  let bytes = 0;
  const end = rows.findIndex(({ value }, n) => (bytes += value.length) > BYTES_PER_TURN && n > 0);
  return end === -1 ? rows : rows.slice(0, end);
}
