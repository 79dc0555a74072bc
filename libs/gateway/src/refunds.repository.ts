import type { Clock } from '@hutong/config';
import type { Sql, Transaction, TransactionRunner } from '@hutong/database';
import {
  GATEWAY_REPORTS,
  type Provider,
  type RefundId,
  type RefundRequested,
} from '@hutong/domain-events';
import { equals } from '@hutong/money';
import { firstTime, type HeardInLostTime, type Outbox, type Received } from '@hutong/messaging';
import { withTraceparent } from '@hutong/telemetry';
import type { AskingPlan } from './asking-plan.js';
import type { AttemptState } from './attempt-state.js';
import { lock } from './attempt-writes.repository.js';
import {
  claimDue,
  followHint,
  handOver,
  makeAskDue,
  release,
  saveWork,
  type Lease,
  type Slots,
} from './due-rows.repository.js';
import type { Paid, PreparedRefund, RefundedOrder } from './gateway-port.js';
import { hearMissing } from './missing-refund.js';
import { quarantine } from './quarantine.repository.js';
import { savedRefundFrom, type RefundRow, type SavedRefund } from './refund-rows.repository.js';
import {
  advanceRefund,
  mayBeSentAt,
  nextRefundWork,
  refundReportOf,
  type RefundEvent,
  type RefundState,
  type RefundStep,
  type RefundWork,
} from './refund-state.js';
import {
  insertRefund,
  lockRefund,
  othersOf,
  saveMissing,
  saveRefundState,
  saveSending,
} from './refund-writes.repository.js';

/** A refund that this process alone works on until its lease ends. */
export type LeasedRefund = SavedRefund & Readonly<{ due: RefundWork['action']; fence: bigint }>;

type Around = Readonly<{
  provider: Provider;
  plan: AskingPlan;
  /** If it can be asked for a refund only by more than its number. */
  asksByMoreThanNumbers?: boolean;
  /** After a rewind. */
  heardInLostTime?: HeardInLostTime;
  onReport: (type: string) => void;
  onWork: () => void;
}>;

const ALL: readonly RefundWork['action'][] = ['query', 'refund'];

/** The refunds of one gateway. Whatever moves one is one transaction: state, next work, report. */
export class Refunds {
  constructor(
    private readonly db: TransactionRunner & Sql,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly around: Around,
  ) {}

  /**
   * Stores what routing asks for, once.
   * @returns `reused` if the id belongs to another intent, `not_paid` if its attempt took no money, `lost`
   *   if it may have been sent before this database was restored, and its provider cannot be asked about it.
   * @throws Error while its attempt is still asked for, since this database has lost what became of it.
   */
  store({
    event,
    eventId,
    businessTime,
    appendedAt,
  }: Received<RefundRequested>): Promise<'stored' | 'duplicate' | 'reused' | 'not_paid' | 'lost'> {
    return this.db.transaction(async (tx) => {
      const attempt = await lock(tx, event.attemptId);
      const before = await lockRefund(tx, event.refundId);
      if (before !== undefined) return knownAs(before, event);
      const { heardInLostTime, asksByMoreThanNumbers = false } = this.around;
      const maybeSent = heardInLostTime?.(appendedAt) === true;
      // Prepared anew it would have another name there, and be another refund.
      if (maybeSent && asksByMoreThanNumbers) return 'lost';
      const paid = attempt?.state.status === 'succeeded' ? attempt.attempt : undefined;
      if (paid?.paymentId !== event.paymentId) {
        if (maybeSent && attempt !== undefined && isAsked(attempt.state)) {
          throw new Error('what the attempt took is still asked for');
        }
        return 'not_paid';
      }
      if (!(await firstTime(tx, eventId))) return 'duplicate';
      const now = this.clock.now();
      await insertRefund(tx, { event, account: paid.account, businessTime, now });
      tx.onCommit(this.around.onWork);
      return 'stored';
    });
  }

  /** As of attempts: due rows that nobody holds, questions first. */
  async claim(slots: Slots, lease: Lease, db: Sql = this.db): Promise<LeasedRefund[]> {
    const o = { slots, lease, now: this.clock.now(), actions: ALL };
    const rows = await claimDue<RefundRow>(db, 'refunds', o);
    return rows.map((row) => ({
      ...savedRefundFrom(row),
      due: row.due_action === 'refund' ? 'refund' : 'query',
      fence: row.fence,
    }));
  }

  /** What the provider took for the attempt that is refunded. @throws Error if it took nothing: no refund of it is stored. */
  async orderOf({ refund: { attemptId, refundId } }: SavedRefund): Promise<RefundedOrder> {
    const [saved, others] = await this.db.transaction(async (tx) => [
      await lock(tx, attemptId),
      await othersOf(tx, attemptId, refundId),
    ]);
    if (saved?.state.status !== 'succeeded' || saved.prepared === undefined) {
      throw new Error(`refund of an attempt that took no money: ${refundId}`);
    }
    const { providerRef, instrument, amount, paidAt } = saved.state;
    const paid: Paid = { providerRef, instrument, amount, paidAt };
    const failed = others.flatMap(({ state, prepared }) =>
      state.status === 'failed' && prepared !== undefined ? [prepared.fields] : [],
    );
    return { paid, fields: saved.prepared.fields, failed };
  }

