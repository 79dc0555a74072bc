import { randomUUID } from 'node:crypto';
import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import { Client } from 'pg';
import { migrationsOf, type Migration, type MigrationSource } from './migration-files.js';
import { connectionOf } from './pool.js';

/** Any number, as long as every runner takes the same. */
const LOCK = 7_412_960_188;
/** A change of a table that waits for a lock makes everybody after it wait: it gives up and is run again. */
const LOCK_WITHIN = '10s';

/** The columns that Prisma's own tools read, so that they see a history and no drift. */
const HISTORY = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

type Applied = Readonly<{ migration_name: string; checksum: string; finished_at: Date | null }>;

/** Why a history cannot be continued. `migration` says where to look. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';

  constructor(
    readonly migration: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`migration ${migration}: ${reason}`, options);
  }
}

/**
 * Brings a database to the newest schema: each pending file in a transaction of its own, in the
 * order of the sources. Several runners at once wait for each other. Run twice, the second does nothing.
 * @returns the names of what was applied.
 * @throws MigrationRefused if a file changed after it was applied or does not run; what ran before it
 *   stays.
 */
export async function migrate(
  config: DatabaseConfig,
  sources: readonly MigrationSource[],
  { logger }: Readonly<{ logger: Logger }>,
): Promise<readonly string[]> {
  const migrations = (await Promise.all(sources.map(migrationsOf))).flat();
  const client = newClient(config);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(`SET lock_timeout = '${LOCK_WITHIN}'`);
    await client.query(HISTORY);
    const pending = pendingAmong(migrations, await appliedIn(client));
    for (const migration of pending) {
      await apply(client, migration);
      logger.info('migration applied', { migration: migration.name });
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** The names of what `migrate` would apply; changes nothing. @throws MigrationRefused as `migrate` does. */
export async function pendingMigrations(
  config: DatabaseConfig,
  sources: readonly MigrationSource[],
): Promise<readonly string[]> {
  const migrations = (await Promise.all(sources.map(migrationsOf))).flat();
  const client = newClient(config);
  await client.connect();
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`,
    );
    const applied = rows[0]?.there === true ? await appliedIn(client) : [];
    return pendingAmong(migrations, applied).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** Unheard, the loss of its connection would end the process; the statement in hand fails and says so. */
function newClient(config: DatabaseConfig): Client {
  const client = new Client(connectionOf(config));
  client.on('error', () => undefined);
  return client;
}

async function appliedIn(client: Client): Promise<readonly Applied[]> {
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  return rows;
}

/** What is left to do. A database that is ahead of these files belongs to a newer release: that is fine. */
function pendingAmong(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const history = new Map(applied.map((one) => [one.migration_name, one]));
  return migrations.filter(({ name, checksum }) => {
    const before = history.get(name);
    if (before === undefined) return true;
    if (before.finished_at === null) throw new MigrationRefused(name, 'it failed half-way before');
    if (before.checksum !== checksum) {
      throw new MigrationRefused(
        name,
        'its file changed after it was applied: add a new one instead',
      );
    }
    return false;
  });
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationRefused(name, 'it does not run', { cause });
  }
}
