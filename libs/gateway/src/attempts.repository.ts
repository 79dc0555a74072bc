import type { Clock } from '@hutong/config';
import type { Sql, Transaction, TransactionRunner } from '@hutong/database';
import {
  GATEWAY_REPORTS,
  methodText,
  type AttemptCloseRequested,
  type AttemptId,
  type AttemptRequested,
  type CloseReason,
} from '@hutong/domain-events';
import { firstTime, type Outbox, type Received } from '@hutong/messaging';
import { withTraceparent } from '@hutong/telemetry';
import type { AskingPlan } from './asking-plan.js';
import { savedFrom, type AttemptRow, type SavedAttempt } from './attempt-rows.repository.js';
import {
  advance,
  reportOf,
  type AttemptEvent,
  type AttemptState,
  type Step,
} from './attempt-state.js';
import {
  insert,
  lock,
  release,
  saveCloseSent,
  saveClosing,
  savePrepared,
  saveState,
  saveWork,
} from './attempt-writes.repository.js';
import type { Paid, Prepared } from './gateway-port.js';
import { nextWork, type Work } from './next-work.js';
import { paidFacts, quarantine } from './quarantine.repository.js';

/** How many rows of each account may be taken now. */
export type Slots = ReadonlyMap<string, number>;

/** An attempt that this process alone works on until its lease ends. */
export type Leased = SavedAttempt & Readonly<{ due: Work['action']; fence: bigint }>;

/** Who is told, and what the provider can. */
type Around = Readonly<{
  onReport: (type: string) => void;
  onWork: () => void;
  /** Whether it closes orders before their end. */
  closable: boolean;
  plan: AskingPlan;
}>;

const ALL: readonly Work['action'][] = ['close', 'query', 'submit'];

/** The attempts of one gateway. Whatever moves one is one transaction: state, next work, report. */
export class Attempts {
  constructor(
    private readonly db: TransactionRunner & Sql,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly around: Around,
  ) {}

  /**
   * Stores what routing asks for, once. @param account that is to take the money, if one serves it.
   * @returns `reused` if the id belongs to another intent.
   */
  store(
    { event, eventId, businessTime }: Received<AttemptRequested>,
    account: string | undefined,
  ): Promise<'stored' | 'duplicate' | 'reused'> {
    return this.db.transaction(async (tx) => {
      const before = await lock(tx, event.attemptId);
      if (before !== undefined) return sameIntent(before, event) ? 'duplicate' : 'reused';
      if (!(await firstTime(tx, eventId))) return 'duplicate';
      const stored = await insert(tx, {
        event,
        account: account ?? '',
        businessTime,
        now: this.clock.now(),
      });
      if (!stored) throw new Error('another delivery of the same intent is being stored');
      const saved = await lock(tx, event.attemptId);
      if (saved !== undefined && account === undefined) {
        await this.apply(tx, saved, { type: 'unpreparable', refusal: 'account_unknown' });
      }
      tx.onCommit(this.around.onWork);
      return 'stored';
    });
  }

  /**
   * Keeps that an attempt is to take no money any more: closed at once if nothing was ever sent, else
   * asked for first. @returns `unknown` if there is no such attempt of this payment.
   */
  requestClose({
    event,
    eventId,
  }: Received<AttemptCloseRequested>): Promise<'kept' | 'duplicate' | 'unknown'> {
    return this.db.transaction(async (tx) => {
      const saved = await lock(tx, event.attemptId);
      if (saved?.attempt.paymentId !== event.paymentId) return 'unknown';
      if (!(await firstTime(tx, eventId))) return 'duplicate';
      const { reason } = event;
      const askedAt = this.clock.now();
      if (!(await saveClosing(tx, event.attemptId, { reason, askedAt }))) return 'duplicate';
      const closing = { reason, askedAt, sentAt: undefined };
      await this.apply(tx, { ...saved, closing }, { type: 'close_asked', reason });
      return 'kept';
    });
  }

