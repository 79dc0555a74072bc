import type { Sql } from '@hutong/database';
import type { AttemptId, RefundId, RefundRequested } from '@hutong/domain-events';
import { currentTraceparent } from '@hutong/telemetry';
import type { PreparedRefund } from './gateway-port.js';
import type { Missing } from './missing-refund.js';
import {
  REFUND_STATE_COLUMNS,
  refundStateValues,
  savedRefundFrom,
  type RefundRow,
  type SavedRefund,
} from './refund-rows.repository.js';
import type { RefundState } from './refund-state.js';

/** The refund, its row locked until commit. @param fence if given, only while it is the row's. */
export async function lockRefund(
  tx: Sql,
  id: RefundId,
  fence?: bigint,
): Promise<SavedRefund | undefined> {
  const [row] = await tx.query<RefundRow>(
    `select * from refunds where refund_id = $1 and ($2::bigint is null or fence = $2::bigint)
     for update`,
    [id, fence ?? null],
  );
  return row && savedRefundFrom(row);
}

/** The other refunds of its attempt, whose lock the caller holds. */
export async function othersOf(tx: Sql, attempt: AttemptId, but: RefundId): Promise<SavedRefund[]> {
  const rows = await tx.query<RefundRow>(
    'select * from refunds where attempt_id = $1 and refund_id <> $2',
    [attempt, but],
  );
  return rows.map(savedRefundFrom);
}

const SET_STATE = REFUND_STATE_COLUMNS.map((c, i) => c.replace('%', `$${i + 2}`)).join(', ');

/** Where nothing reached the provider, it was not sent: the next sending is the first one. */
const FORGET_SENT =
  'prepared_body = null, prepared_fields = null, submitted_at = null, sent_at = null';

/** The state; where nothing reached the provider, nothing was sent. */
export const saveRefundState = (tx: Sql, id: RefundId, state: RefundState): Promise<unknown> =>
  tx.query(
    `update refunds set ${SET_STATE}${state.status === 'requested' ? `, ${FORGET_SENT}` : ''}
     where refund_id = $1`,
    [id, ...refundStateValues(state)],
  );

export const saveMissing = (
  tx: Sql,
  id: RefundId,
  missing: Missing | undefined,
): Promise<unknown> =>
  tx.query(
    `update refunds set missing_since = $2::timestamptz, missing_times = $3::int
     where refund_id = $1`,
    [id, missing?.since ?? null, missing?.times ?? 0],
  );

/** Due at once. @throws the driver's error if the row is there already. */
export const insertRefund = (
  tx: Sql,
  o: Readonly<{
    event: RefundRequested;
    account: string;
    businessTime: Date | undefined;
    now: Date;
  }>,
): Promise<unknown> =>
  tx.query(
    `insert into refunds (refund_id, attempt_id, payment_id, currency, amount_minor, reason,
       business_time, traceparent, requested_at, account, status, due_action, due_at)
     values ($1, $2, $3::uuid, $4, $5::bigint, $6, $7::timestamptz, $8, $9::timestamptz, $10,
       'requested', 'refund', $9::timestamptz)`,
    [
      o.event.refundId,
      o.event.attemptId,
      o.event.paymentId,
      o.event.amount.currency,
      o.event.amount.minor,
      o.event.reason ?? null,
      o.businessTime ?? null,
      currentTraceparent() ?? null,
      o.now,
      o.account,
    ],
  );

/** What goes out now, and when it first did: after a crash from here on it is asked for. */
export const saveSending = (
  tx: Sql,
  { refundId, body, fields }: PreparedRefund,
  now: Date,
): Promise<unknown> =>
  tx.query(
    `update refunds set prepared_body = $2::bytea, prepared_fields = $3::jsonb,
       submitted_at = coalesce(submitted_at, $4::timestamptz), sent_at = $4::timestamptz,
       due_action = 'query'
     where refund_id = $1`,
    [refundId, Buffer.from(body), JSON.stringify(fields), now],
  );
