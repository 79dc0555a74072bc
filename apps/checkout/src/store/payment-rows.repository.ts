import {
  CHANNELS,
  merchantId,
  payerKey,
  paymentId,
  paymentNotOffered,
  paymentOffered,
  platformId,
} from '@hutong/domain-events';
import type { Payment as Row } from '../generated/prisma/client.js';
import {
  PAYMENT_CLOSE_REASONS,
  type Decided,
  type Decision,
  type Payment,
  type Terms,
} from '../payment/payment.js';
import { attemptFrom, type AttemptRow } from './attempt-rows.repository.js';
import type { LinkRow } from './link-rows.repository.js';
import {
  amountFrom,
  fromStored,
  isStored,
  member,
  toStored,
  unreadable,
  type StoredEvent,
} from './reading.js';
import { surplusFrom, winnerIn, type ReceiptRows } from './receipt-rows.repository.js';

/** A payment's row with what belongs to it, each list by its position. */
export type PaymentRows = Row &
  Readonly<{ attempts: AttemptRow[]; receipts: ReceiptRows[]; links: LinkRow[] }>;

/** What was asked, of payment `p`. */
export const TERMS = `p.payment_id::text as "paymentId", p.platform, p.merchant_id as "merchantId",
  p.order_reference as "orderReference", p.currency, p.amount_minor as "amountMinor", p.description,
  p.channel, p.payer_key as "payerKey", p.requested_at as "requestedAt", p.expires_at as "expiresAt",
  p.business_time as "businessTime"`;

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

/** Routing's answer as its column has it. */
export const decisionColumn = (decision: Decision): StoredEvent =>
  decision.type === 'payment.offered'
    ? toStored(paymentOffered, decision)
    : toStored(paymentNotOffered, decision);
