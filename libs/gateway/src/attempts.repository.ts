import type { Clock } from '@hutong/config';
import type { Sql, Transaction, TransactionRunner } from '@hutong/database';
import {
  methodText,
  type AttemptCloseRequested,
  type AttemptId,
  type AttemptRequested,
  type CloseReason,
} from '@hutong/domain-events';
import { firstTime, type HeardInLostTime, type Outbox, type Received } from '@hutong/messaging';
import type { AskingPlan } from './asking-plan.js';
import { AttemptReports } from './attempt-reports.repository.js';
import { savedFrom, type AttemptRow, type SavedAttempt } from './attempt-rows.repository.js';
import { advance, type AttemptEvent, type AttemptState, type Step } from './attempt-state.js';
import {
  anyOverdue,
  forgetPrepared,
  insert,
  lock,
  lockOverdue,
  saveCloseSent,
  saveClosing,
  saveInDoubt,
  savePrepared,
  saveStep,
} from './attempt-writes.repository.js';
import {
  claimDue,
  followHint,
  handOver,
  makeAskDue,
  release,
  type Lease,
  type Slots,
} from './due-rows.repository.js';
import type { Prepared } from './gateway-port.js';
import { nextWork, type Work } from './next-work.js';

/** An attempt that this process alone works on until its lease ends. */
export type Leased = SavedAttempt & Readonly<{ due: Work['action']; fence: bigint }>;

/** Who is told, and what the provider can. */
type Around = Readonly<{
  onReport: (type: string) => void;
  onWork: () => void;
  /** Whether it closes orders before their end. */
  closable: boolean;
  plan: AskingPlan;
  /** If it can be asked for an order only by more than its number. */
  asksByMoreThanNumbers?: boolean;
  /** After a rewind. */
  heardInLostTime?: HeardInLostTime;
}>;

/** So many rows are ended in one transaction. */
const OVERDUE_AT_ONCE = 100;
const ALL: readonly Work['action'][] = ['close', 'query', 'submit'];

/** The attempts of one gateway. Whatever moves one is one transaction: state, next work, report. */
export class Attempts {
  private readonly reports: AttemptReports;

  constructor(
    private readonly db: TransactionRunner & Sql,
    outbox: Outbox,
    private readonly clock: Clock,
    private readonly around: Around,
  ) {
    this.reports = new AttemptReports(outbox, clock, around.onReport);
  }

  /**
   * Stores what routing asks for, once. What no account serves or what is too late ends at once.
   * @param account that is to take the money, if one serves it.
   * @param isTooLate if its turn would come behind its `notAfter`.
   * @returns `reused` if the id belongs to another intent, `lost` if it may have been sent before this
   *   database was restored, and its provider cannot be asked about it.
   */
  store(
    { event, eventId, businessTime, appendedAt }: Received<AttemptRequested>,
    account: string | undefined,
    { isTooLate = false } = {},
  ): Promise<'stored' | 'duplicate' | 'reused' | 'lost'> {
    return this.db.transaction(async (tx) => {
      const before = await lock(tx, event.attemptId);
      if (before !== undefined) return knownAs(before, event);
      const { heardInLostTime, asksByMoreThanNumbers = false } = this.around;
      const maybeSent = account !== undefined && heardInLostTime?.(appendedAt) === true;
      if (maybeSent && asksByMoreThanNumbers) return 'lost';
      if (!(await firstTime(tx, eventId))) return 'duplicate';
      const stored = await insert(tx, {
        event,
        account: account ?? '',
        businessTime,
        now: this.clock.now(),
      });
      if (!stored) throw new Error('another delivery of the same intent is being stored');
      if (maybeSent) {
        await saveInDoubt(tx, event.attemptId);
        tx.onCommit(this.around.onWork);
        return 'stored';
      }
      const ending = endingOf(account, isTooLate || this.clock.now() >= event.notAfter);
      if (ending === undefined) {
        tx.onCommit(this.around.onWork);
        return 'stored';
      }
      const saved = await lock(tx, event.attemptId);
      if (saved !== undefined) await this.apply(tx, saved, ending);
      return 'stored';
    });
  }

