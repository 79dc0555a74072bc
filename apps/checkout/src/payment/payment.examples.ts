import {
  attemptId,
  merchantId,
  payerKey,
  paymentId,
  platformId,
  providerRef,
  refundId,
  type AttemptId,
  type AttemptReported,
  type AttemptSucceeded,
  type Method,
  type PaymentNotOffered,
  type PaymentOffered,
  type RefundId,
  type RefundReported,
  type RoutingDecision,
} from '@hutong/domain-events';
import { money, type Money } from '@hutong/money';
import type { Attempt, Choice } from './attempt.js';
import type { MovedPayment, Payment, Terms } from './payment.js';
import type { Receipt } from './receipt.js';
import type { Refund, RefundAsked } from './refund.js';
import type { Surplus } from './surplus.js';

export const NOW = new Date('2023-11-24T02:00:00.000Z');
const LATER = new Date('2023-11-24T02:15:00.000Z');

export const PAYMENT = paymentId('018bff2c-0000-7000-8000-000000000001');
export const FIRST = attemptId('01HFZ00000000000000000000A');
export const SECOND = attemptId('01HFZ00000000000000000000B');
export const REFUND = refundId('01HFZ00000000000000000000R');
export const STRANGER = attemptId('01HFZ00000000000000000000Z');

export const WECHAT_QR: Method = {
  provider: 'wechat',
  instrument: 'wechat_pay',
  presentation: 'qr',
};

export const terms: Terms = {
  id: PAYMENT,
  platform: platformId('taobao'),
  merchantId: merchantId('tea-house'),
  orderReference: 'order-1',
  amount: money(12_800n, 'CNY'),
  description: 'Longjing tea, 250 g',
  channel: 'web',
  payerKey: payerKey('0123456789abcdef0123456789abcdef'),
  requestedAt: NOW,
  expiresAt: LATER,
};

const policyVersion = 'taobao-2023-11';

export const anOffer = (offer = 1): PaymentOffered => ({
  type: 'payment.offered',
  paymentId: PAYMENT,
  offer,
  policyVersion,
  validUntil: LATER,
  methods: [{ method: WECHAT_QR, label: 'WeChat Pay' }],
  refused: [],
});

export const noOffer = (offer = 1): PaymentNotOffered => ({
  type: 'payment.not_offered',
  paymentId: PAYMENT,
  offer,
  policyVersion,
  refused: [{ method: WECHAT_QR, reasons: ['above the limit'] }],
});

const choice = (id: AttemptId): Choice => ({
  id,
  offer: 1,
  method: WECHAT_QR,
  paidByAnother: false,
  selectedAt: NOW,
});

const action = { type: 'qr', content: 'weixin://wxpay/bizpayurl?pr=1', validUntil: LATER } as const;

/** One attempt in each status. */
export const attemptsBy = (id: AttemptId): { [S in Attempt['status']]: Attempt } => ({
  selected: { ...choice(id), status: 'selected' },
  accepted: { ...choice(id), status: 'accepted' },
  awaiting_payer: { ...choice(id), status: 'awaiting_payer', action },
  unknown: { ...choice(id), status: 'unknown', cause: 'timeout' },
  closing: { ...choice(id), status: 'closing', reason: 'cancelled' },
  succeeded: { ...choice(id), status: 'succeeded' },
  failed: { ...choice(id), status: 'failed', reason: 'declined' },
  closed: { ...choice(id), status: 'closed', reason: 'expired' },
  refused: { ...choice(id), status: 'refused', reasons: ['budget of the day is used up'] },
});

export const aReceipt = (id: AttemptId, ref: string): Receipt => ({
  attemptId: id,
  provider: 'wechat',
  instrument: 'wechat_pay',
  providerRef: providerRef(ref),
  amount: terms.amount,
  paidAt: NOW,
});

type InStatus<S> = Extract<Payment, Readonly<{ status: S }>>;

