import type { Clock } from '@hutong/config';
import {
  gatewayTopic,
  ROUTING_DECISIONS,
  type PaymentCloseRequested,
  type PaymentRefundRequested,
} from '@hutong/domain-events';
import {
  done,
  firstTime,
  heardBefore,
  park,
  type Announcement,
  type Disposition,
  type Outbox,
  type Received,
} from '@hutong/messaging';
import { closeAttempts, type Closing } from '../request-close/close-attempts.js';
import { commandRefund } from '../request-refund/command-refund.js';
import type { RoutingDatabase } from './database.repository.js';
import type { DecisionMetrics } from './decision-metrics.adapter.js';
import { answeredFrom } from './decision-rows.repository.js';
import { lockPayment } from './payment-rows.repository.js';

export type CommandsParts = Readonly<{
  db: RoutingDatabase;
  outbox: Outbox;
  clock: Clock;
  metrics: DecisionMetrics;
}>;

/**
 * Closes and refunds, passed on to the gateways of their attempts. The payment's lock keeps them in
 * the order in which checkout asked, behind the attempts that they are about.
 */
export class Commands {
  constructor(private readonly parts: CommandsParts) {}

  close({ event, eventId, businessTime }: Received<PaymentCloseRequested>): Promise<Disposition> {
    const { db, outbox, clock, metrics } = this.parts;
    return db.transaction(async (tx) => {
      const { paymentId, attempts } = event;
      const payment = await lockPayment(tx, paymentId);
      if (payment === undefined) return park('a close of a payment that was never requested');
      if (await heardBefore(tx, eventId)) return done;
      const named = { attemptId: { in: [...attempts] } };
      const rows = await tx.prisma.attempt.findMany({ where: named });
      if (rows.some((row) => row.paymentId !== paymentId)) {
        return park("a close that names another payment's attempt");
      }
      await firstTime(tx, eventId);
      const now = clock.now();
      const closings = closeAttempts(event, rows.map(answeredFrom));
      const early = closings.flatMap((one) =>
        one.kind === 'remembered' ? [{ attemptId: one.attemptId, paymentId, askedAt: now }] : [],
      );
      await tx.prisma.earlyClose.createMany({ data: early, skipDuplicates: true });
      const times = { occurredAt: now, businessTime };
      await outbox.append(tx, ...closings.flatMap((one) => announced(one, times)));
      tx.onCommit(() => closings.forEach(({ kind }) => metrics.closing(kind)));
      return done;
    });
  }

  refund({ event, eventId, businessTime }: Received<PaymentRefundRequested>): Promise<Disposition> {
    const { db, outbox, clock, metrics } = this.parts;
    return db.transaction(async (tx) => {
      const { paymentId, refundId, attemptId, provider } = event;
      const payment = await lockPayment(tx, paymentId);
      if (payment === undefined) return park('a refund of a payment that was never requested');
      if (await heardBefore(tx, eventId)) return done;
      if ((await tx.prisma.refund.findUnique({ where: { refundId } })) !== null) {
        return park('a refund whose id was commanded before');
      }
      const row = await tx.prisma.attempt.findFirst({ where: { attemptId, paymentId } });
      const command = commandRefund(event, row === null ? undefined : answeredFrom(row));
      if (!command.ok) return park(command.refusal);
      await firstTime(tx, eventId);
      const now = clock.now();
      await tx.prisma.refund.create({
        data: { refundId, paymentId, attemptId, provider, commandedAt: now },
      });
      const times = { occurredAt: now, businessTime };
      await outbox.append(tx, { topic: gatewayTopic[provider], event: command.value, ...times });
      tx.onCommit(() => metrics.refundCommanded(provider));
      return done;
    });
  }
}

type Times = Readonly<{ occurredAt: Date; businessTime: Date | undefined }>;

function announced(closing: Closing, times: Times): readonly Announcement[] {
  switch (closing.kind) {
    case 'commanded':
      return [{ topic: gatewayTopic[closing.provider], event: closing.command, ...times }];
    case 'refused':
      return [{ topic: ROUTING_DECISIONS, event: closing.told, ...times }];
    case 'remembered':
      return [];
  }
}