  /**
   * Keeps that an attempt is to take no money any more: closed at once if nothing was ever sent, else
   * asked for first. @returns `unknown` if there is no such attempt of this payment, `lost` as of `store`.
   */
  requestClose({
    event,
    eventId,
  }: Received<AttemptCloseRequested>): Promise<'kept' | 'duplicate' | 'unknown' | 'lost'> {
    return this.db.transaction(async (tx) => {
      const saved = await lock(tx, event.attemptId);
      if (saved?.attempt.paymentId !== event.paymentId) return 'unknown';
      if (saved.isLeft) return 'lost';
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
    lease: Lease,
    actions: readonly Work['action'][] = ALL,
    db: Sql = this.db,
  ): Promise<Leased[]> {
    const now = this.clock.now();
    const rows = await claimDue<AttemptRow>(db, 'attempts', { slots, lease, now, actions });
    return rows.map((row) => ({
      ...savedFrom(row),
      due: ALL.find((action) => action === row.due_action) ?? 'query',
      fence: row.fence,
    }));
  }

  /**
   * Ends what was never sent and may not be sent any more. That calls nobody, so it waits for no room of
   * its account; what a living worker is about to send is left to it.
   */
  async endOverdue(): Promise<void> {
    const endSome = () =>
      this.db.transaction(async (tx) => {
        const overdue = await lockOverdue(tx, this.clock.now(), OVERDUE_AT_ONCE);
        for (const saved of overdue) await this.apply(tx, saved, { type: 'too_late' });
        return overdue.length;
      });
    if (!(await anyOverdue(this.db, this.clock.now()))) return;
    while ((await endSome()) === OVERDUE_AT_ONCE);
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
        await release(tx, 'attempts', attemptId, this.clock.now());
        return false;
      }
      // Asked for its end since the lease began: what was never sent is closed, the rest is asked for.
      if (saved.closing !== undefined) {
        await release(tx, 'attempts', attemptId, this.clock.now());
        return false;
      }
      const now = this.clock.now();
      const submittedAt = saved.submittedAt ?? now;
      const step = advance(saved.state, { type: 'sending' });
      const { status } = step.kind === 'advanced' ? step.state : saved.state;
      await savePrepared(tx, attemptId, prepared, { status, submittedAt, sentAt: now });
      return true;
    });
  }

  /**
   * Stores what an order was made of that may have been sent in a time that this database has lost: what is
   * asked for, and what is sent again if it is not there.
   * @returns false if the lease was lost.
   */
  keepPrepared({ attempt: { attemptId }, fence }: Leased, prepared: Prepared): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const saved = await lock(tx, attemptId, fence);
      if (saved === undefined) return false;
      const now = this.clock.now();
      const { status } = saved.state;
      await savePrepared(tx, attemptId, prepared, { status, submittedAt: now, sentAt: now });
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
        await release(tx, 'attempts', attemptId, this.clock.now());
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
      await release(tx, 'attempts', attemptId, this.clock.now());
      return true;
    });
  }

  /** What a fault of ours cut off is to be looked at soon, by anybody. */
  async handOver({ attempt, fence }: Leased): Promise<void> {
    await handOver(this.db, 'attempts', attempt.attemptId, fence);
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
      await this.reports.tell(tx, saved, step.state);
      await this.reports.keepDefect(tx, saved, event);
    } else if (step.kind !== 'duplicate') {
      await this.reports.keepIncident(tx, saved, step);
    }
    const state = step.kind === 'advanced' ? step.state : saved.state;
    if (state.status === 'requested' && saved.closing !== undefined) {
      // Its sending never left, so there is nothing to close at the provider after all.
      const { reason } = saved.closing;
      await forgetPrepared(tx, attempt.attemptId);
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
    const moved = step.kind === 'advanced' ? step.state : undefined;
    await saveStep(tx, attempt.attemptId, moved, work);
    if (work !== undefined && work.at <= now) tx.onCommit(this.around.onWork);
    return step;
  }

  /** The order is to be asked for now, whatever is under way. */
  async askNow(tx: Transaction, attemptId: AttemptId): Promise<void> {
    await makeAskDue(tx, 'attempts', attemptId, this.clock.now());
    tx.onCommit(this.around.onWork);
  }

  /** The provider hints at news: to be asked for now, or once more behind the answer that is on its way. */
  async hint(tx: Transaction, attemptId: AttemptId): Promise<void> {
    await followHint(tx, 'attempts', attemptId, this.clock.now());
    tx.onCommit(this.around.onWork);
  }
}

/** What ends an attempt as it is stored: nobody is ever asked about it. */
function endingOf(account: string | undefined, isTooLate: boolean): AttemptEvent | undefined {
  if (account === undefined) return { type: 'unpreparable', refusal: 'account_unknown' };
  return isTooLate ? { type: 'too_late' } : undefined;
}

const isOver = ({ status }: AttemptState): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'closed';

function knownAs(before: SavedAttempt, event: AttemptRequested): 'duplicate' | 'reused' | 'lost' {
  if (!sameIntent(before, event)) return 'reused';
  return before.isLeft ? 'lost' : 'duplicate';
}

const sameIntent = ({ attempt }: SavedAttempt, event: AttemptRequested): boolean =>
  attempt.paymentId === event.paymentId &&
  attempt.amount.minor === event.amount.minor &&
  attempt.amount.currency === event.amount.currency &&
  methodText(attempt.method) === methodText(event.method);
