import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Secret, type DatabaseConfig } from '@hutong/config';
import { createLogger } from '@hutong/telemetry';
import { eventually, startOwnDatabase, type OwnDatabase } from '@hutong/testing';
import { Database } from './database.js';
import { PrismaClient, type Prisma } from './generated/prisma/client.js';
import { RawDatabase } from './raw-database.js';

const logger = createLogger({ service: 'spec', level: 'silent' });
const WITHIN_MS = 60_000;
const INSERT = 'INSERT INTO kept VALUES ($1)';

let server: OwnDatabase;
let config: DatabaseConfig;

beforeAll(async () => {
  server = await startOwnDatabase();
  const url = new URL(server.adminUrl);
  config = { url, password: Secret.of(url.password), poolSize: 1 };
  await using database = RawDatabase.connect(config, { logger });
  await database.query('CREATE TABLE kept (name text)');
}, WITHIN_MS);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

it(
  'fails transactions on a server that freezes, and what follows is not inside of them',
  async () => {
    await using models = Database.connect<Prisma.TransactionClient, PrismaClient>(
      config,
      (adapter) => new PrismaClient({ adapter }),
      { logger },
    );
    await using raw = RawDatabase.connect(config, { logger });
    const databases = [models, raw];
    const { promise: frozen, resolve: freeze } = Promise.withResolvers<void>();
    let inside = 0;
    const transactions = databases.map((database) =>
      database.transaction(async (tx) => {
        await tx.query(INSERT, ['inside']);
        inside += 1;
        await frozen;
        await tx.query(INSERT, ['frozen']);
      }),
    );
    const ends = Promise.allSettled(transactions);
    await eventually(() => inside === 2);

    await server.pause();
    freeze();
    const [behind] = await Promise.allSettled([raw.query('SELECT 1')]); // the pool's only place is taken
    const [ofModels, ofSql] = await ends;
    expect(ofModels?.status).toBe('rejected');
    for (const end of [behind, ofSql]) {
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'DatabaseAway' } });
    }
    await server.resume();

    for (const database of databases) {
      await eventually(() => database.query(INSERT, ['afterwards']));
    }
    await using other = RawDatabase.connect(config, { logger });
    const kept = await other.query('SELECT name FROM kept');
    expect(kept).toEqual([{ name: 'afterwards' }, { name: 'afterwards' }]);
  },
  WITHIN_MS,
);