  /**
   * Takes due rows that nobody holds and nobody else is taking. What closes comes before questions, and
   * those before submits, by the alphabet: an order that may be paid is more urgent than one that cannot.
   * @param db the caller's transaction, if they are to be taken with something else.
   */
  async claim(
    slots: Slots,
    lease: Readonly<{ owner: string; ms: number }>,
    actions: readonly Work['action'][] = ALL,
    db: Sql = this.db,
  ): Promise<Leased[]> {
    const rows = await db.query<AttemptRow>(
      `with due as materialized (
         select taken.attempt_id
         from unnest($1::text[], $2::int[]) as free (account, slots)
         cross join lateral (
           select b.attempt_id from attempts b
           where b.account = free.account and b.due_at <= $3::timestamptz
             and b.due_action = any($6::text[])
             and (b.leased_until is null or b.leased_until <= clock_timestamp())
           order by b.due_action, b.due_at
           limit free.slots
           for update skip locked
         ) as taken
       )
       update attempts a
       set lease_owner = $4, fence = a.fence + 1,
           leased_until = clock_timestamp() + $5::bigint * interval '1 millisecond'
       from due where a.attempt_id = due.attempt_id
       returning a.*`,
      [
        [...slots.keys()],
        [...slots.values()],
        this.clock.now(),
        lease.owner,
        lease.ms,
        [...actions],
      ],
    );
    return rows.map((row) => ({
      ...savedFrom(row),
      due: ALL.find((action) => action === row.due_action) ?? 'query',
      fence: row.fence,
    }));
  }

