import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger } from '@hutong/telemetry';
import { freshDatabase, type FreshDatabase } from '@hutong/testing';
import { migrate, MigrationRefused, pendingMigrations } from './migrate.js';
import type { MigrationSource } from './migration-files.js';
import { RawDatabase } from './raw-database.js';
import { untilMigrated } from './until-migrated.js';

const logger = createLogger({ service: 'spec', level: 'silent' });
const TREE = 'CREATE TABLE tree (id int);';
const LEAF = 'CREATE TABLE leaf (id int); INSERT INTO tree VALUES (1);';

let folder: string;
let fresh: FreshDatabase;
let database: RawDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hutong-migrations-'));
  fresh = await freshDatabase('empty', async () => undefined);
  database = RawDatabase.connect(fresh.config, { logger });
});
afterEach(async () => {
  await database.close();
  await fresh.drop();
  await rm(folder, { recursive: true });
});

/** A source with these files, by name. */
async function source(name: string, files: Record<string, string>): Promise<MigrationSource> {
  for (const [file, sql] of Object.entries(files)) {
    await mkdir(join(folder, name, file), { recursive: true });
    await writeFile(join(folder, name, file, 'migration.sql'), sql);
  }
  return { name, folder: pathToFileURL(join(folder, name)) };
}

const run = (...sources: MigrationSource[]) => migrate(fresh.config, sources, { logger });
const pending = (...sources: MigrationSource[]) => pendingMigrations(fresh.config, sources);

async function tables(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

it('applies libraries first, each in the order of its numbers, and nothing twice', async () => {
  const lib = await source('messaging', { '0001_trees': TREE });
  const app = await source('app', {
    '0002_more': 'ALTER TABLE leaf ADD name text',
    '0001_leaves': LEAF,
  });

  const all = ['messaging/0001_trees', 'app/0001_leaves', 'app/0002_more'];
  expect(await pending(lib, app)).toEqual(all);
  expect(await run(lib, app)).toEqual(all);
  expect(await pending(lib, app)).toEqual([]);
  expect(await run(lib, app)).toEqual([]);
  expect(await tables()).toEqual(['_prisma_migrations', 'leaf', 'tree']);
});

it('asks without changing anything', async () => {
  await pending(await source('app', { '0001_trees': TREE }));
  expect(await tables()).toEqual([]);
});

it('lets several run at once: each file is applied by one of them', async () => {
  const app = await source('app', { '0001_trees': TREE, '0002_leaves': LEAF });
  const applied = await Promise.all([run(app), run(app), run(app)]);
  expect(applied.flat()).toEqual(['app/0001_trees', 'app/0002_leaves']);
  expect(await database.query('SELECT * FROM tree')).toEqual([{ id: 1 }]);
});

it('refuses a file that changed after it was applied, and applies nothing behind it', async () => {
  await run(await source('app', { '0001_trees': TREE }));
  const edited = await source('app', { '0001_trees': `${TREE} -- ok?`, '0002_leaves': LEAF });

  for (const refused of [run(edited), pending(edited)]) {
    await expect(refused).rejects.toThrow(MigrationRefused);
    await expect(refused).rejects.toMatchObject({ migration: 'app/0001_trees' });
  }
  expect(await tables()).toEqual(['_prisma_migrations', 'tree']);
});

it('refuses to go on behind a migration that failed half-way under another tool', async () => {
  const app = await source('app', { '0001_trees': TREE, '0002_leaves': LEAF });
  await run(app);
  await database.query(
    `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = 'app/0002_leaves'`,
  );
  await expect(run(app)).rejects.toMatchObject({ migration: 'app/0002_leaves' });
});

it('leaves nothing of a file that fails, and goes on once it is repaired', async () => {
  const broken = { '0001_trees': TREE, '0002_leaves': `${LEAF} SELECT 1 / 0;` };
  const refused = run(await source('app', broken));
  await expect(refused).rejects.toThrow('migration app/0002_leaves: it does not run');
  await expect(refused).rejects.toMatchObject({ cause: { code: '22012' } });
  expect(await tables()).toEqual(['_prisma_migrations', 'tree']);
  expect(await database.query('SELECT * FROM tree')).toEqual([]);

  expect(await run(await source('app', { ...broken, '0002_leaves': LEAF }))).toEqual([
    'app/0002_leaves',
  ]);
});

it('says which file it lost its connection in, and the next run goes on from there', async () => {
  const lost = {
    '0001_trees': TREE,
    '0002_leaves': 'SELECT pg_terminate_backend(pg_backend_pid())',
  };
  await expect(run(await source('app', lost))).rejects.toMatchObject({
    migration: 'app/0002_leaves',
    cause: { code: '57P01' },
  });
  expect(await run(await source('app', { ...lost, '0002_leaves': LEAF }))).toEqual([
    'app/0002_leaves',
  ]);
});

it('applies nothing that it cannot note', async () => {
  const tooLong = '0'.repeat(255); // with the source's name longer than the history can hold
  await expect(run(await source('app', { [tooLong]: TREE }))).rejects.toThrow(MigrationRefused);
  expect(await tables()).toEqual(['_prisma_migrations']);
});

it('lets a database be ahead of the files: a newer release is being rolled out', async () => {
  await run(await source('app', { '0001_trees': TREE, '0002_leaves': LEAF }));
  const old = { ...(await source('old', { '0001_trees': TREE })), name: 'app' };
  expect(await run(old)).toEqual([]);
});

it('lets a service wait until somebody else has migrated', async () => {
  const app = await source('app', { '0001_trees': TREE });
  let waited = false;
  const waiting = untilMigrated(fresh.config, [app], { logger }).then(() => {
    waited = true;
  });
  expect([await pending(app), waited]).toEqual([['app/0001_trees'], false]);
  await run(app);
  await waiting;
  expect(await tables()).toContain('tree');
});
