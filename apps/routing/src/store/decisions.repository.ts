import type { Clock } from '@hutong/config';
import type { Transaction } from '@hutong/database';
import {
  gatewayTopic,
  isId,
  paymentId,
  ROUTING_DECISIONS,
  type PaymentMethodSelected,
  type PaymentRequested,
  type RoutingDecision,
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
import type { Explained } from '../explain-decisions/explanation.js';
import { objectionsTo, type Standing } from '../offer/choice.js';
import { announceOffer } from '../offer-methods/announce-offer.js';
import { decide, type Moment } from '../offer/offer.js';
import { isBeingTried } from '../offer/usability.js';
import { versionFor, type Policies } from '../policy/policies.js';
import { answerChoice, type Answer } from '../request-attempt/answer-choice.js';
import type { RoutingDatabase } from './database.repository.js';
import type { DecisionMetrics } from './decision-metrics.adapter.js';
import {
  answerColumns,
  answeredFrom,
  decisionFrom,
  requestedFrom,
} from './decision-rows.repository.js';
import {
  beforehand,
  insertAnswer,
  insertDecision,
  insertPayment,
  lockPayment,
  newestDecision,
  withVerdicts,
} from './payment-rows.repository.js';
import { readUsability, takeProbe } from './usability.repository.js';

export type DecisionsParts = Readonly<{
  db: RoutingDatabase;
  outbox: Outbox;
  clock: Clock;
  policies: Policies;
  metrics: DecisionMetrics;
  /** Whether the story is told here: only then does its time pick the policy. */
  story: boolean;
}>;

/**
 * Routing's decisions. Each method that makes one is one transaction: inbox, decision and outbox. What
 * is parked leaves no trace: after a crash before parking it is parked again.
 */
export class Decisions {
  constructor(private readonly parts: DecisionsParts) {}

  /** The first decision about a payment. */
  offer({ event, eventId, businessTime }: Received<PaymentRequested>): Promise<Disposition> {
    const { db, outbox, clock, policies, metrics, story } = this.parts;
    return db.sql.transaction(async (tx) => {
      const policyAt = (story ? businessTime : undefined) ?? event.requestedAt;
      if (!(await insertPayment(tx, { requested: event, policyAt }))) {
        if (await heardBefore(tx, eventId)) return done;
        return park('payment.requested of a payment that was requested before');
      }
      await firstTime(tx, eventId);
      const version = versionFor(policies, event.platform, policyAt);
      const now = clock.now();
      const usability = await readUsability(tx);
      const decision = decide(version, event, { offer: 1, now, usability });
      await insertDecision(tx, event.paymentId, decision);
      const offer = announceOffer(event.paymentId, decision);
      await outbox.append(tx, announced(offer, { occurredAt: now, businessTime }));
      tx.onCommit(() => {
        metrics.decided(decision);
        metrics.saw(usability, now);
      });
      return done;
    });
  }

  /** The one answer to a choice, with the command or the new decision that follows from it. */
  answer({ event, eventId, businessTime }: Received<PaymentMethodSelected>): Promise<Disposition> {
    const { db, outbox, clock, policies, metrics } = this.parts;
    return db.sql.transaction(async (tx) => {
      const { paymentId, attemptId } = event;
      const payment = await lockPayment(tx, paymentId);
      if (payment === undefined) return park('a choice for a payment that was never requested');
      const before = await beforehand(tx, eventId, attemptId);
      if (before.heard) return done;
      if (before.answered) return park('a choice whose attempt was answered before');
      await firstTime(tx, eventId);
      const { requested, policyAt } = payment;
      const newest = await newestDecision(tx, paymentId);
      const version = versionFor(policies, requested.platform, policyAt);
      const now = clock.now();
      const standing = { newest, version, closedBefore: before.closed };
      const at = await this.momentOf(tx, event, standing, now);
      const answer = answerChoice(event, { ...standing, requested }, at);
      await insertAnswer(tx, answerColumns(answer.told, event, now));
      if (answer.kind === 'refused') await insertDecision(tx, paymentId, answer.next);
      await outbox.append(tx, ...announcementsOf(answer, { occurredAt: now, businessTime }));
      tx.onCommit(() => metrics.answered(answer));
      return done;
    });
  }

  /**
   * What stands against methods now. A choice that would hold and goes to a provider that is being tried
   * takes the one place there is; where another was faster, what is seen afterwards says so.
   */
  private async momentOf(
    tx: Transaction,
    choice: PaymentMethodSelected,
    standing: Standing,
    now: Date,
  ): Promise<Moment> {
    const { provider } = choice.method;
    const at = { now, usability: await readUsability(tx) };
    const goes = objectionsTo(choice, standing, at).length === 0;
    if (!goes || !isBeingTried(at.usability, provider)) return at;
    if (await takeProbe(tx, provider, now)) {
      tx.onCommit(() => this.parts.metrics.probed(provider));
      return at;
    }
    return { now, usability: await readUsability(tx) };
  }

  /** Everything that was decided about a payment. @param id as a caller wrote it. */
  async explain(id: string): Promise<Explained | undefined> {
    if (!isId('paymentId', id)) return undefined;
    const row = await this.parts.db.prisma.payment.findUnique({
      where: { paymentId: paymentId(id) },
      include: {
        decisions: { orderBy: { offer: 'asc' }, include: withVerdicts },
        attempts: { orderBy: [{ decidedAt: 'asc' }, { attemptId: 'asc' }] },
      },
    });
    if (row === null) return undefined;
    return {
      requested: requestedFrom(row),
      policyAt: row.policyAt,
      decisions: row.decisions.map(decisionFrom),
      answers: row.attempts.map(answeredFrom),
    };
  }
}

/** When it was decided, and the story's time where there is one. */
type Times = Readonly<{ occurredAt: Date; businessTime: Date | undefined }>;

const announced = (event: RoutingDecision, times: Times): Announcement => ({
  topic: ROUTING_DECISIONS,
  event,
  ...times,
});

/** The answer first; what follows from it right behind. */
function announcementsOf(answer: Answer, times: Times): Announcement[] {
  const first = announced(answer.told, times);
  if (answer.kind === 'refused') {
    return [first, announced(announceOffer(answer.told.paymentId, answer.next), times)];
  }
  const { command } = answer;
  return [first, { topic: gatewayTopic[command.method.provider], event: command, ...times }];
}
