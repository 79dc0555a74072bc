import type { Pool } from 'pg';
import { within } from './wait.js';

const ANSWER_WITHIN_MS = 2_000;

/** Tells a handler's own trouble from a database that is down: only the latter holds up every key. */
export class DatabaseWatch {
  constructor(private readonly pool: Pool) {}

  async answers(): Promise<boolean> {
    try {
      return await within(ANSWER_WITHIN_MS, this.pool.query('select 1'));
    } catch {
      return false;
    }
  }
}
