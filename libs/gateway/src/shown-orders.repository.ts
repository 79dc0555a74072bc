import type { Clock } from '@hutong/config';
import type { Sql } from '@hutong/database';
import { isId, type Action } from '@hutong/domain-events';
import { savedFrom, type AttemptRow } from './attempt-rows.repository.js';
import type { Prepared } from './gateway-port.js';

/** An order that waits for its payer, with what its payer was given. */
export type ShownOrder = Readonly<{ prepared: Prepared; action: Action }>;

/**
 * What an app needs to serve a payer's browser by itself, where a provider has no address that does.
 * Any process of a gateway may be asked: all of it is in the database.
 */
export class ShownOrders {
  constructor(
    private readonly db: Sql,
    private readonly clock: Clock,
  ) {}

  /** As long as it may be paid: not once it has ended, has to end, or its time is over. */
  async open(attemptId: string): Promise<ShownOrder | undefined> {
    const saved = await this.saved(attemptId);
    if (saved?.state.status !== 'awaiting_payer' || saved.prepared === undefined) return undefined;
    const { action } = saved.state;
    const isOver = saved.closing !== undefined || this.clock.now() >= action.validUntil;
    return isOver ? undefined : { prepared: saved.prepared, action };
  }

  /** Where its payer's browser goes afterwards, whatever became of it. */
  async returnUrl(attemptId: string): Promise<string | undefined> {
    return (await this.saved(attemptId))?.attempt.returnUrl;
  }

  private async saved(attemptId: string) {
    if (!isId('attemptId', attemptId)) return undefined;
    const [row] = await this.db.query<AttemptRow>('select * from attempts where attempt_id = $1', [
      attemptId,
    ]);
    return row && savedFrom(row);
  }
}
