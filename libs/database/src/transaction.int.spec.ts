import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DatabaseConfig } from '@hutong/config';
import { createLogger } from '@hutong/telemetry';
import { freshDatabase, type FreshDatabase } from '@hutong/testing';
import { Database } from './database.js';
import { PrismaClient, type Prisma } from './generated/prisma/client.js';
import { RawDatabase } from './raw-database.js';
import { sqlStateOf, STALE_PLAN, UNIQUE_VIOLATION } from './sql-state.js';

const logger = createLogger({ service: 'spec', level: 'silent' });
const PICKED = new Date('2026-11-24T08:00:00.123Z');
const SEED = Buffer.from([0, 1, 254, 255]);
const INSERT = 'INSERT INTO fruit (id, name, picked_at, seed) VALUES ($1, $2, $3, $4)';
const BIG = 9_007_199_254_740_993n; // no double holds it

const schema = async (config: DatabaseConfig) => {
  await using database = RawDatabase.connect(config, { logger });
  await database.query(
    'CREATE TABLE fruit (id bigint PRIMARY KEY, name text UNIQUE, picked_at timestamptz, seed bytea)',
  );
};

let fresh: FreshDatabase;
let withModels: Database<PrismaClient, Prisma.TransactionClient>;
let raw: RawDatabase;

beforeAll(async () => {
  fresh = await freshDatabase('fruit', schema);
  const small = { ...fresh.config, poolSize: 2 };
  withModels = Database.connect<Prisma.TransactionClient, PrismaClient>(
    small,
    (adapter) => new PrismaClient({ adapter }),
    { logger },
  );
  raw = RawDatabase.connect(small, { logger });
});

afterAll(async () => {
  await Promise.all([withModels.close(), raw.close()]);
  await fresh.drop();
});

beforeEach(async () => {
  await raw.query('TRUNCATE fruit');
});

const names = async () =>
  (await raw.query<{ name: string }>('SELECT name FROM fruit ORDER BY id')).map(({ name }) => name);

describe.each(['Database', 'RawDatabase'] as const)('a transaction of %s', (kind) => {
  const database = () => (kind === 'Database' ? withModels : raw);

  it('commits all of it, then runs what waits for that', async () => {
    const seen: string[][] = [];
    let committed: Promise<void> | undefined;
    await database().transaction(async (tx) => {
      tx.onCommit(() => {
        committed = names().then((all) => void seen.push(all));
      });
      await tx.query(INSERT, [1n, 'fig', PICKED, SEED]);
      await tx.query(INSERT, [2n, 'plum', PICKED, SEED]);
      expect(await names()).toEqual([]);
    });
    await committed;
    expect(seen).toEqual([['fig', 'plum']]);
  });

  it('rolls all of it back, throws what was thrown, and runs nothing', async () => {
    const fault = new Error('out of fruit');
    let ran = false;
    const rejected = database().transaction(async (tx) => {
      tx.onCommit(() => (ran = true));
      await tx.query(INSERT, [1n, 'fig', PICKED, SEED]);
      throw fault;
    });
    await expect(rejected).rejects.toBe(fault);
    expect([await names(), ran]).toEqual([[], false]);
  });

  it('is committed, and said to be, when what runs afterwards fails', async () => {
    let other = false;
    const answer = await database().transaction(async (tx) => {
      tx.onCommit(() => {
        throw new Error('deaf');
      });
      tx.onCommit(() => (other = true));
      await tx.query(INSERT, [1n, 'fig', PICKED, SEED]);
      return 'done';
    });
    expect([answer, other, await names()]).toEqual(['done', true, ['fig']]);
  });

  it('throws when its connection is lost, and the next one works', async () => {
    const lost = database().transaction(async (tx) => {
      await tx.query(INSERT, [1n, 'fig', PICKED, SEED]);
      const [own] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await raw.query('SELECT pg_terminate_backend($1)::text', [own?.pid]);
      await tx.query('SELECT 1 AS one');
    });
    await expect(lost).rejects.toThrow();
    expect(await names()).toEqual([]);
    await database().transaction((tx) => tx.query(INSERT, [1n, 'fig', PICKED, SEED]));
    expect(await names()).toEqual(['fig']);
  });

  it('gives back what it was given: bigint, date, bytes, nothing', async () => {
    const rows = await database().transaction(async (tx) => {
      await tx.query(INSERT, [BIG, 'fig', PICKED, SEED]);
      await tx.query(INSERT, [1n, null, null, null]);
      return tx.query('SELECT id, name, picked_at, seed FROM fruit ORDER BY name NULLS LAST');
    });
    const [fig, none] = rows.map((row) => ({ ...row }));
    expect(fig).toMatchObject({ id: BIG, name: 'fig', picked_at: PICKED });
    expect(Buffer.from(bytesOf(fig))).toEqual(SEED);
    expect(none).toEqual({ id: 1n, name: null, picked_at: null, seed: null });
  });

  it('says which rule of the database a statement broke', async () => {
    const twice = database().transaction(async (tx) => {
      await tx.query(INSERT, [1n, 'fig', PICKED, SEED]);
      await tx.query(INSERT, [2n, 'fig', PICKED, SEED]);
    });
    const fault: unknown = await twice.catch((thrown: unknown) => thrown);
    expect(sqlStateOf(fault)).toBe(UNIQUE_VIOLATION);
  });
});

