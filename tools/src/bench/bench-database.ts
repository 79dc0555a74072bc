import { randomBytes } from 'node:crypto';
import { Secret, type DatabaseConfig } from '@hutong/config';
import { migrate, RawDatabase, type MigrationSource } from '@hutong/database';
import { createLogger } from '@hutong/telemetry';

const logger = createLogger({ service: 'bench', level: 'error' });
const POOL_SIZE = 10;

export type BenchDatabase = AsyncDisposable &
  Readonly<{
    config: DatabaseConfig;
    /** Password included. */
    url: string;
  }>;

/** A database of a bench's own with these tables, dropped at the end. */
export async function benchDatabase(
  adminUrl: string,
  sources: readonly MigrationSource[],
): Promise<BenchDatabase> {
  const name = `hutong_bench_${randomBytes(5).toString('hex')}`;
  const own = new URL(adminUrl);
  own.pathname = `/${name}`;
  const admin = RawDatabase.connect(databaseAt(adminUrl), { logger });
  await admin.query(`create database ${name}`);
  const config = databaseAt(own.href);
  await migrate(config, sources, { logger });
  return {
    config,
    url: own.href,
    [Symbol.asyncDispose]: async () => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}

/** What the server says of itself. */
export async function postgresVersion(adminUrl: string): Promise<string> {
  const db = RawDatabase.connect(databaseAt(adminUrl), { logger });
  try {
    const [row] = await db.query<{ server_version: string }>('show server_version');
    return row?.server_version ?? 'unknown';
  } finally {
    await db.close();
  }
}

/** @param address password included. */
export function databaseAt(address: string): DatabaseConfig {
  const url = new URL(address);
  const password = Secret.of(decodeURIComponent(url.password));
  url.password = '';
  return { url, password, poolSize: POOL_SIZE };
}