  /** How many of an account wait to be sent, at most `enough` of them counted. */
  async waiting(account: string, enough: number): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(
      `select count(*)::int as count
       from (
         select 1 from attempts where account = $1 and due_action = 'submit' and due_at is not null
         limit $2::bigint
       ) as counted`,
      [account, enough],
    );
    return row?.count ?? 0;
  }

  /**
   * Stores what will be sent and that it is going out; whoever finds it after a crash asks first.
   * @returns false if it must not be sent: the lease was lost, or the attempt has moved meanwhile.
   */
  begin(leased: Leased, prepared: Prepared): Promise<boolean> {
    const { attemptId } = leased.attempt;
    return this.db.transaction(async (tx) => {
      const saved = await lock(tx, attemptId, leased.fence);
      if (saved === undefined) return false;
      if (saved.state.status !== 'requested' && saved.state.status !== 'unknown') {
        await release(tx, attemptId);
        return false;
      }
      // Asked for its end since the lease began: what was never sent is closed, the rest is asked for.
      if (saved.closing !== undefined) {
        await release(tx, attemptId);
        return false;
      }
      const now = this.clock.now();
      const submittedAt = saved.submittedAt ?? now;
      await savePrepared(tx, attemptId, prepared, { submittedAt, sentAt: now });
      const step = advance(saved.state, { type: 'sending' });
      if (step.kind === 'advanced') await saveState(tx, attemptId, step.state);
      return true;
    });
  }

  /**
   * Stores that the provider is asked to close the order now, for whoever finds it after a crash.
   * @returns why, or undefined if it must not be asked: the lease was lost, or the attempt has ended.
   */
  beginClose(leased: Leased): Promise<CloseReason | undefined> {
    const { attemptId, expiresAt } = leased.attempt;
    return this.db.transaction(async (tx) => {
      const saved = await lock(tx, attemptId, leased.fence);
      if (saved === undefined) return undefined;
      if (saved.state.status !== 'awaiting_payer' && saved.state.status !== 'unknown') {
        await release(tx, attemptId);
        return undefined;
      }
      const reason = saved.closing?.reason ?? 'expired';
      await saveClosing(tx, attemptId, { reason, askedAt: expiresAt });
      await saveCloseSent(tx, attemptId, this.clock.now());
      return reason;
    });
  }

  /**
   * What the provider answered, or that nothing was sent: moves the attempt and gives the lease back.
   * @returns false if the lease was lost meanwhile: whoever has it now asks again.
   */
  record(leased: Leased, event: AttemptEvent): Promise<boolean> {
    const { attemptId } = leased.attempt;
    return this.db.transaction(async (tx) => {
      const saved = await lock(tx, attemptId, leased.fence);
      if (saved === undefined) return false;
      await this.apply(tx, saved, event);
      await release(tx, attemptId);
      return true;
    });
  }

  /** In the caller's transaction, which holds the row's lock: state, next work, report. */
  async apply(tx: Transaction, saved: SavedAttempt, event: AttemptEvent): Promise<Step> {
    const { attempt } = saved;
    const step = advance(saved.state, event);
    // A repeated notification answers nothing that was asked: what is due stays due.
    if (event.type === 'notified' && step.kind === 'duplicate') return step;
    // What has ended is not asked again for having to end.
    if (event.type === 'close_asked' && isOver(saved.state)) return step;
    const now = this.clock.now();
    if (step.kind === 'advanced') {
      await saveState(tx, attempt.attemptId, step.state);
      await this.announce(tx, saved, step.state);
    } else if (step.kind !== 'duplicate') {
      await this.keepIncident(tx, saved, step);
    }
    const state = step.kind === 'advanced' ? step.state : saved.state;
    if (state.status === 'requested' && saved.closing !== undefined) {
      // Its sending never left, so there is nothing to close at the provider after all.
      const { reason } = saved.closing;
      return this.apply(tx, { ...saved, state }, { type: 'close_asked', reason });
    }
    const work = nextWork(state, event, {
      now,
      submittedAt: saved.submittedAt ?? now,
      expiresAt: saved.prepared?.expiresAt ?? attempt.expiresAt,
      notAfter: attempt.notAfter,
      deadline: attempt.expiresAt,
      closable: this.around.closable,
      closing: saved.closing,
      method: attempt.method,
      plan: this.around.plan,
    });
    await saveWork(tx, attempt.attemptId, work);
    if (work !== undefined && work.at <= now) tx.onCommit(this.around.onWork);
    return step;
  }

  /**
   * The order is to be asked for now, whatever is under way: an answer to an earlier question is
   * older than what led to this, so the lease is broken.
   */
  async askNow(tx: Transaction, attemptId: AttemptId): Promise<void> {
    await tx.query(
      `update attempts set due_action = 'query', due_at = $2::timestamptz,
         fence = fence + 1, lease_owner = null, leased_until = null
       where attempt_id = $1 and prepared_body is not null`,
      [attemptId, this.clock.now()],
    );
    tx.onCommit(this.around.onWork);
  }

  /** For people; money that came on top is announced too, once, for whoever gives it back. */
  private async keepIncident(
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
    if (isNew && again !== undefined) await this.announcePaid(tx, saved, again);
  }

  private announcePaid(tx: Transaction, saved: SavedAttempt, paid: Paid): Promise<void> {
    return this.announce(tx, saved, { status: 'succeeded', ...paid, late: paid.late ?? false });
  }

  /** In the attempt's trace, whoever brought the news: a provider does not know it. */
  private async announce(
    tx: Transaction,
    { attempt, businessTime, traceparent }: SavedAttempt,
    state: AttemptState,
  ): Promise<void> {
    const event = reportOf(attempt, state);
    if (event === undefined) return;
    const occurredAt = event.type === 'attempt.succeeded' ? event.paidAt : this.clock.now();
    const report = { topic: GATEWAY_REPORTS, event, occurredAt, businessTime } as const;
    await withTraceparent(traceparent, () => this.outbox.append(tx, report));
    tx.onCommit(() => this.around.onReport(event.type));
  }
}

const isOver = ({ status }: AttemptState): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'closed';

const sameIntent = ({ attempt }: SavedAttempt, event: AttemptRequested): boolean =>
  attempt.paymentId === event.paymentId &&
  attempt.amount.minor === event.amount.minor &&
  attempt.amount.currency === event.amount.currency &&
  methodText(attempt.method) === methodText(event.method);
