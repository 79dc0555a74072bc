import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import type { Pool, PoolClient } from 'pg';
import { openPool } from './pool.js';
import type { Sql, Transaction, TransactionRunner } from './sql.js';

/** A database without models: for libraries, tools and specs. Same promises as `Database`. */
export class RawDatabase implements Sql, TransactionRunner, AsyncDisposable {
  private constructor(readonly pool: Pool) {}

  static connect(config: DatabaseConfig, options: Readonly<{ logger: Logger }>): RawDatabase {
    return new RawDatabase(openPool(config, options.logger));
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const afterCommit: (() => void)[] = [];
    try {
      await client.query('BEGIN');
      const result = await work(openOn(client, afterCommit));
      await client.query('COMMIT');
      client.release();
      for (const run of afterCommit) run();
      return result;
    } catch (fault) {
      // A client that cannot roll back is in an unknown state: it must not serve anyone again.
      const rolledBack = await client.query('ROLLBACK').then(
        () => true,
        () => false,
      );
      client.release(!rolledBack);
      throw fault;
    }
  }

  async query<Row extends object = object>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>(text, [...values]);
    return rows;
  }

  async ping(): Promise<void> {
    await this.pool.query('select 1');
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const openOn = (client: PoolClient, afterCommit: (() => void)[]): Transaction => ({
  prisma: undefined,
  query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(text, [...values])).rows,
  onCommit: (run) => void afterCommit.push(run),
});
