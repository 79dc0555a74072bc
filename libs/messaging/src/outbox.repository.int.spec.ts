import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RawDatabase } from '@hutong/database';
import type { FreshDatabase } from '@hutong/testing';
import { OutboxRepository, type OutboxRow } from './outbox.repository.js';
import { aDatabase, silent } from './world.examples.js';

const ALL = Array.from({ length: 16 }, (_, shard) => shard);

let fresh: FreshDatabase;
let db: RawDatabase;

beforeAll(async () => {
  fresh = await aDatabase();
  db = RawDatabase.connect(fresh.config, { logger: silent });
});
afterAll(async () => {
  await db.close();
  await fresh.drop();
});
// Ids start at 1: among the first ten, order by number and order by text differ.
beforeEach(() => db.query('truncate outbox restart identity'));

const fill = (shards: readonly number[], bytes = 1) =>
  db.query(
    `insert into outbox (shard, topic, key, value, headers, appended_at)
     select shard, 'checkout.payments', 'k' || shard, $2::bytea, '{}', now()
     from unnest($1::smallint[]) with ordinality as told (shard, n) order by n`,
    [shards, Buffer.alloc(bytes)],
  );
const aRepository = () => new OutboxRepository(db.pool, 60_000);
const shardsOf = (rows: readonly OutboxRow[]) => rows.map(({ key }) => Number(key.slice(1)));
/** Shards that somebody holds now. */
const held = async () => {
  const rows = await db.query<{ shard: number }>(
    `select objid::int as shard from pg_locks
     where locktype = 'advisory' and classid = ${0x4f555442}
       and database = (select oid from pg_database where datname = current_database())
     order by 1`,
  );
  return rows.map(({ shard }) => shard);
};

it('locks the shards that have rows, and no others', async () => {
  await fill([9, 3, 3, 12]);
  let seen: unknown;
  const claimed = await aRepository().claim(async (rows) => {
    seen = { rows: shardsOf(rows), held: await held() };
  });
  expect(claimed).toEqual({ kind: 'drained' });
  expect(seen).toEqual({ rows: [9, 3, 3, 12], held: [3, 9, 12] });
  expect(await held()).toEqual([]);
});

it('sends in the order of ids, of which 10 comes after 9', async () => {
  const told = Array.from({ length: 12 }, (_, n) => n % 3);
  await fill(told);
  const sent: string[] = [];
  await aRepository().claim(async (rows) => void sent.push(...rows.map(({ id }) => id)));
  expect(sent).toEqual(told.map((_, n) => String(n + 1)));
});

it('shares busy shards between two relays, half each, and then leaves none', async () => {
  await fill(ALL);
  const [one, other] = [aRepository(), aRepository()];
  const sent: number[][] = [];
  // Both start at the same shard: the second finds them held, and takes the other half next.
  const claimed = await one.claim(async (rows) => {
    sent.push(shardsOf(rows));
    expect(await other.claim(async () => undefined)).toEqual({ kind: 'contended' });
    await other.claim(async (more) => void sent.push(shardsOf(more)));
  });
  expect(claimed).toEqual({ kind: 'sent' });
  expect(sent).toEqual([ALL.slice(0, 8), ALL.slice(8)]);
  expect(await one.claim(async () => undefined)).toEqual({ kind: 'idle' });
});

it('reaches every busy shard within two turns', async () => {
  await fill(ALL);
  const repository = aRepository();
  const sent: number[] = [];
  const turn = () => repository.claim(async (rows) => void sent.push(...shardsOf(rows)));
  await turn();
  await turn();
  expect(sent.toSorted((a, b) => a - b)).toEqual(ALL);
});

it('takes no more in one turn than a broker takes in one request', async () => {
  await fill([1, 1, 1, 1, 1], 300_000);
  const turns: number[] = [];
  const repository = aRepository();
  const turn = () => repository.claim(async (rows) => void turns.push(rows.length));
  expect([await turn(), await turn(), await turn(), await turn()]).toEqual([
    { kind: 'sent' },
    { kind: 'sent' },
    { kind: 'drained' },
    { kind: 'idle' },
  ]);
  expect(turns).toEqual([2, 2, 1]);
});

it('sends a single row whatever its size', async () => {
  await fill([1], 900_000);
  const claimed = await aRepository().claim(async () => undefined);
  expect(claimed).toEqual({ kind: 'drained' });
});

it('keeps what could not be sent', async () => {
  await fill([4]);
  const repository = aRepository();
  const fault = new Error('the broker is away');
  await expect(repository.claim(async () => Promise.reject(fault))).rejects.toBe(fault);
  expect(await repository.any()).toBe(true);
  expect(await held()).toEqual([]);
});

it('fails, and keeps what it sent, where the delete fails', async () => {
  await fill([1]);
  await db.query(`create function refuse() returns trigger language plpgsql
    as $$ begin raise exception 'not this one'; end $$`);
  await db.query(`create trigger refused before delete on outbox execute function refuse()`);
  try {
    await expect(aRepository().claim(async () => undefined)).rejects.toThrow('not this one');
    expect(await aRepository().any()).toBe(true);
    expect(await held()).toEqual([]);
  } finally {
    await db.query('drop function refuse cascade');
  }
  expect(await aRepository().claim(async () => undefined)).toEqual({ kind: 'drained' });
  expect(await aRepository().any()).toBe(false);
});

it('sees a row whose transaction committed late', async () => {
  const repository = aRepository();
  const sent: number[] = [];
  const turn = () => repository.claim(async (rows) => void sent.push(...shardsOf(rows)));
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into outbox (shard, topic, key, value, headers, appended_at)
       values (2, 'checkout.payments', 'k2', '', '{}', now())`,
    );
    await fill([5]); // younger, and committed first
    await turn();
  });
  await turn();
  expect(sent).toEqual([5, 2]);
});

it('says how much waits, and since when', async () => {
  const repository = aRepository();
  expect(await repository.backlog()).toEqual({ rows: 0, oldest: undefined });
  await fill([1, 2]);
  expect(await repository.backlog()).toEqual({ rows: 2, oldest: expect.any(Date) });
});
