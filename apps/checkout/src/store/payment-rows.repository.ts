import {
  CHANNELS,
  merchantId,
  payerKey,
  paymentId,
  paymentNotOffered,
  paymentOffered,
  platformId,
} from '@hutong/domain-events';
import { Prisma, type Attempt, type Payment as Row } from '../generated/prisma/client.js';
import {
  PAYMENT_CLOSE_REASONS,
  type Decided,
  type Decision,
  type MovedPayment,
  type Payment,
  type Terms,
} from '../payment/payment.js';
import { attemptFrom } from './attempt-rows.repository.js';
import { amountFrom, fromStored, isStored, member, toStored, unreadable } from './reading.js';
import { surplusFrom, winnerIn, type ReceiptRows } from './receipt-rows.repository.js';

/** A payment's row with what belongs to it, each list by its position. */
export type PaymentRows = Row & Readonly<{ attempts: Attempt[]; receipts: ReceiptRows[] }>;

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
    case 'closing':
      return { ...terms, ...decidedFrom(rows), status, reason: closeReasonOf(rows) };
    case 'closed': {
      const { attempts, surplus } = belongingsIn(rows);
      const decision = rows.decision === null ? undefined : decisionFrom(rows.decision);
      return { ...terms, attempts, surplus, decision, status, reason: closeReasonOf(rows) };
    }
    case 'paid':
    case 'partly_refunded':
    case 'refunded': {
      const { receipts } = rows;
      return { ...terms, ...decidedFrom(rows), status, ...winnerIn(receipts) };
    }
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
  ...belongingsIn(rows),
});

const belongingsIn = ({ attempts, receipts }: PaymentRows) => ({
  attempts: attempts.map(attemptFrom),
  surplus: receipts.flatMap(surplusFrom),
});

const closeReasonOf = (row: Row) => member(PAYMENT_CLOSE_REASONS, row.closeReason);

const decisionFrom = (stored: unknown): Decision =>
  isStored(paymentOffered, stored)
    ? fromStored(paymentOffered, stored)
    : fromStored(paymentNotOffered, stored);

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

/** What follows the payment's status. */
export const standingColumns = (p: MovedPayment) => ({
  status: p.status,
  closeReason: p.status === 'closing' || p.status === 'closed' ? p.reason : null,
  decision: p.decision === undefined ? Prisma.DbNull : decisionColumn(p.decision),
});

const decisionColumn = (decision: Decision) =>
  decision.type === 'payment.offered'
    ? toStored(paymentOffered, decision)
    : toStored(paymentNotOffered, decision);
