import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import type { Pool, PoolClient } from 'pg';
import { AfterCommit } from './after-commit.js';
import { isDatabaseAway, reaching } from './database-away.js';
import { openPool } from './pool.js';
import type { Sql, Transaction, TransactionRunner } from './sql.js';
import { sqlStateOf, STALE_PLAN } from './sql-state.js';
import { Statements } from './statements.js';

/** A database without models: for libraries, tools and specs. Same promises as `Database`. */
export class RawDatabase implements Sql, TransactionRunner, AsyncDisposable {
  private readonly statements = new Statements();

  private constructor(
    readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  /** On a pool that somebody else has and closes. */
  static on(pool: Pool, { logger }: Readonly<{ logger: Logger }>): RawDatabase {
    return new RawDatabase(pool, logger);
  }

  static connect(config: DatabaseConfig, { logger }: Readonly<{ logger: Logger }>): RawDatabase {
    return new RawDatabase(openPool(config, logger), logger);
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const afterCommit = new AfterCommit(this.logger);
    const result = await this.commit((client) => work(this.openOn(client, afterCommit)));
    afterCommit.run();
    return result;
  }

  async query<Row extends object = object>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const { rows } = await reaching(this.pool.query<Row>(this.statements.of(text, values)));
    return rows;
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
    await this.pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async commit<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await reaching(this.pool.connect());
    let stale = false;
    try {
      // Waited for: behind one that failed, each statement would commit by itself.
      await reaching(client.query('BEGIN'));
      const result = await work(client);
      const { command } = await reaching(client.query('COMMIT'));
      if (command !== 'COMMIT') throw new Error('nothing was committed: a statement had failed');
      return result;
    } catch (fault) {
      stale = sqlStateOf(fault) === STALE_PLAN;
      // If this fails too, the pool sees that the client is still inside, and drops it.
      await client.query('ROLLBACK').catch(() => undefined);
      throw fault;
    } finally {
      client.release(stale);
    }
  }

  private openOn(client: PoolClient, afterCommit: AfterCommit): Transaction {
    return {
      prisma: undefined,
      query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
        (await reaching(client.query<Row>(this.statements.of(text, values)))).rows,
      onCommit: (run) => afterCommit.add(run),
    };
  }
}
