import { expect, it } from '@jest/globals';
import type { DatabaseConfig } from '@hutong/config';
import { Client } from 'pg';
import { onDatabase } from './drift/catalogue.js';
import { freshDatabase, testDatabase } from './test-database.js';

async function ask(database: DatabaseConfig, sql: string): Promise<unknown[]> {
  const { rows } = await onDatabase(database, (client) => client.query<object>(sql));
  return rows;
}

it('migrates a schema once and gives each its own copy', async () => {
  let migrated = 0;
  const fresh = () =>
    freshDatabase('copies', async (config) => {
      migrated += 1;
      await ask(config, "CREATE TABLE fruit (name text); INSERT INTO fruit VALUES ('fig')");
    });
  const [one, ...others] = await Promise.all([fresh(), fresh(), fresh()]);
  await ask(one.config, 'DELETE FROM fruit');

  expect(migrated).toBe(1);
  expect(await ask(one.config, 'SELECT * FROM fruit')).toEqual([]);
  for (const other of others) {
    expect(await ask(other.config, 'SELECT * FROM fruit')).toEqual([{ name: 'fig' }]);
  }
  await Promise.all([one, ...others].map((each) => each.drop()));
});

it('keeps no template of a migration that failed', async () => {
  let tries = 0;
  const fresh = () =>
    freshDatabase('second try', async (config) => {
      tries += 1;
      await ask(config, 'CREATE TABLE half (id int)');
      if (tries === 1) throw new Error('no luck');
    });
  await expect(fresh()).rejects.toThrow('no luck');
  await using database = await fresh();
  expect(await ask(database.config, 'SELECT * FROM half')).toEqual([]);
  expect(tries).toBe(2);
});

it('drops a database that is still in use', async () => {
  const database = await freshDatabase('in use', async () => undefined);
  const { adminUrl } = await testDatabase();
  const name = database.config.url.pathname.slice(1);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const user = new Client({ connectionString: url.href });
  user.on('error', () => undefined);
  await user.connect();

  await database.drop();

  await expect(user.query('SELECT 1')).rejects.toThrow();
  await user.end();
});

it('puts no password into an address', async () => {
  await using database = await freshDatabase('in use', async () => undefined);
  expect(database.config.url.password).toBe('');
  expect(database.config.password.reveal()).not.toBe('');
});
