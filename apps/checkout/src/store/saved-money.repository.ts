import type { Sql } from '@hutong/database';
import type { PaymentId } from '@hutong/domain-events';
import { receiptsOf } from '../payment/advance.js';
import { belongingsOf, type MovedPayment, type Payment } from '../payment/payment.js';
import { sameMoney, type Receipt } from '../payment/receipt.js';
import type { Refund } from '../payment/refund.js';
import type { Surplus } from '../payment/surplus.js';
import {
  askedColumns,
  receiptColumns,
  refundColumns,
  surplusColumns,
} from './receipt-rows.repository.js';

/** Writes what money came, and what of it goes back. A step leaves what it did not change the very same object. */
export async function saveMoney(tx: Sql, before: Payment, after: MovedPayment): Promise<void> {
  const old = belongingsOf(before);
  const { receipt, refunds, surplus } = belongingsOf(after);
  await saveReceipts(tx, after.id, changedReceipts(before, { receipt, surplus }));
  const written = [...old.refunds, ...old.surplus.flatMap((s) => s.refunds)];
  const asked = [
    ...(receipt === undefined ? [] : changedRefunds(receipt, refunds, written)),
    ...surplus.flatMap((one) => changedRefunds(one, one.refunds, written)),
  ];
  await saveRefunds(tx, after.id, asked);
}

type Money = Readonly<{ receipt: Receipt | undefined; surplus: readonly Surplus[] }>;

/** As rows, first those that are new: the position of others is of no account. */
function changedReceipts(before: Payment, { receipt, surplus }: Money): object[] {
  const known = receiptsOf(before);
  const old = belongingsOf(before).surplus;
  const isNew = (one: Receipt) => !known.some((other) => sameMoney(one, other));
  const columnsOf = (one: Surplus) => ({ ...receiptColumns(one), ...surplusColumns(one) });
  const changed = [
    ...(receipt !== undefined && isNew(receipt) ? [receiptColumns(receipt)] : []),
    ...surplus.filter(isNew).map(columnsOf),
    ...surplus.filter((one) => !isNew(one) && !old.includes(one)).map(columnsOf),
  ];
  return changed.map((columns, i) => ({ ...columns, position: known.length + i }));
}

/** As rows. */
const changedRefunds = (
  receipt: Receipt,
  refunds: readonly Refund[],
  written: readonly Refund[],
): object[] =>
  refunds.flatMap((refund, position) =>
    written.includes(refund)
      ? []
      : [{ ...askedColumns(receipt, refund), position, ...refundColumns(refund) }],
  );

/** Of money that is there already only what follows the status of surplus is written. */
async function saveReceipts(tx: Sql, id: PaymentId, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into receipt (payment_id, provider, provider_ref, position, attempt_id, instrument,
       currency, amount_minor, paid_at, surplus_reason, surplus_status, surplus_due_at,
       surplus_stuck_at)
     select $1::uuid, provider, "providerRef", position, "attemptId", instrument, currency,
       "amountMinor", "paidAt", "surplusReason", "surplusStatus", "surplusDueAt", "surplusStuckAt"
     from jsonb_to_recordset($2::jsonb) as changed (provider text, "providerRef" text,
       position integer, "attemptId" text, instrument text, currency text, "amountMinor" bigint,
       "paidAt" timestamptz, "surplusReason" text, "surplusStatus" text,
       "surplusDueAt" timestamptz, "surplusStuckAt" timestamptz)
     on conflict (payment_id, provider, provider_ref) do update set
       surplus_reason = excluded.surplus_reason, surplus_status = excluded.surplus_status,
       surplus_due_at = excluded.surplus_due_at, surplus_stuck_at = excluded.surplus_stuck_at`,
    [id, JSON.stringify(rows)],
  );
}

/** Of refunds that are there already only what follows their status is written. */
async function saveRefunds(tx: Sql, id: PaymentId, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into refund (payment_id, refund_id, provider, receipt_ref, position, currency,
       amount_minor, why, requested_at, status, reason, provider_ref, refunded_at)
     select $1::uuid, "refundId", provider, "receiptRef", position, currency, "amountMinor", why,
       "requestedAt", status, reason, "providerRef", "refundedAt"
     from jsonb_to_recordset($2::jsonb) as changed ("refundId" text, provider text,
       "receiptRef" text, position integer, currency text, "amountMinor" bigint, why text,
       "requestedAt" timestamptz, status text, reason text, "providerRef" text,
       "refundedAt" timestamptz)
     on conflict (refund_id) do update set status = excluded.status, reason = excluded.reason,
       provider_ref = excluded.provider_ref, refunded_at = excluded.refunded_at`,
    [id, JSON.stringify(rows)],
  );
}
