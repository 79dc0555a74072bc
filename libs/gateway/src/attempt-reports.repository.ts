import type { Clock } from '@hutong/config';
import type { Transaction } from '@hutong/database';
import { GATEWAY_REPORTS } from '@hutong/domain-events';
import type { Outbox } from '@hutong/messaging';
import { withTraceparent } from '@hutong/telemetry';
import type { SavedAttempt } from './attempt-rows.repository.js';
import { reportOf, type AttemptEvent, type AttemptState, type Step } from './attempt-state.js';
import type { Paid } from './gateway-port.js';
import { paidFacts, quarantine } from './quarantine.repository.js';

/** What the ring is told of attempts, and what is kept of them for people. */
export class AttemptReports {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly onReport: (type: string) => void,
  ) {}

  /** In the attempt's trace, whoever brought the news: a provider does not know it. */
  async tell(
    tx: Transaction,
    { attempt, businessTime, traceparent }: SavedAttempt,
    state: AttemptState,
  ): Promise<void> {
    const event = reportOf(attempt, state);
    if (event === undefined) return;
    const occurredAt = event.type === 'attempt.succeeded' ? event.paidAt : this.clock.now();
    const report = { topic: GATEWAY_REPORTS, event, occurredAt, businessTime } as const;
    await withTraceparent(traceparent, () => this.outbox.append(tx, report));
    tx.onCommit(() => this.onReport(event.type));
  }

  /** For people: money that moved, and with which its provider is not content. */
  async keepDefect(tx: Transaction, { attempt }: SavedAttempt, event: AttemptEvent): Promise<void> {
    const paid = paidIn(event);
    if (paid?.defect === undefined) return;
    const { attemptId, account } = attempt;
    await quarantine(tx, {
      account,
      sourceId: `${attemptId}:${paid.providerRef}`,
      orderNumber: attemptId,
      reason: paid.defect,
      told: paidFacts(paid),
      receivedAt: this.clock.now(),
    });
  }

  /** For people; money that came on top is told too, once, for whoever gives it back. */
  async keepIncident(
    tx: Transaction,
    saved: SavedAttempt,
    step: Extract<Step, { kind: 'paid_again' | 'refused' }>,
  ): Promise<void> {
    const { attemptId, account } = saved.attempt;
    const again = step.kind === 'paid_again' ? step.paid : undefined;
    const isNew = await quarantine(tx, {
      account,
      sourceId: `${attemptId}:${again?.providerRef ?? 'query'}`,
      orderNumber: attemptId,
      reason: step.kind === 'paid_again' ? step.kind : step.reason,
      told: again === undefined ? {} : paidFacts(again),
      receivedAt: this.clock.now(),
    });
    if (!isNew || again === undefined) return;
    await this.tell(tx, saved, { status: 'succeeded', ...again, late: again.late ?? false });
  }
}

function paidIn(event: AttemptEvent): Paid | undefined {
  if (event.type === 'notified') return event.paid;
  const isAnswer = event.type === 'submit_answered' || event.type === 'query_answered';
  return isAnswer && event.report.kind === 'succeeded' ? event.report : undefined;
}
