import { Client } from 'pg';
import { ask } from './database.js';
import type { Waiting } from './gate.js';

const ANSWERED_WITHIN_MS = 30_000;

/**
 * A transaction of a spec's own that stays open: it has done what a service is about to do, or has locked
 * what that needs, so the service waits for its end, which is always that it never was.
 */
export class OpenTransaction implements AsyncDisposable {
  private constructor(
    private readonly address: string,
    private readonly client: Client,
    private readonly backend: number,
  ) {}

  /** @param statement what it does. @param values of `$1`, `$2`, … */
  static async of(
    address: string,
    statement: string,
    values: readonly string[],
  ): Promise<OpenTransaction> {
    const client = new Client({
      connectionString: address,
      query_timeout: ANSWERED_WITHIN_MS,
      application_name: 'open transaction',
    });
    client.on('error', () => undefined); // it is rolled back then: whoever waits goes on
    await client.connect();
    await client.query('begin');
    await client.query(statement, [...values]);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return new OpenTransaction(address, client, rows[0]?.pid ?? 0);
  }

  /** Who waits for its end now, in a transaction of its own. */
  waiting(): Promise<Waiting[]> {
    return ask<Waiting>(
      this.address,
      `select application_name as instance, pid as backend from pg_stat_activity
       where $1::integer = any (pg_blocking_pids(pid)) and xact_start is not null`,
      [String(this.backend)],
    );
  }

  /** Rolls back; may be called again. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end();
  }
}
