import type { Sql } from '@hutong/database';
import { methodText, type AttemptId, type AttemptRequested } from '@hutong/domain-events';
import { currentTraceparent } from '@hutong/telemetry';
import {
  savedFrom,
  STATE_COLUMNS,
  stateValues,
  type AttemptRow,
  type SavedAttempt,
} from './attempt-rows.repository.js';
import type { AttemptState } from './attempt-state.js';
import type { Closing } from './closing.js';
import { saveWork } from './due-rows.repository.js';
import type { Prepared } from './gateway-port.js';
import type { Work } from './next-work.js';

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

/** What was never sent, may not be sent any more, and nobody is about to send, as of $1. */
const OVERDUE = `due_action = 'submit' and status = 'requested'
  and due_at <= $1::timestamptz and not_after <= $1::timestamptz
  and (leased_until is null or leased_until <= clock_timestamp())`;

export async function anyOverdue(db: Sql, now: Date): Promise<boolean> {
  const rows = await db.query(`select 1 from attempts where ${OVERDUE} limit 1`, [now]);
  return rows.length > 0;
}

/**
 * At most `most` that are overdue, their rows locked until commit. In the order of payments: whoever tells
 * of several takes their locks in it.
 */
export async function lockOverdue(tx: Sql, now: Date, most: number): Promise<SavedAttempt[]> {
  const rows = await tx.query<AttemptRow>(
    `with overdue as materialized (
       select * from attempts where ${OVERDUE} order by due_at limit $2::bigint
       for update skip locked
     )
     select * from overdue order by payment_id`,
    [now, most],
  );
  return rows.map(savedFrom);
}

/** @returns false if the row is there already. */
export async function insert(
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

/** As a crash leaves what is just being sent: it is asked for first. Nothing is prepared yet. */
export const saveInDoubt = (tx: Sql, id: AttemptId): Promise<unknown> =>
  tx.query(`update attempts set status = 'submitted', due_action = 'query' where attempt_id = $1`, [
    id,
  ]);

const SET_STATE = STATE_COLUMNS.map((column, i) => column.replace('%', `$${i + 4}`)).join(', ');

/**
 * What an attempt came to, if it moved, and what is to be done next; nothing, if there is none.
 * What only the provider may know of the payer is not kept: the sealed text no longer than until the
 * provider has answered, and the bytes that were made of it no longer than they may be sent again.
 */
export async function saveStep(
  tx: Sql,
  id: AttemptId,
  state: AttemptState | undefined,
  work: Work | undefined,
): Promise<void> {
  if (state === undefined) {
    await saveWork(tx, 'attempts', id, work);
    return;
  }
  const sent = state.status !== 'requested' && state.status !== 'submitted';
  const over = sent && state.status !== 'unknown';
  await tx.query(
    `update attempts set due_action = $2::text, due_at = $3::timestamptz, ${SET_STATE}
       ${sent ? ', sealed_payer = null' : ''}
       ${over ? `, prepared_body = substring(prepared_body for 0)` : ''}
     where attempt_id = $1`,
    [id, work?.action ?? null, work?.at ?? null, ...stateValues(state)],
  );
  if (state.status === 'requested') await forgetPrepared(tx, id);
}

/** @returns false if somebody asked for its end before. */
export async function saveClosing(
  tx: Sql,
  id: AttemptId,
  { reason, askedAt }: Pick<Closing, 'reason' | 'askedAt'>,
): Promise<boolean> {
  const rows = await tx.query(
    `update attempts set close_asked = $2, close_asked_at = $3::timestamptz
     where attempt_id = $1 and close_asked is null returning attempt_id`,
    [id, reason, askedAt],
  );
  return rows.length === 1;
}

/** The provider is asked to close it now: what it reports closed from here on was closed by us. */
export const saveCloseSent = (tx: Sql, id: AttemptId, at: Date): Promise<unknown> =>
  tx.query(
    `update attempts set close_sent_at = coalesce(close_sent_at, $2::timestamptz),
       due_action = 'query'
     where attempt_id = $1`,
    [id, at],
  );

/** When it goes out, when it first did, and its status from then on: who was in doubt stays so. */
type Sending = Readonly<{ status: AttemptState['status']; submittedAt: Date; sentAt: Date }>;

/**
 * What goes out now, and when it first did. A crash from here on leaves the order in doubt, so what is
 * due is a question, no longer a sending.
 */
export async function savePrepared(
  tx: Sql,
  id: AttemptId,
  { body, fields, expiresAt }: Prepared,
  { status, submittedAt, sentAt }: Sending,
): Promise<void> {
  await tx.query(
    `update attempts set prepared_body = $2::bytea, prepared_fields = $3::jsonb,
       provider_expires_at = $4::timestamptz, submitted_at = $5::timestamptz,
       sent_at = $6::timestamptz, status = $7, due_action = 'query'
     where attempt_id = $1`,
    [id, Buffer.from(body), JSON.stringify(fields), expiresAt, submittedAt, sentAt, status],
  );
}

/** Nothing reached the provider: the next sending is prepared anew, for the time that it is by then. */
export async function forgetPrepared(tx: Sql, id: AttemptId): Promise<void> {
  await tx.query(
    `update attempts set prepared_body = null, prepared_fields = null,
       provider_expires_at = null, submitted_at = null, sent_at = null
     where attempt_id = $1`,
    [id],
  );
}
