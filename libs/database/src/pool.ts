import pg from 'pg';
import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';

const CONNECT_WITHIN_MS = 5_000;
const STATEMENT_WITHIN_MS = 10_000;
const LOCK_WITHIN_MS = 5_000;
const IDLE_IN_TRANSACTION_MS = 15_000;
/** The server gives a statement up before that: after it, the server itself is silent. */
const ANSWER_WITHIN_MS = 12_500;

const types = new pg.TypeOverrides();
/** Amounts and offsets are bigint: the driver's default would hand out text. */
types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));

/** How to connect, password included: for clients beside the pool. Never printed. */
export function connectionOf(config: DatabaseConfig): pg.ClientConfig {
  const { url, password } = config;
  return {
    host: url.hostname,
    port: Number(url.port === '' ? '5432' : url.port),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
    password: password.reveal(),
    ssl: wantsTls(url),
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    types,
  };
}

/** The driver then checks the server's certificate in every mode, as libpq does in `verify-full`. */
const wantsTls = (url: URL): boolean =>
  (url.searchParams.get('sslmode') ?? 'disable') !== 'disable';

/** For clients that ask short questions: a server that is frozen fails them instead of holding them. */
export const impatient = (connection: pg.ClientConfig): pg.ClientConfig => ({
  ...connection,
  query_timeout: ANSWER_WITHIN_MS,
});

/**
 * The one pool of a service. Nothing in it waits for ever: connecting, statements, locks, idle
 * transactions and answers have limits, so that neither a frozen process of ours nor a frozen server
 * can hold a payment for long.
 */
export function openPool(config: DatabaseConfig, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...impatient(connectionOf(config)),
    max: config.poolSize,
    // A statement goes out at once, though the one before it has no answer yet.
    pipeline: true,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_WITHIN_MS,
    lock_timeout: LOCK_WITHIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // Unheard, these events would end the process. The first is of an idle connection, which is
  // replaced at its next use; the second of one in use, whose next statement fails.
  pool.on('error', (cause) => logger.error('idle database connection lost', {}, cause));
  pool.on('connect', (client) => client.on('error', () => undefined));
  // A statement given up may leave its transaction open, and Prisma hands such a client back: it must
  // not run the next one's statements inside of it.
  pool.on('release', (_, client) => {
    if (client.getTransactionStatus() !== 'I') client.end().catch(() => undefined);
  });
  return pool;
}
