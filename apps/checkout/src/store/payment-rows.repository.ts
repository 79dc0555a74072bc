import {
  attemptId,
  CHANNELS,
  isInstrument,
  merchantId,
  payerKey,
  paymentId,
  paymentNotOffered,
  paymentOffered,
  platformId,
  PROVIDERS,
  providerRef,
  SURPLUS_REASONS,
} from '@hutong/domain-events';
import { CURRENCIES, money, type Money } from '@hutong/money';
import type { Attempt, Payment as Row, Receipt as ReceiptRow } from '../generated/prisma/client.js';
import type { Decided, Decision, Payment, Receipt, Surplus, Terms } from '../payment/payment.js';
import { attemptFrom } from './attempt-rows.repository.js';
import { fromStored, isStored, member, toStored, unreadable } from './reading.js';

/** A payment's row with what belongs to it, each list by its position. */
export type PaymentRows = Row & Readonly<{ attempts: Attempt[]; receipts: ReceiptRow[] }>;

/** @throws Error on rows that no payment of ours is written as. */
export function paymentFrom(rows: PaymentRows): Payment {
  const terms = termsFrom(rows);
  const { status } = rows;
  switch (status) {
    case 'requested':
      return { ...terms, status };
    case 'offered':
    case 'paying':
    case 'not_offered':
      return { ...terms, ...decidedFrom(rows), status };
    case 'paid':
      return { ...terms, ...decidedFrom(rows), status, receipt: winnerIn(rows) };
    default:
      throw unreadable('status of a payment');
  }
}

const termsFrom = (row: Row): Terms => ({
  id: paymentId(row.paymentId),
  platform: platformId(row.platform),
  merchantId: merchantId(row.merchantId),
  orderReference: row.orderReference,
  amount: amountFrom(row),
  description: row.description,
  channel: member(CHANNELS, row.channel),
  payerKey: payerKey(row.payerKey),
  requestedAt: row.requestedAt,
  expiresAt: row.expiresAt,
  businessTime: row.businessTime ?? undefined,
});

const decidedFrom = (rows: PaymentRows): Pick<Decided, 'decision' | 'attempts' | 'surplus'> => ({
  decision: decisionFrom(rows.decision),
  attempts: rows.attempts.map(attemptFrom),
  surplus: rows.receipts.flatMap(surplusFrom),
});

const decisionFrom = (stored: unknown): Decision =>
  isStored(paymentOffered, stored)
    ? fromStored(paymentOffered, stored)
    : fromStored(paymentNotOffered, stored);

function winnerIn({ receipts }: PaymentRows): Receipt {
  const winner = receipts.find((row) => row.surplusReason === null);
  if (winner === undefined) throw unreadable('paid without a receipt');
  return receiptFrom(winner);
}

function surplusFrom(row: ReceiptRow): Surplus[] {
  if (row.surplusReason === null) return [];
  const status = member(['taken'], row.surplusStatus);
  return [{ ...receiptFrom(row), status, reason: member(SURPLUS_REASONS, row.surplusReason) }];
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

const amountFrom = (row: Readonly<{ amountMinor: bigint; currency: string }>): Money =>
  money(row.amountMinor, member(CURRENCIES, row.currency));

/** What was asked, as columns: written once. */
export const termsColumns = (t: Terms) => ({
  paymentId: t.id,
  platform: t.platform,
  merchantId: t.merchantId,
  orderReference: t.orderReference,
  currency: t.amount.currency,
  amountMinor: t.amount.minor,
  description: t.description,
  channel: t.channel,
  payerKey: t.payerKey,
  requestedAt: t.requestedAt,
  expiresAt: t.expiresAt,
  businessTime: t.businessTime ?? null,
});

export const receiptColumns = (r: Receipt | Surplus) => ({
  provider: r.provider,
  providerRef: r.providerRef,
  attemptId: r.attemptId,
  instrument: r.instrument,
  currency: r.amount.currency,
  amountMinor: r.amount.minor,
  paidAt: r.paidAt,
  surplusReason: 'reason' in r ? r.reason : null,
  surplusStatus: 'reason' in r ? r.status : null,
});

export const decisionColumn = (decision: Decision) =>
  decision.type === 'payment.offered'
    ? toStored(paymentOffered, decision)
    : toStored(paymentNotOffered, decision);
