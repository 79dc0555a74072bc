import pg from 'pg';
import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';

const CONNECT_WITHIN_MS = 5_000;
const STATEMENT_WITHIN_MS = 15_000;
const LOCK_WITHIN_MS = 10_000;
const IDLE_IN_TRANSACTION_MS = 15_000;

const INT8 = pg.types.builtins.INT8;

/** Amounts and offsets are bigint: the driver's default would hand out text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format),
};

/** How to connect, password included: for clients beside the pool. Never printed. */
export function connectionOf(config: DatabaseConfig): pg.ClientConfig {
  const { url, password } = config;
  return {
    host: url.hostname,
    port: Number(url.port === '' ? '5432' : url.port),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
    password: password.reveal(),
    ssl: url.searchParams.get('sslmode') === 'require',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    types,
  };
}

/**
 * The one pool of a service. Nothing in it waits for ever: connecting, statements, locks and idle
 * transactions have limits, so that a frozen process cannot hold a payment's row for long.
 */
export function openPool(config: DatabaseConfig, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOf(config),
    max: config.poolSize,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_WITHIN_MS,
    lock_timeout: LOCK_WITHIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // An idle connection that breaks is replaced at its next use; unheard, the event would end the process.
  pool.on('error', (cause) => logger.error('database connection lost', {}, cause));
  return pool;
}
