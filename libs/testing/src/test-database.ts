import { createHash, randomBytes } from 'node:crypto';
import { Secret, type DatabaseConfig } from '@hutong/config';
import type { Client } from 'pg';
import type { OwnDatabase, Report } from './back-end/servers.js';
import { ownBackEnd } from './back-end/start-back-end.js';
import { startDatabase } from './back-end/start-servers.js';
import { databasePrefix } from './back-end/run-databases.js';
import { withClient } from './back-end/with-client.js';
import { notStarted } from './test-broker.js';

/** A database of one spec file's own. Dropped, sessions included, when disposed of. */
export type FreshDatabase = AsyncDisposable &
  Readonly<{ config: DatabaseConfig; drop: () => Promise<void> }>;

const silent: Report = () => undefined;
const POOL_SIZE = 10;

/** The database server that all specs of a run share. */
export async function testDatabase(): Promise<{ adminUrl: string }> {
  const { HUTONG_TEST_DATABASE_URL: adminUrl } = process.env;
  if (adminUrl === undefined) throw new Error(notStarted('HUTONG_TEST_DATABASE_URL'));
  return { adminUrl };
}

/** A server that this spec alone uses, to freeze, kill and start again. Dispose of it at the end. */
export async function startOwnDatabase(report: Report = silent): Promise<OwnDatabase> {
  return startDatabase(await ownBackEnd(), report);
}

/**
 * A database with a schema, cloned in 0.1 s: the first to ask for a schema in a run migrates a
 * template, everybody after that, in whichever test worker, copies it.
 * @param schema names what `migrate` makes: the same name is the same schema throughout a run.
 * @param migrate brings the empty database that it is given to its schema, and disconnects.
 */
export async function freshDatabase(
  schema: string,
  migrate: (config: DatabaseConfig) => Promise<unknown>,
): Promise<FreshDatabase> {
  const { adminUrl } = await testDatabase();
  const template = nameOf('t', createHash('sha256').update(schema).digest('hex').slice(0, 16));
  const own = nameOf('d', randomBytes(8).toString('hex'));
  await withClient(adminUrl, async (admin) => {
    // One maker: held until this session ends, so also if the maker dies.
    await admin.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
    if (!(await exists(admin, template))) await makeTemplate(admin, adminUrl, template, migrate);
    await admin.query(`CREATE DATABASE ${own} TEMPLATE ${template}`);
  });
  const drop = () =>
    withClient(adminUrl, (admin) =>
      admin.query(`DROP DATABASE IF EXISTS ${own} WITH (FORCE)`),
    ).then(() => undefined);
  return { config: configOf(adminUrl, own), drop, [Symbol.asyncDispose]: drop };
}

/** Under another name until it is whole: a template that failed half-way must never be copied. */
async function makeTemplate(
  admin: Client,
  adminUrl: string,
  template: string,
  migrate: (config: DatabaseConfig) => Promise<unknown>,
): Promise<void> {
  const draft = nameOf('x', randomBytes(8).toString('hex'));
  await admin.query(`CREATE DATABASE ${draft}`);
  try {
    await migrate(configOf(adminUrl, draft));
    await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
  } catch (cause) {
    await admin.query(`DROP DATABASE ${draft} WITH (FORCE)`);
    throw cause;
  }
}

async function exists(admin: Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

const nameOf = (kind: 'd' | 't' | 'x', id: string): string =>
  `${databasePrefix(process.env['HUTONG_TEST_RUN'] ?? 'alone')}${kind}_${id}`;

function configOf(adminUrl: string, database: string): DatabaseConfig {
  const url = new URL(adminUrl);
  const password = Secret.of(decodeURIComponent(url.password));
  url.password = '';
  url.pathname = `/${database}`;
  return { url, password, poolSize: POOL_SIZE };
}