it('says so where a statement failed, nobody minded, and nothing was committed', async () => {
  const rejected = raw.transaction(async (tx) => {
    await tx.query(INSERT, [1n, 'fig', PICKED, SEED]);
    await tx.query(INSERT, [1n, 'fig', PICKED, SEED]).catch(() => undefined);
  });
  await expect(rejected).rejects.toThrow('nothing was committed');
  expect(await names()).toEqual([]);
});

it('sends statements that nobody waits for one behind the other, in their order', async () => {
  const counts = await raw.transaction((tx) =>
    Promise.all([
      tx.query<{ id: bigint }>(`${INSERT} RETURNING id`, [1n, 'fig', PICKED, SEED]),
      tx.query<{ id: bigint }>('UPDATE fruit SET id = id + $1 RETURNING id', [10n]),
      tx.query<{ id: bigint }>('SELECT id FROM fruit WHERE id > $1', [10n]),
    ]),
  );
  expect(counts).toEqual([[{ id: 1n }], [{ id: 11n }], [{ id: 11n }]]);
});

it('runs a statement again whose columns have changed, on another connection', async () => {
  await raw.query('CREATE TABLE basket AS SELECT 1 AS held');
  const held = () =>
    raw.transaction((tx) => tx.query<{ held: unknown }>('SELECT * FROM basket WHERE $1', [true]));
  expect(await held()).toEqual([{ held: 1 }]);
  await raw.query("ALTER TABLE basket ALTER held TYPE text USING 'one'");
  await expect(held()).rejects.toMatchObject({ code: STALE_PLAN });
  expect(await held()).toEqual([{ held: 'one' }]);
  await raw.query('DROP TABLE basket');
});

it('holds models and SQL in one transaction, whichever comes first', async () => {
  const rejected = withModels.transaction(async (tx) => {
    await tx.query(INSERT, [1n, 'fig', PICKED, SEED]);
    expect(await tx.prisma.fruit.findUnique({ where: { id: 1n } })).toMatchObject({ name: 'fig' });
    await tx.prisma.fruit.create({ data: { id: 2n, name: 'plum', pickedAt: PICKED, seed: SEED } });
    const [count] = await tx.query<{ count: bigint }>('SELECT count(*) FROM fruit');
    expect(count).toEqual({ count: 2n });
    throw new Error('back');
  });
  await expect(rejected).rejects.toThrow('back');
  expect(await names()).toEqual([]);
});

it('shares one pool between models and SQL', async () => {
  await withModels.prisma.fruit.count();
  await withModels.query('SELECT 1');
  expect(withModels.pool.totalCount).toBe(1);
});

it('waits for nothing for ever', async () => {
  const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
  const limits = names.map((name) => `current_setting('${name}') AS ${name}`).join(', ');
  expect(await withModels.query(`SELECT ${limits}`)).toEqual([
    { statement_timeout: '10s', lock_timeout: '5s', idle_in_transaction_session_timeout: '15s' },
  ]);
});

it('never lends a client that is still inside a transaction', async () => {
  const client = await withModels.pool.connect();
  await client.query('BEGIN');
  await client.query(INSERT, [1n, 'fig', PICKED, SEED]);
  client.release(); // as Prisma does when its rollback was given up

  await withModels.query(INSERT, [2n, 'plum', PICKED, SEED]);
  expect(await names()).toEqual(['plum']);
});

function bytesOf(row: object | undefined): Uint8Array {
  if (row !== undefined && 'seed' in row && row.seed instanceof Uint8Array) return row.seed;
  throw new Error('no bytes came');
}
