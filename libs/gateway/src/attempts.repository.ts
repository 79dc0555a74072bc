import type { Clock } from '@hutong/config';
import type { Sql, Transaction, TransactionRunner } from '@hutong/database';
import {
  GATEWAY_REPORTS,
  methodText,
  type AttemptId,
  type AttemptRequested,
} from '@hutong/domain-events';
import { firstTime, type Outbox, type Received } from '@hutong/messaging';
import { currentTraceparent } from '@hutong/telemetry';
import {
  savedFrom,
  STATE_COLUMNS,
  stateValues,
  type AttemptRow,
  type SavedAttempt,
} from './attempt-rows.repository.js';
import {
  advance,
  reportOf,
  type AttemptEvent,
  type AttemptState,
  type Step,
} from './attempt-state.js';
import type { Prepared } from './gateway-port.js';
import { nextWork, type Work } from './next-work.js';
import { quarantine } from './quarantine.repository.js';

/** How many rows of each account may be taken now. */
export type Slots = ReadonlyMap<string, number>;

/** An attempt that this process alone works on until its lease ends. */
export type Leased = SavedAttempt & Readonly<{ due: Work['action']; fence: bigint }>;

type Told = Readonly<{ onReport: (type: string) => void; onWork: () => void }>;

/** The attempts of one gateway. Whatever moves one is one transaction: state, next work, report. */
export class Attempts {
  constructor(
    private readonly db: TransactionRunner & Sql,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly told: Told,
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
        await this.apply(tx, saved, { type: 'unpreparable' });
      }
      tx.onCommit(this.told.onWork);
      return 'stored';
    });
  }

  /**
   * Takes due rows that nobody holds and nobody else is taking. Queries come before submits, by the
   * alphabet: an order that may have been paid is more urgent than one that cannot have been.
   */
  async claim(slots: Slots, lease: Readonly<{ owner: string; ms: number }>): Promise<Leased[]> {
    const rows = await this.db.query<AttemptRow>(
      `update attempts a
       set lease_owner = $4, fence = a.fence + 1,
           leased_until = clock_timestamp() + $5::bigint * interval '1 millisecond'
       from unnest($1::text[], $2::int[]) as free (account, slots)
       cross join lateral (
         select b.attempt_id from attempts b
         where b.account = free.account and b.due_at <= $3::timestamptz
           and (b.leased_until is null or b.leased_until <= clock_timestamp())
         order by b.due_action, b.due_at
         limit free.slots
         for update skip locked
       ) as due
       where a.attempt_id = due.attempt_id
       returning a.*`,
      [[...slots.keys()], [...slots.values()], this.clock.now(), lease.owner, lease.ms],
    );
    return rows.map((row) => ({
      ...savedFrom(row),
      due: row.due_action === 'submit' ? 'submit' : 'query',
      fence: row.fence,
    }));
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
      await tx.query(
        `update attempts set prepared_body = $2::bytea, prepared_fields = $3::jsonb,
           provider_expires_at = $4::timestamptz, submitted_at = $5::timestamptz,
           due_action = 'query'
         where attempt_id = $1`,
        [
          attemptId,
          Buffer.from(prepared.body),
          JSON.stringify(prepared.fields),
          prepared.expiresAt,
          saved.submittedAt ?? this.clock.now(),
        ],
      );
      const step = advance(saved.state, { type: 'sending' });
      if (step.kind === 'advanced') await saveState(tx, attemptId, step.state);
      return true;
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
    const now = this.clock.now();
    const step = advance(saved.state, event);
    if (step.kind === 'advanced') await saveState(tx, attempt.attemptId, step.state);
    if (step.kind === 'refused') {
      await quarantine(tx, {
        account: attempt.account,
        sourceId: `${event.type}:${attempt.attemptId}`,
        orderNumber: attempt.attemptId,
        reason: step.reason,
        told: {},
        receivedAt: now,
      });
    }
    const state = step.kind === 'advanced' ? step.state : saved.state;
    const work = nextWork(state, event, {
      now,
      submittedAt: saved.submittedAt ?? now,
      expiresAt: saved.prepared?.expiresAt ?? attempt.expiresAt,
      notAfter: attempt.notAfter,
    });
    await saveWork(tx, attempt.attemptId, work);
    if (step.kind === 'advanced') await this.announce(tx, saved, step.state, now);
    if (work !== undefined && work.at <= now) tx.onCommit(this.told.onWork);
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
    tx.onCommit(this.told.onWork);
  }

  private async announce(
    tx: Transaction,
    { attempt, businessTime }: SavedAttempt,
    state: AttemptState,
    now: Date,
  ): Promise<void> {
    const event = reportOf(attempt, state);
    if (event === undefined) return;
    const occurredAt = event.type === 'attempt.succeeded' ? event.paidAt : now;
    await this.outbox.append(tx, { topic: GATEWAY_REPORTS, event, occurredAt, businessTime });
    tx.onCommit(() => this.told.onReport(event.type));
  }
}

