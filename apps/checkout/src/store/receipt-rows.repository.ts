import {
  attemptId,
  FAILURE_REASONS,
  isInstrument,
  PROVIDERS,
  providerRef,
  refundId,
  SURPLUS_REASONS,
} from '@hutong/domain-events';
import type { Receipt as ReceiptRow, Refund as RefundRow } from '../generated/prisma/client.js';
import type { Receipt } from '../payment/receipt.js';
import type { Refund, RefundAsked } from '../payment/refund.js';
import type { Surplus } from '../payment/surplus.js';
import { amountFrom, member, timeFrom, unreadable, type InJson } from './reading.js';

type RefundInJson = InJson<Omit<RefundRow, 'paymentId' | 'provider' | 'receiptRef' | 'position'>>;
type ReceiptInJson = InJson<Omit<ReceiptRow, 'paymentId' | 'position'>>;

/** A receipt's row with its refunds, by their position, as `RECEIPTS` has them. */
export type ReceiptRows = ReceiptInJson & Readonly<{ refunds: RefundInJson[] }>;

const REFUNDS = `(
  select coalesce(json_agg(json_build_object(
    'refundId', refund_id, 'currency', currency, 'amountMinor', amount_minor::text, 'why', why,
    'requestedAt', requested_at, 'status', status, 'reason', reason, 'providerRef', provider_ref,
    'refundedAt', refunded_at) order by position), '[]')
  from refund f
  where f.payment_id = r.payment_id and f.provider = r.provider and f.receipt_ref = r.provider_ref)`;

/** Money of payment `p`, in the order in which it was heard of, as JSON. */
export const RECEIPTS = `(
  select coalesce(json_agg(json_build_object(
    'provider', provider, 'providerRef', provider_ref, 'attemptId', attempt_id,
    'instrument', instrument, 'currency', currency, 'amountMinor', amount_minor::text,
    'paidAt', paid_at, 'surplusReason', surplus_reason, 'surplusStatus', surplus_status,
    'surplusDueAt', surplus_due_at, 'surplusStuckAt', surplus_stuck_at,
    'refunds', ${REFUNDS}) order by position), '[]')
  from receipt r where r.payment_id = p.payment_id)`;

/** What paid the payment, and what was asked back of it. @throws Error if nothing did. */
export function winnerIn(receipts: readonly ReceiptRows[]) {
  const winner = receipts.find((row) => row.surplusReason === null);
  if (winner === undefined) throw unreadable('paid without a receipt');
  return { receipt: receiptFrom(winner), refunds: winner.refunds.map(refundFrom) };
}

/** The receipt as surplus; nothing if it is what paid the payment. */
export function surplusFrom(row: ReceiptRows): Surplus[] {
  if (row.surplusReason === null) return [];
  const reason = member(SURPLUS_REASONS, row.surplusReason);
  const money = { ...receiptFrom(row), reason, refunds: row.refunds.map(refundFrom) };
  switch (row.surplusStatus) {
    case 'taken':
      return [{ ...money, status: 'taken', dueAt: timeFrom(row.surplusDueAt ?? row.paidAt) }];
    case 'refunding':
    case 'refunded':
      return [{ ...money, status: row.surplusStatus }];
    case 'stuck':
      return [{ ...money, status: 'stuck', since: timeFrom(row.surplusStuckAt ?? row.paidAt) }];
    case null:
    default:
      throw unreadable('status of surplus');
  }
}

function receiptFrom(row: ReceiptInJson): Receipt {
  if (!isInstrument(row.instrument)) throw unreadable('instrument of a receipt');
  return {
    attemptId: attemptId(row.attemptId),
    provider: member(PROVIDERS, row.provider),
    instrument: row.instrument,
    providerRef: providerRef(row.providerRef),
    amount: amountFrom(row),
    paidAt: timeFrom(row.paidAt),
  };
}

function refundFrom(row: RefundInJson): Refund {
  const asked: RefundAsked = {
    id: refundId(row.refundId),
    amount: amountFrom(row),
    why: row.why ?? undefined,
    requestedAt: timeFrom(row.requestedAt),
  };
  const { status } = row;
  switch (status) {
    case 'requested':
    case 'pending':
      return { ...asked, status };
    case 'succeeded': {
      if (row.refundedAt === null) throw unreadable('a refund without its time');
      const ref = providerRef(row.providerRef ?? '');
      return { ...asked, status, providerRef: ref, refundedAt: timeFrom(row.refundedAt) };
    }
    case 'failed':
      return { ...asked, status, reason: member(FAILURE_REASONS, row.reason) };
    default:
      throw unreadable('status of a refund');
  }
}

/** What is written of money once, when it is heard of. */
export const receiptColumns = (r: Receipt) => ({
  provider: r.provider,
  providerRef: r.providerRef,
  attemptId: r.attemptId,
  instrument: r.instrument,
  currency: r.amount.currency,
  amountMinor: r.amount.minor.toString(),
  paidAt: r.paidAt,
});

/** What follows the status of surplus. */
export const surplusColumns = (s: Surplus) => ({
  surplusReason: s.reason,
  surplusStatus: s.status,
  surplusDueAt: s.status === 'taken' ? s.dueAt : null,
  surplusStuckAt: s.status === 'stuck' ? s.since : null,
});

/** What is written of a refund once, when it is asked for. */
export const askedColumns = (receipt: Receipt, refund: RefundAsked) => ({
  refundId: refund.id,
  provider: receipt.provider,
  receiptRef: receipt.providerRef,
  currency: refund.amount.currency,
  amountMinor: refund.amount.minor.toString(),
  why: refund.why ?? null,
  requestedAt: refund.requestedAt,
});

/** What follows the status of a refund. */
export const refundColumns = (refund: Refund) => ({
  status: refund.status,
  reason: refund.status === 'failed' ? refund.reason : null,
  providerRef: refund.status === 'succeeded' ? refund.providerRef : null,
  refundedAt: refund.status === 'succeeded' ? refund.refundedAt : null,
});