  /**
   * Stores what will be sent and that it is going out, if it is this refund's turn.
   * @param gapMs between two refunds of one attempt.
   * @returns false if it must not be sent now: another one's turn, the lease lost, or it has moved.
   */
  begin(leased: LeasedRefund, prepared: PreparedRefund, gapMs: number): Promise<boolean> {
    const { refundId, attemptId } = leased.refund;
    return this.db.transaction(async (tx) => {
      await lock(tx, attemptId); // its refunds take turns
      const saved = await lockRefund(tx, refundId, leased.fence);
      if (saved === undefined) return false;
      const { status } = saved.state;
      if (status !== 'requested' && status !== 'unknown') {
        await release(tx, 'refunds', refundId, this.clock.now());
        return false;
      }
      const now = this.clock.now();
      const others = await othersOf(tx, attemptId, refundId);
      const turn = mayBeSentAt(others, { now, gapMs });
      if (turn !== undefined) {
        await saveWork(tx, 'refunds', refundId, { action: 'refund', at: turn });
        await release(tx, 'refunds', refundId, this.clock.now());
        return false;
      }
      await saveSending(tx, prepared, now);
      const step = advanceRefund(saved.state, { type: 'sending' });
      if (step.kind === 'advanced') await saveRefundState(tx, refundId, step.state);
      return true;
    });
  }

  /** @returns false if the lease was lost meanwhile: whoever has it now asks again. */
  record(leased: LeasedRefund, event: RefundEvent): Promise<boolean> {
    const { refundId } = leased.refund;
    return this.db.transaction(async (tx) => {
      const saved = await lockRefund(tx, refundId, leased.fence);
      if (saved === undefined) return false;
      await this.apply(tx, saved, event);
      await release(tx, 'refunds', refundId, this.clock.now());
      return true;
    });
  }

  /** What a fault of ours cut off is to be looked at soon, by anybody. */
  async handOver({ refund, fence }: LeasedRefund): Promise<void> {
    await handOver(this.db, 'refunds', refund.refundId, fence);
  }

  /** In the caller's transaction, which holds the row's lock: state, next work, report. */
  async apply(tx: Transaction, saved: SavedRefund, said: RefundEvent): Promise<RefundStep> {
    const { refundId } = saved.refund;
    const now = this.clock.now();
    const { event, missing, askAt } = hearMissing(saved.missing, said, now);
    const step = advanceRefund(saved.state, event);
    await this.keepForPeople(tx, saved, event);
    if (event.type === 'notified' && step.kind === 'duplicate') return step;
    await saveMissing(tx, refundId, missing);
    if (step.kind === 'advanced') {
      await saveRefundState(tx, refundId, step.state);
      await this.announce(tx, saved, step.state);
    } else if (step.kind === 'refused') {
      await this.keep(tx, saved, step.reason);
    }
    const state = step.kind === 'advanced' ? step.state : saved.state;
    const work = nextRefundWork(state, event, {
      now,
      submittedAt: saved.submittedAt ?? now,
      gaps: this.around.plan.ofRefund,
    });
    const sooner = work !== undefined && askAt !== undefined ? { ...work, at: askAt } : work;
    await saveWork(tx, 'refunds', refundId, sooner);
    if (work !== undefined && work.at <= now) tx.onCommit(this.around.onWork);
    return step;
  }

  /** To be asked for now, whatever is under way, which is older than what led to this. */
  async askNow(tx: Transaction, refundId: RefundId): Promise<void> {
    await makeAskDue(tx, 'refunds', refundId, this.clock.now());
    tx.onCommit(this.around.onWork);
  }

  /** The provider hints at news: to be asked for now, or once more behind the answer that is on its way. */
  async hint(tx: Transaction, refundId: RefundId): Promise<void> {
    await followHint(tx, 'refunds', refundId, this.clock.now());
    tx.onCommit(this.around.onWork);
  }

  /** It goes on only by hand, or went with a defect: people have to know. */
  private async keepForPeople(
    tx: Transaction,
    saved: SavedRefund,
    event: RefundEvent,
  ): Promise<void> {
    const report = 'report' in event ? event.report : undefined;
    if (report?.kind === 'pending' && report.stuck !== undefined) {
      await this.keep(tx, saved, report.stuck);
    }
    if (report?.kind === 'succeeded' && report.defect !== undefined) {
      await this.keep(tx, saved, report.defect);
    }
  }

  private async keep(tx: Transaction, { refund }: SavedRefund, reason: string): Promise<void> {
    const { refundId, attemptId, account, amount } = refund;
    await quarantine(tx, {
      account,
      sourceId: refundId,
      orderNumber: attemptId,
      reason,
      told: { refundId, currency: amount.currency, minor: amount.minor.toString() },
      receivedAt: this.clock.now(),
    });
  }

  /** In the refund's own trace, whoever brought the news. */
  private async announce(tx: Transaction, saved: SavedRefund, state: RefundState): Promise<void> {
    const { provider, onReport } = this.around;
    const event = refundReportOf(saved.refund, { provider, before: saved.state, state });
    if (event === undefined) return;
    const occurredAt = event.type === 'refund.succeeded' ? event.refundedAt : this.clock.now();
    const { businessTime, traceparent } = saved;
    const report = { topic: GATEWAY_REPORTS, event, occurredAt, businessTime } as const;
    await withTraceparent(traceparent, () => this.outbox.append(tx, report));
    tx.onCommit(() => onReport(event.type));
  }
}

/** Whether its provider is still to say what it took. */
const isAsked = ({ status }: AttemptState): boolean =>
  status === 'submitted' || status === 'awaiting_payer' || status === 'unknown';

function knownAs(before: SavedRefund, event: RefundRequested): 'duplicate' | 'reused' | 'lost' {
  if (!sameIntent(before, event)) return 'reused';
  return before.isLeft ? 'lost' : 'duplicate';
}

const sameIntent = ({ refund }: SavedRefund, event: RefundRequested): boolean =>
  refund.paymentId === event.paymentId &&
  refund.attemptId === event.attemptId &&
  equals(refund.amount, event.amount);