/** A payment in each status. The first attempt paid where one did; the second is the one told about. */
export function paymentsBy(second: Attempt): { [S in Payment['status']]: InStatus<S> } {
  const first = attemptsBy(FIRST);
  const decided = { ...terms, decision: anOffer(2), surplus: [] };
  const won = {
    ...decided,
    attempts: [first.succeeded, second],
    receipt: aReceipt(FIRST, 'first-money'),
  };
  return {
    requested: { ...terms, status: 'requested' },
    offered: { ...decided, status: 'offered', attempts: [first.failed, second] },
    paying: { ...decided, status: 'paying', attempts: [first.accepted, second] },
    not_offered: {
      ...decided,
      decision: noOffer(2),
      status: 'not_offered',
      attempts: [first.refused, second],
    },
    closing: {
      ...decided,
      status: 'closing',
      reason: 'cancelled',
      attempts: [first.closing, second],
    },
    closed: { ...decided, status: 'closed', reason: 'expired', attempts: [first.closed, second] },
    paid: { ...won, status: 'paid', refunds: [] },
    partly_refunded: {
      ...won,
      status: 'partly_refunded',
      refunds: [refundsBy(REFUND, money(4_800n, 'CNY')).succeeded],
    },
    refunded: { ...won, status: 'refunded', refunds: [refundsBy(REFUND).succeeded] },
  };
}

/** One refund in each status. */
export const refundsBy = (
  id: RefundId,
  amount = terms.amount,
): { [S in Refund['status']]: Refund } => {
  const asked: RefundAsked = { id, amount, requestedAt: NOW };
  return {
    requested: { ...asked, status: 'requested' },
    pending: { ...asked, status: 'pending' },
    succeeded: {
      ...asked,
      status: 'succeeded',
      providerRef: providerRef('refund-money'),
      refundedAt: NOW,
    },
    failed: { ...asked, status: 'failed', reason: 'rejected' },
  };
};

/** One surplus in each status, of the second attempt. */
export function surplusBy(): { [S in Surplus['status']]: Surplus } {
  const refunds = refundsBy(REFUND);
  const money = { ...aReceipt(SECOND, 'second-money'), reason: 'second_success' } as const;
  return {
    taken: { ...money, status: 'taken', refunds: [], dueAt: NOW },
    refunding: { ...money, status: 'refunding', refunds: [refunds.requested] },
    refunded: { ...money, status: 'refunded', refunds: [refunds.succeeded] },
    stuck: { ...money, status: 'stuck', refunds: [refunds.failed], since: NOW },
  };
}

/** One report of each type about a refund. */
export function refundNewsOf(
  id: RefundId,
  { attempt = FIRST, amount = terms.amount }: { attempt?: AttemptId; amount?: Money } = {},
): { [T in RefundReported['type']]: Extract<RefundReported, { type: T }> } {
  const told = {
    paymentId: PAYMENT,
    attemptId: attempt,
    refundId: id,
    provider: 'wechat',
  } as const;
  return {
    'refund.pending': { type: 'refund.pending', ...told },
    'refund.succeeded': {
      type: 'refund.succeeded',
      ...told,
      amount,
      providerRef: providerRef('refund-money'),
      refundedAt: NOW,
    },
    'refund.failed': { type: 'refund.failed', ...told, reason: 'rejected' },
  };
}

export const MOVED: readonly MovedPayment['status'][] = [
  'offered',
  'paying',
  'not_offered',
  'closing',
  'closed',
  'paid',
  'partly_refunded',
  'refunded',
];

type News = Exclude<RoutingDecision | AttemptReported, PaymentOffered | PaymentNotOffered>;

/** One event of each type about an attempt. */
export function newsOf(id: AttemptId): { [T in News['type']]: Extract<News, { type: T }> } {
  const about = { paymentId: PAYMENT, attemptId: id } as const;
  const told = { ...about, provider: 'wechat' } as const;
  const shown = { ...action, content: 'weixin://wxpay/bizpayurl?pr=2' };
  return {
    'attempt.accepted': { type: 'attempt.accepted', ...about, offer: 1, method: WECHAT_QR },
    'attempt.refused': {
      type: 'attempt.refused',
      ...about,
      offer: 1,
      method: WECHAT_QR,
      reasons: ['provider is down'],
    },
    'attempt.awaiting_payer': { type: 'attempt.awaiting_payer', ...told, action: shown },
    'attempt.unknown': { type: 'attempt.unknown', ...told, cause: 'http_502' },
    'attempt.failed': { type: 'attempt.failed', ...told, reason: 'declined' },
    'attempt.closed': { type: 'attempt.closed', ...told, reason: 'expired' },
    'attempt.succeeded': aSuccess(id, 'second-money'),
  };
}

export const aSuccess = (id: AttemptId, ref: string, amount = terms.amount): AttemptSucceeded => ({
  type: 'attempt.succeeded',
  paymentId: PAYMENT,
  attemptId: id,
  provider: 'wechat',
  instrument: 'wechat_pay',
  amount,
  providerRef: providerRef(ref),
  paidAt: NOW,
  late: false,
});
