import type { Sql } from '@hutong/database';
import { LEFT } from './row-values.repository.js';

/** Of what was never sent nothing is asked, nor of what is left to people. */
const ASKABLE = `prepared_body is not null and not (${LEFT})`;
const TO_ASK_AGAIN = `hinted and ${ASKABLE}`;

/** What has work due, a lease and a fence: each table, and the key of its rows. */
const KEYS = { attempts: 'attempt_id', refunds: 'refund_id' } as const;
export type DueTable = keyof typeof KEYS;

/** How many rows of each account may be taken now. */
export type Slots = ReadonlyMap<string, number>;

/** Who takes rows, and for how long nobody else does. */
export type Lease = Readonly<{ owner: string; ms: number }>;

/**
 * Takes due rows that nobody holds and nobody else is taking, first those whose action comes first in the
 * alphabet. The lease is timed by the database's clock; what is due, by the caller's.
 */
export function claimDue<Row extends object>(
  db: Sql,
  table: DueTable,
  o: Readonly<{ slots: Slots; lease: Lease; now: Date; actions: readonly string[] }>,
): Promise<Row[]> {
  const { slots, lease, now, actions } = o;
  const key = KEYS[table];
  return db.query<Row>(
    `with due as materialized (
       select taken.${key}
       from unnest($1::text[], $2::int[]) as free (account, slots)
       cross join lateral (
         select b.${key} from ${table} b
         where b.account = free.account and b.due_at <= $3::timestamptz
           and b.due_action = any($6::text[])
           and (b.leased_until is null or b.leased_until <= clock_timestamp())
         order by b.due_action, b.due_at
         limit free.slots
         for update skip locked
       ) as taken
     )
     update ${table} a
     set lease_owner = $4, fence = a.fence + 1,
         leased_until = clock_timestamp() + $5::bigint * interval '1 millisecond'
     from due where a.${key} = due.${key}
     returning a.*`,
    [[...slots.keys()], [...slots.values()], now, lease.owner, lease.ms, [...actions]],
  );
}

/** Gives the lease back. What was hinted at meanwhile may be news to its answer: it is asked for now. */
export const release = (tx: Sql, table: DueTable, id: string, now: Date): Promise<unknown> =>
  tx.query(
    `update ${table} set lease_owner = null, leased_until = null, hinted = false,
       due_action = case when ${TO_ASK_AGAIN} then 'query' else due_action end,
       due_at = case when ${TO_ASK_AGAIN} then $2::timestamptz else due_at end
     where ${KEYS[table]} = $1`,
    [id, now],
  );

/** Soon, and no hot loop if whatever went wrong goes on. */
const AGAIN_AFTER_MS = 3_000;

/**
 * Of work that met a fault on our side, a database that was away for a moment perhaps: others may go on
 * with it soon, and need not wait for the lease's end. Only while the lease is still this one.
 */
export const handOver = (db: Sql, table: DueTable, id: string, fence: bigint): Promise<unknown> =>
  db.query(
    `update ${table}
     set leased_until = least(leased_until, clock_timestamp() + interval '${AGAIN_AFTER_MS} ms')
     where ${KEYS[table]} = $1 and fence = $2::bigint and leased_until is not null`,
    [id, fence],
  );

/** What is to be done next, and from when on; nothing, if there is none. */
export const saveWork = (
  tx: Sql,
  table: DueTable,
  id: string,
  work: Readonly<{ action: string; at: Date }> | undefined,
): Promise<unknown> =>
  tx.query(
    `update ${table} set due_action = $2::text, due_at = $3::timestamptz where ${KEYS[table]} = $1`,
    [id, work?.action ?? null, work?.at ?? null],
  );

/**
 * To be asked for now, whatever is under way: an answer to an earlier question is older than what led to
 * this, so the lease is broken.
 */
export const makeAskDue = (tx: Sql, table: DueTable, id: string, now: Date): Promise<unknown> =>
  tx.query(
    `update ${table} set due_action = 'query', due_at = $2::timestamptz,
       fence = fence + 1, lease_owner = null, leased_until = null
     where ${KEYS[table]} = $1 and ${ASKABLE}`,
    [id, now],
  );

/**
 * The provider hints at news, as often as it likes: what is to be asked for already is not asked for
 * twice, and no answer that is on its way is thrown away.
 */
export const followHint = (tx: Sql, table: DueTable, id: string, now: Date): Promise<unknown> =>
  tx.query(
    `update ${table} a set hinted = is_leased,
       due_action = case when is_leased then due_action else 'query' end,
       due_at = case when is_leased then due_at else $2::timestamptz end
     from (
       select ${KEYS[table]} as id, coalesce(leased_until > clock_timestamp(), false) as is_leased
       from ${table} where ${KEYS[table]} = $1
     ) as lease
     where a.${KEYS[table]} = lease.id and ${ASKABLE}
       and (is_leased or due_action is distinct from 'query' or due_at > $2::timestamptz)`,
    [id, now],
  );
