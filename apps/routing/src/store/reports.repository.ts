import type { Clock } from '@hutong/config';
import type { AttemptReported, RefundReported } from '@hutong/domain-events';
import { done, firstTime, park, type Disposition, type Received } from '@hutong/messaging';
import { evidenceOf } from '../health/circuit.js';
import type { RoutingDatabase } from './database.repository.js';
import type { DecisionMetrics } from './decision-metrics.adapter.js';
import { countReport } from './health.repository.js';
import { findAnswer } from './payment-rows.repository.js';

export type ReportsParts = Readonly<{
  db: RoutingDatabase;
  clock: Clock;
  metrics: DecisionMetrics;
}>;

/** What gateways report of what routing commanded. Of anything else, somebody else commands a gateway. */
export class Reports {
  constructor(private readonly parts: ReportsParts) {}

  /** Counts a report once, for its provider's health. */
  countAttempt(received: Received<AttemptReported>): Promise<Disposition> {
    const { db, clock, metrics } = this.parts;
    const { event, eventId, partition } = received;
    return db.sql.transaction(async (tx) => {
      const { attemptId, paymentId, provider } = event;
      const commanded = await findAnswer(tx, paymentId, attemptId);
      if (commanded?.verdict !== 'accepted' || commanded.method.provider !== provider) {
        return park(`${event.type} of an attempt that was never commanded`);
      }
      if (!(await firstTime(tx, eventId))) return done;
      const evidence = evidenceOf(event);
      const report = { provider, partition, evidence, sentAt: commanded.decidedAt };
      const changed = await countReport(tx, report, clock.now());
      tx.onCommit(() => {
        metrics.reported(event);
        if (changed !== undefined) metrics.circuitChanged(provider, changed);
      });
      return done;
    });
  }

  /** A refund says nothing of whether new attempts get through: it is counted and no more. */
  countRefund({ event, eventId }: Received<RefundReported>): Promise<Disposition> {
    const { db, metrics } = this.parts;
    return db.transaction(async (tx) => {
      const { refundId, attemptId, paymentId, provider } = event;
      const commanded = { refundId, attemptId, paymentId, provider };
      if ((await tx.prisma.refund.findFirst({ where: commanded })) === null) {
        return park(`${event.type} of a refund that was never commanded`);
      }
      if (await firstTime(tx, eventId)) tx.onCommit(() => metrics.reported(event));
      return done;
    });
  }
}
