import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, type DatabaseConfig } from '@hutong/config';
import { createLogger } from '@hutong/telemetry';
import { freshDatabase, type FreshDatabase } from '@hutong/testing';
import { Database } from './database.js';
import { DatabaseAway, isDatabaseAway } from './database-away.js';
import { PrismaClient, type Prisma } from './generated/prisma/client.js';

type Fruits = Database<PrismaClient, Prisma.TransactionClient>;
type Ask = (database: Fruits) => Promise<unknown>;

const logger = createLogger({ service: 'spec', level: 'silent' });
const connect = (config: DatabaseConfig): Fruits =>
  Database.connect<Prisma.TransactionClient, PrismaClient>(
    { ...config, poolSize: 2 },
    (adapter) => new PrismaClient({ adapter }),
    { logger },
  );
const thrownBy = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'nothing',
    (thrown: unknown) => thrown,
  );

const PLAIN: readonly [string, Ask][] = [
  ['a statement', (database) => database.query('SELECT 1')],
  ['a transaction', (database) => database.sql.transaction((tx) => tx.query('SELECT 1'))],
];
const WITH_MODELS: readonly [string, Ask][] = [
  ['a transaction with models', (database) => database.transaction((tx) => tx.query('SELECT 1'))],
  ['models', (database) => database.prisma.fruit.count()],
];

describe('a database that is away', () => {
  /** In the place of a server: hangs up on whoever comes. */
  let server: Server;
  let database: Fruits;

  beforeAll(async () => {
    server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = new URL(`postgres://nobody@127.0.0.1:${port}/none`);
    database = connect({ url, password: Secret.of('none'), poolSize: 2 });
  });
  afterAll(() => database.close());

  it.each(PLAIN)('hangs up: %s', async (_, ask) => {
    expect(await thrownBy(ask(database))).toBeInstanceOf(DatabaseAway);
  });

  describe('and does not listen', () => {
    beforeAll(() => once(server.close(), 'close'));

    it.each([...PLAIN, ...WITH_MODELS])('%s', async (_, ask) => {
      expect(isDatabaseAway(await thrownBy(ask(database)))).toBe(true);
    });
  });
});

describe('a database that is there', () => {
  let fresh: FreshDatabase;
  let database: Fruits;

  beforeAll(async () => {
    fresh = await freshDatabase('nothing', () => Promise.resolve());
    database = connect(fresh.config);
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it('goes away in the middle of a transaction', async () => {
    const thrown = await thrownBy(
      database.sql.transaction(async (tx) => {
        const [own] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await database.query('SELECT pg_terminate_backend($1)::text', [own?.pid]);
        await tx.query('SELECT 1 AS one');
      }),
    );
    expect(thrown).toBeInstanceOf(DatabaseAway);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each<[string, Ask]>([
    ['of a table that it does not have', ({ sql }) => sql.query('SELECT 1 FROM nowhere')],
    ['with what nobody can write', ({ sql }) => sql.query('SELECT $1::jsonb', [{ a: 1n }])],
    [
      'in a transaction that fails by itself',
      ({ sql }) => sql.transaction(() => Promise.reject(new Error('out of fruit'))),
    ],
  ])('is not away for being asked %s', async (_, ask) => {
    const thrown = await thrownBy(ask(database));
    expect(thrown).toHaveProperty('message');
    expect(isDatabaseAway(thrown)).toBe(false);
  });
});
