import type { Sql } from '@hutong/database';
import type { EventId } from '@hutong/domain-events';
import { idMonthOf } from '../posting/id-month.js';

/** The log's partitions, one for each month in which event ids were made. */
export class Months {
  private readonly made = new Set<string>();

  constructor(private readonly db: Sql) {}

  /**
   * Makes the month of an event's id, before the transaction that writes to it: making one locks out
   * every reader until it commits.
   */
  async make(id: EventId): Promise<void> {
    const month = idMonthOf(id);
    if (this.made.has(month)) return;
    await this.db.query('select make_month($1::timestamptz)', [month]);
    this.made.add(month);
  }
}
