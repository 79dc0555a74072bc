import type { AttemptReported } from '@hutong/domain-events';
import { done, firstTime, park, type Disposition, type Received } from '@hutong/messaging';
import type { RoutingDatabase } from './database.repository.js';
import type { DecisionMetrics } from './decision-metrics.adapter.js';
import { answeredFrom } from './decision-rows.repository.js';

/** What gateways report of the attempts that routing commanded. */
export class Reports {
  constructor(
    private readonly db: RoutingDatabase,
    private readonly metrics: DecisionMetrics,
  ) {}

  /** Counts it once. A report of what was never commanded is parked: somebody else commands a gateway. */
  count({ event, eventId }: Received<AttemptReported>): Promise<Disposition> {
    return this.db.transaction(async (tx) => {
      const { attemptId, paymentId } = event;
      const row = await tx.prisma.attempt.findFirst({ where: { attemptId, paymentId } });
      const commanded = row === null ? undefined : answeredFrom(row);
      if (commanded?.verdict !== 'accepted' || commanded.method.provider !== event.provider) {
        return park(`${event.type} of an attempt that was never commanded`);
      }
      if (await firstTime(tx, eventId)) tx.onCommit(() => this.metrics.reported(event));
      return done;
    });
  }
}
