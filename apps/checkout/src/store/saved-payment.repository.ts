import type { Sql } from '@hutong/database';
import type { PaymentId, PlatformId } from '@hutong/domain-events';
import {
  belongingsOf,
  type MovedPayment,
  type Payment,
  type Requested,
} from '../payment/payment.js';
import type { ShareLink } from '../share-link/share-link.js';
import { ATTEMPTS, choiceColumns, statusColumns } from './attempt-rows.repository.js';
import { LINKS, linkFrom } from './link-rows.repository.js';
import { decisionColumn, paymentFrom, TERMS, type PaymentRows } from './payment-rows.repository.js';
import { RECEIPTS } from './receipt-rows.repository.js';
import { saveMoney } from './saved-money.repository.js';

/** Of a payment that has just been inserted. */
export const FIRST_VERSION = 1;

/** A payment as it was saved, with the links to it. `version` counts its changes from 1. */
export type SavedPayment = Readonly<{
  payment: Payment;
  version: number;
  links: readonly ShareLink[];
}>;

type Rows = PaymentRows & Readonly<{ version: number; versionSeen: number }>;

/**
 * A payment and all that belongs to it, of $1 and, if it is not null, platform $2. What belongs to it is
 * as it was when the statement began; the payment itself, if it is locked, as the last writer left it.
 * Every writer counts the version, so that the two are of one state where they agree on it.
 */
const WHOLE = `
  select ${TERMS}, p.status, p.close_reason as "closeReason", p.decision, p.version,
    (select seen.version from payment seen where seen.payment_id = p.payment_id) as "versionSeen",
    ${ATTEMPTS} as attempts, ${RECEIPTS} as receipts, ${LINKS} as links
  from payment p
  where p.payment_id = $1::uuid and ($2::text is null or p.platform = $2::text)`;

/** @param platform nobody sees another platform's payments: to others they do not exist. */
export async function findPayment(
  db: Sql,
  id: PaymentId,
  platform?: PlatformId,
): Promise<SavedPayment | undefined> {
  const [rows] = await db.query<Rows>(WHOLE, [id, platform ?? null]);
  return rows && savedFrom(rows);
}

/** Locks the payment until commit, so that it has one writer, and reads what the last one left. */
export async function lockPayment(
  tx: Sql,
  id: PaymentId,
  platform?: PlatformId,
): Promise<Payment | undefined> {
  const [rows] = await tx.query<Rows>(`${WHOLE} for update of p`, [id, platform ?? null]);
  // Whoever was waited for wrote more than the payment's own row: that is read again, now that it is ours.
  const isWhole = rows === undefined || rows.version === rows.versionSeen;
  return isWhole ? rows && paymentFrom(rows) : (await findPayment(tx, id))?.payment;
}

const savedFrom = (rows: Rows): SavedPayment => ({
  payment: paymentFrom(rows),
  version: rows.version,
  links: rows.links.map(linkFrom),
});

export async function insertPayment(tx: Sql, p: Requested): Promise<void> {
  await tx.query(
    `insert into payment (payment_id, platform, merchant_id, order_reference, currency, amount_minor,
       description, channel, payer_key, requested_at, expires_at, business_time, status, version)
     values ($1::uuid, $2, $3, $4, $5, $6::bigint, $7, $8, $9, $10::timestamptz, $11::timestamptz,
       $12::timestamptz, $13, ${FIRST_VERSION})`,
    [
      p.id,
      p.platform,
      p.merchantId,
      p.orderReference,
      p.amount.currency,
      p.amount.minor,
      p.description,
      p.channel,
      p.payerKey,
      p.requestedAt,
      p.expiresAt,
      p.businessTime ?? null,
      p.status,
    ],
  );
}

/**
 * Writes what `after` changed of `before`; both are of the row that the transaction has locked.
 * @returns its version from now on.
 */
export async function savePayment(tx: Sql, before: Payment, after: MovedPayment): Promise<number> {
  const decided = before.status === 'requested' ? undefined : before.decision;
  const rows = await tx.query<{ version: number }>(
    `with moved as (
       update payment set status = $2, close_reason = $3, version = version + 1,
         decision = coalesce($4::jsonb, decision)
       where payment_id = $1::uuid returning version
     ), tried as (
       insert into attempt (payment_id, attempt_id, position, offer, method, paid_by_another,
         selected_at, status, shown, reason, reasons)
       select $1::uuid, "attemptId", position, offer, method, "paidByAnother", "selectedAt", status,
         shown, reason, reasons
       from jsonb_to_recordset($5::jsonb) as changed ("attemptId" text, position integer,
         offer integer, method text, "paidByAnother" boolean, "selectedAt" timestamptz, status text,
         shown jsonb, reason text, reasons text[])
       on conflict (attempt_id) do update set status = excluded.status, shown = excluded.shown,
         reason = excluded.reason, reasons = excluded.reasons
     )
     select version from moved`,
    [
      after.id,
      after.status,
      after.status === 'closing' || after.status === 'closed' ? after.reason : null,
      after.decision === undefined || after.decision === decided
        ? null
        : JSON.stringify(decisionColumn(after.decision)),
      JSON.stringify(changedAttempts(before, after)),
    ],
  );
  await saveMoney(tx, before, after);
  return versionIn(rows);
}

/** Counts a change beside the payment's state. @returns its version from now on. */
export const nextVersion = async (tx: Sql, id: PaymentId): Promise<number> =>
  versionIn(
    await tx.query<{ version: number }>(
      'update payment set version = version + 1 where payment_id = $1::uuid returning version',
      [id],
    ),
  );

function versionIn([row]: readonly Readonly<{ version: number }>[]): number {
  if (row === undefined) throw new Error('a payment is gone');
  return row.version;
}

/** A step leaves what it did not change the very same object. */
function changedAttempts(before: Payment, { id, attempts }: MovedPayment) {
  const known = belongingsOf(before).attempts;
  return attempts.flatMap((attempt, position) =>
    known.includes(attempt)
      ? []
      : [{ ...choiceColumns(attempt), position, ...statusColumns(id, attempt) }],
  );
}
