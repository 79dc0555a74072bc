import { PrismaPg } from '@prisma/adapter-pg';
import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import type { Pool } from 'pg';
import { AfterCommit } from './after-commit.js';
import { isDatabaseAway } from './database-away.js';
import { openPool } from './pool.js';
import { RawDatabase } from './raw-database.js';
import type { Sql, Transaction, TransactionRunner } from './sql.js';

/** What we need of a generated client's transaction: raw SQL beside the models. */
export type TransactionClient = Readonly<{
  $queryRawUnsafe<T = unknown>(text: string, ...values: unknown[]): Promise<T>;
}>;

/** What we need of a generated client. */
export type PrismaClientLike<Tx extends TransactionClient> = Readonly<{
  $transaction<R>(
    work: (tx: Tx) => Promise<R>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<R>;
  $disconnect(): Promise<void>;
}>;

const START_WITHIN_MS = 10_000;
const COMMIT_WITHIN_MS = 20_000;

/**
 * One service's database: one pool, under Prisma's models and under plain SQL, and transactions in
 * which both take part.
 */
export class Database<Client extends PrismaClientLike<Tx>, Tx extends TransactionClient>
  implements Sql, TransactionRunner, AsyncDisposable
{
  private constructor(
    readonly pool: Pool,
    /** The app's models, outside a transaction: for reads. */
    readonly prisma: Client,
    /** The same pool without the models: a transaction of plain SQL costs a fraction of one with them. */
    readonly sql: Sql & TransactionRunner,
    private readonly logger: Logger,
  ) {}

  /** @param makeClient builds the app's generated client on the adapter that it is given. */
  static connect<Tx extends TransactionClient, Client extends PrismaClientLike<Tx>>(
    config: DatabaseConfig,
    makeClient: (adapter: PrismaPg) => Client & PrismaClientLike<Tx>,
    { logger }: Readonly<{ logger: Logger }>,
  ): Database<Client, Tx> {
    const pool = openPool(config, logger);
    const sql = RawDatabase.on(pool, { logger });
    return new Database<Client, Tx>(pool, makeClient(new PrismaPg(pool)), sql, logger);
  }

  async transaction<T>(work: (tx: Transaction<Tx>) => Promise<T>): Promise<T> {
    const afterCommit = new AfterCommit(this.logger);
    const result = await this.prisma.$transaction(
      (prisma) => work(new OpenTransaction(prisma, afterCommit)),
      { maxWait: START_WITHIN_MS, timeout: COMMIT_WITHIN_MS },
    );
    afterCommit.run();
    return result;
  }

  async query<Row extends object = object>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.sql.query<Row>(text, values);
  }

  /** @throws the driver's error if the database does not answer. */
  async ping(): Promise<void> {
    await this.pool.query('select 1');
  }

  /** Whether something failed since this database is away. */
  isAway(fault: unknown): boolean {
    return isDatabaseAway(fault);
  }

  /** Waits for what is in hand, then closes the pool. */
  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

class OpenTransaction<Tx extends TransactionClient> implements Transaction<Tx> {
  constructor(
    readonly prisma: Tx,
    private readonly afterCommit: AfterCommit,
  ) {}

  query<Row extends object = object>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.prisma.$queryRawUnsafe<Row[]>(text, ...values);
  }

  onCommit(run: () => void): void {
    this.afterCommit.add(run);
  }
}
