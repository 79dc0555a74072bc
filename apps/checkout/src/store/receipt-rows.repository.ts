import {
  attemptId,
  FAILURE_REASONS,
  isInstrument,
  PROVIDERS,
  providerRef,
  refundId,
  SURPLUS_REASONS,
  type PaymentId,
} from '@hutong/domain-events';
import type { Receipt as ReceiptRow, Refund as RefundRow } from '../generated/prisma/client.js';
import type { Receipt } from '../payment/receipt.js';
import type { Refund, RefundAsked } from '../payment/refund.js';
import type { Surplus } from '../payment/surplus.js';
import { amountFrom, member, unreadable } from './reading.js';

/** A receipt's row with its refunds, by their position. */
export type ReceiptRows = ReceiptRow & Readonly<{ refunds: RefundRow[] }>;

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
      return [{ ...money, status: 'taken', dueAt: row.surplusDueAt ?? row.paidAt }];
    case 'refunding':
    case 'refunded':
      return [{ ...money, status: row.surplusStatus }];
    case 'stuck':
      return [{ ...money, status: 'stuck', since: row.surplusStuckAt ?? row.paidAt }];
    case null:
    default:
      throw unreadable('status of surplus');
  }
}

function receiptFrom(row: ReceiptRow): Receipt {
  if (!isInstrument(row.instrument)) throw unreadable('instrument of a receipt');
  return {
    attemptId: attemptId(row.attemptId),
    provider: member(PROVIDERS, row.provider),
    instrument: row.instrument,
    providerRef: providerRef(row.providerRef),
    amount: amountFrom(row),
    paidAt: row.paidAt,
  };
}

function refundFrom(row: RefundRow): Refund {
  const asked: RefundAsked = {
    id: refundId(row.refundId),
    amount: amountFrom(row),
    why: row.why ?? undefined,
    requestedAt: row.requestedAt,
  };
  const { status } = row;
  switch (status) {
    case 'requested':
    case 'pending':
      return { ...asked, status };
    case 'succeeded': {
      if (row.refundedAt === null) throw unreadable('a refund without its time');
      const ref = providerRef(row.providerRef ?? '');
      return { ...asked, status, providerRef: ref, refundedAt: row.refundedAt };
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
  amountMinor: r.amount.minor,
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
export const askedColumns = (paymentId: PaymentId, receipt: Receipt, refund: RefundAsked) => ({
  refundId: refund.id,
  paymentId,
  provider: receipt.provider,
  receiptRef: receipt.providerRef,
  currency: refund.amount.currency,
  amountMinor: refund.amount.minor,
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
