import type { Clock } from '@hutong/config';
import type { Metrics } from '@hutong/telemetry';
import type { CheckoutDatabase } from './database.repository.js';

/** Shows what is not settled, as the database has it: every worker shows the same. */
export class OpenWork {
  private readonly surplus;
  private readonly refunds;
  private readonly oldest;
  private readonly putOff;

  constructor(
    private readonly db: CheckoutDatabase,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.surplus = metrics.gauge('hutong_checkout_surplus_open', 'Surplus that is not back yet.', [
      'status',
    ]);
    this.refunds = metrics.gauge(
      'hutong_checkout_refunds_open',
      'Refunds of which the provider has not said what became of them.',
    );
    this.oldest = metrics.gauge(
      'hutong_checkout_oldest_uncertain_attempt_seconds',
      'Age of the oldest attempt that is unknown or closing.',
    );
    this.putOff = metrics.gauge(
      'hutong_checkout_put_off',
      'Deadlines and surplus that came due and could not be seen to.',
    );
  }

  async look(): Promise<void> {
    const [surplus, [refunds], [oldest], [putOff]] = await Promise.all([
      this.db.query<{ status: string; count: bigint }>(
        `select surplus_status as status, count(*) as count from receipt
          where surplus_status in ('taken', 'refunding', 'stuck') group by surplus_status`,
      ),
      this.db.query<{ count: bigint }>(
        `select count(*) as count from refund where status in ('requested', 'pending')`,
      ),
      this.db.query<{ since: Date | null }>(
        `select min(selected_at) as since from attempt where status in ('unknown', 'closing')`,
      ),
      this.db.query<{ count: bigint }>('select count(*) as count from put_off'),
    ]);
    for (const status of ['taken', 'refunding', 'stuck']) {
      const found = surplus.find((one) => one.status === status);
      this.surplus.set({ status }, Number(found?.count ?? 0));
    }
    this.putOff.set(Number(putOff?.count ?? 0));
    this.refunds.set(Number(refunds?.count ?? 0));
    const now = this.clock.now().getTime();
    this.oldest.set(Math.max(0, now - (oldest?.since?.getTime() ?? now)) / 1_000);
  }
}