/** The attempt, its row locked until commit. @param fence if given, only while it is the row's. */
export async function lock(
  tx: Sql,
  id: AttemptId,
  fence?: bigint,
): Promise<SavedAttempt | undefined> {
  const [row] = await tx.query<AttemptRow>(
    `select * from attempts where attempt_id = $1 and ($2::bigint is null or fence = $2::bigint)
     for update`,
    [id, fence ?? null],
  );
  return row && savedFrom(row);
}

async function insert(
  tx: Sql,
  o: Readonly<{
    event: AttemptRequested;
    account: string;
    businessTime: Date | undefined;
    now: Date;
  }>,
): Promise<boolean> {
  const { event, account, businessTime, now } = o;
  const rows = await tx.query(
    `insert into attempts (
       attempt_id, payment_id, platform, merchant_id, method, currency, amount_minor, description,
       channel, return_url, sealed_payer, expires_at, not_after, business_time, traceparent,
       requested_at, account, status, due_action, due_at)
     values ($1, $2::uuid, $3, $4, $5, $6, $7::bigint, $8, $9, $10, $11, $12::timestamptz,
       $13::timestamptz, $14::timestamptz, $15, $16::timestamptz, $17, 'requested', 'submit',
       $16::timestamptz)
     on conflict do nothing returning attempt_id`,
    [
      event.attemptId,
      event.paymentId,
      event.platform,
      event.merchantId,
      methodText(event.method),
      event.amount.currency,
      event.amount.minor,
      event.description,
      event.channel,
      event.returnUrl ?? null,
      event.sealedPayer ?? null,
      event.expiresAt,
      event.notAfter,
      businessTime ?? null,
      currentTraceparent() ?? null,
      now,
      account,
    ],
  );
  return rows.length === 1;
}

const release = (tx: Sql, id: AttemptId): Promise<unknown> =>
  tx.query(`update attempts set lease_owner = null, leased_until = null where attempt_id = $1`, [
    id,
  ]);

const SET_STATE = STATE_COLUMNS.map((column, i) => column.replace('%', `$${i + 2}`)).join(', ');

/** What only the provider may know of the payer is not kept once the provider has answered. */
async function saveState(tx: Sql, id: AttemptId, state: AttemptState): Promise<void> {
  const answered = state.status !== 'requested' && state.status !== 'submitted';
  await tx.query(
    `update attempts set ${SET_STATE}${answered ? ', sealed_payer = null' : ''}
     where attempt_id = $1`,
    [id, ...stateValues(state)],
  );
  if (state.status === 'requested') await forgetPrepared(tx, id);
}

/** Nothing reached the provider: the next sending is prepared anew, for the time that it is by then. */
async function forgetPrepared(tx: Sql, id: AttemptId): Promise<void> {
  await tx.query(
    `update attempts set prepared_body = null, prepared_fields = null,
       provider_expires_at = null, submitted_at = null
     where attempt_id = $1`,
    [id],
  );
}

async function saveWork(tx: Sql, id: AttemptId, work: Work | undefined): Promise<void> {
  await tx.query(
    `update attempts set due_action = $2::text, due_at = $3::timestamptz where attempt_id = $1`,
    [id, work?.action ?? null, work?.at ?? null],
  );
}

const sameIntent = ({ attempt }: SavedAttempt, event: AttemptRequested): boolean =>
  attempt.paymentId === event.paymentId &&
  attempt.amount.minor === event.amount.minor &&
  attempt.amount.currency === event.amount.currency &&
  methodText(attempt.method) === methodText(event.method);
