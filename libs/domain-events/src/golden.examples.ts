import { money } from '@hutong/money';
import type { DomainEvent } from './domain-event.js';
import {
  attemptId,
  merchantId,
  payerKey,
  paymentId,
  platformId,
  providerRef,
  refundId,
} from './ids.js';
import type { AttemptFacts, PaymentFacts } from './payment-outcomes/facts.js';
import type { Service } from './topics.js';

const id = { paymentId: paymentId('019aa9c2-7c00-7d3e-8a11-5b0c4e2f9a01') };
const attempt = { ...id, attemptId: attemptId('01KANW4Z00Q2W3E4R5T6Y7V8X9') };
const refund = { ...attempt, refundId: refundId('01KANWC9S0A1B2C3D4E5F6G7H8') };
const offered = { ...id, offer: 1 };
const seller = { platform: platformId('taobao'), merchantId: merchantId('m-1001') };
const whole = { amount: money(12_800n, 'CNY') };
const part = { amount: money(2_800n, 'CNY') };
const requestedAt = new Date('2026-11-24T03:15:20.125Z');
const expiresAt = new Date('2026-11-24T03:30:20.125Z');
const paidAt = new Date('2026-11-24T03:16:02.000Z');
const refundedAt = new Date('2026-11-24T03:21:40.000Z');
const payer = payerKey('9f86d081884c7d659a2feaa0c55ad015');
const paidRef = { providerRef: providerRef('4200002477202611240123456789') };
const refundRef = { providerRef: providerRef('50302907012026112412345678901') };
const returnUrl = 'https://shop.example/orders/1001';
const sealedPayer =
  'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImtpZCI6IndlY2hhdC0xIn0..c2VhbGVkLWZvci10aGU.Z2F0ZXdheQ.dGFn';
const wechat = { provider: 'wechat' } as const;
const wechatQr = { ...wechat, instrument: 'wechat_pay', presentation: 'qr' } as const;
const bankApp = { provider: 'unionpay', instrument: 'bank_app:0105', presentation: 'app' } as const;
const leftOut = { method: bankApp, reasons: ['above the limit', 'not accepted by the merchant'] };

const payment: PaymentFacts = { ...seller, payerKey: payer, requestedAt };
const tried: AttemptFacts = { attemptId: attempt.attemptId, ...wechatQr, paidByAnother: false };
const outcome = { ...id, payment, attempt: tried };

/** What a golden record says: the code's words for it, and who told it. */
export type Meaning = Readonly<{ source: Service; event: DomainEvent }>;

const by =
  (source: Service) =>
  (event: DomainEvent): Meaning => ({ source, event });
const checkout = by('checkout');
const routing = by('routing');
const gateway = by('wechat-gateway');

/** What a payer may be shown: the same since the first version. */
const shown = {
  qr: {
    type: 'qr',
    content: 'weixin://wxpay/bizpayurl?pr=NwY5Mz9zz',
    validUntil: expiresAt,
  },
  redirect: {
    type: 'redirect',
    url: 'https://cashier.example/pay?token=5f1c',
    validUntil: expiresAt,
  },
  app: {
    type: 'app',
    parameters: {
      appid: 'wx0000000000000001',
      prepayid: 'wx24111520',
      package: 'Sign=WXPay',
      sign: 'c2lnbg==',
    },
    validUntil: expiresAt,
  },
  miniProgram: {
    type: 'mini_program',
    parameters: {
      timeStamp: '1795490120',
      nonceStr: '5K8264ILTKCH',
      package: 'prepay_id=wx24111520',
    },
    validUntil: expiresAt,
  },
} as const;

const awaiting = { type: 'attempt.awaiting_payer', ...attempt, ...wechat } as const;

/**
 * What each record of `golden/` means; of a version that has several forms, each is one more record. A published version keeps both for ever; once an event has a
 * newer one, its older record means what the lift makes of it.
 */
export const meanings: Readonly<Record<string, Meaning>> = {
  'payment.requested.v1': checkout({
    type: 'payment.requested',
    ...id,
    ...seller,
    ...whole,
    channel: 'app',
    description: '青花瓷茶杯 × 2',
    payerKey: payer,
    payer: { hasBoundCard: 'no', hasBalance: 'unknown', installedApps: ['wechat', 'alipay'] },
    requestedAt,
    expiresAt,
  }),
  'payment.requested.v1.bare': checkout({
    type: 'payment.requested',
    ...id,
    ...seller,
    ...whole,
    channel: 'app',
    description: '青花瓷茶杯 × 2',
    payerKey: payer,
    payer: { hasBoundCard: 'no', hasBalance: 'unknown' },
    requestedAt,
    expiresAt,
  }),
  'payment.method_selected.v1': checkout({
    type: 'payment.method_selected',
    ...attempt,
    ...offered,
    method: wechatQr,
    paidByAnother: true,
    returnUrl,
    sealedPayer,
  }),
  'payment.method_selected.v1.bare': checkout({
    type: 'payment.method_selected',
    ...attempt,
    ...offered,
    method: wechatQr,
    paidByAnother: false,
  }),
  'payment.close_requested.v1': checkout({
    type: 'payment.close_requested',
    ...id,
    attempts: [attempt.attemptId],
    reason: 'cancelled',
  }),
  'payment.refund_requested.v1': checkout({
    type: 'payment.refund_requested',
    ...refund,
    ...wechat,
    ...part,
    reason: '少发一件',
  }),
  'payment.refund_requested.v1.bare': checkout({
    type: 'payment.refund_requested',
    ...refund,
    ...wechat,
    ...part,
  }),

  'payment.offered.v1': routing({
    type: 'payment.offered',
    ...offered,
    policyVersion: 'taobao/2024-09-12',
    validUntil: expiresAt,
    methods: [{ method: wechatQr, label: '微信支付' }],
    refused: [leftOut],
  }),
  'payment.not_offered.v1': routing({
    type: 'payment.not_offered',
    ...offered,
    policyVersion: 'none',
    refused: [leftOut],
  }),
  'attempt.accepted.v1': routing({
    type: 'attempt.accepted',
    ...attempt,
    ...offered,
    method: wechatQr,
  }),
  'attempt.refused.v1': routing({
    type: 'attempt.refused',
    ...attempt,
    ...offered,
    method: bankApp,
    reasons: ['gateway is down'],
  }),

  'attempt.requested.v1': routing({
    type: 'attempt.requested',
    ...attempt,
    ...seller,
    ...whole,
    method: wechatQr,
    description: '青花瓷茶杯 × 2',
    channel: 'app',
    expiresAt,
    notAfter: new Date('2026-11-24T03:30:10.125Z'),
    returnUrl,
    sealedPayer,
  }),
  'attempt.requested.v1.bare': routing({
    type: 'attempt.requested',
    ...attempt,
    ...seller,
    ...whole,
    method: wechatQr,
    description: '青花瓷茶杯 × 2',
    channel: 'app',
    expiresAt,
    notAfter: new Date('2026-11-24T03:30:10.125Z'),
  }),
  'attempt.close_requested.v1': routing({
    type: 'attempt.close_requested',
    ...attempt,
    reason: 'other_attempt_won',
  }),
  'refund.requested.v1': routing({
    type: 'refund.requested',
    ...refund,
    ...part,
    reason: '少发一件',
  }),
  'refund.requested.v1.bare': routing({ type: 'refund.requested', ...refund, ...part }),

  'attempt.awaiting_payer.v1': gateway({ ...awaiting, action: shown.qr }),
  'attempt.awaiting_payer.v1.redirect': gateway({ ...awaiting, action: shown.redirect }),
  'attempt.awaiting_payer.v1.app': gateway({ ...awaiting, action: shown.app }),
  'attempt.awaiting_payer.v1.mini_program': gateway({ ...awaiting, action: shown.miniProgram }),
  'attempt.awaiting_payer.v2': gateway({ ...awaiting, action: shown.qr }),
  'attempt.awaiting_payer.v2.redirect': gateway({ ...awaiting, action: shown.redirect }),
  'attempt.awaiting_payer.v2.app': gateway({ ...awaiting, action: shown.app }),
  'attempt.awaiting_payer.v2.mini_program': gateway({ ...awaiting, action: shown.miniProgram }),
  'attempt.awaiting_payer.v2.wait': gateway({
    ...awaiting,
    action: { type: 'wait', validUntil: expiresAt },
  }),
  'attempt.succeeded.v1': gateway({
    type: 'attempt.succeeded',
    ...attempt,
    ...wechat,
    ...whole,
    ...paidRef,
    instrument: 'wechat_pay',
    paidAt,
    late: false,
  }),
  'attempt.failed.v1': gateway({
    type: 'attempt.failed',
    ...attempt,
    ...wechat,
    reason: 'insufficient_funds',
  }),
  'attempt.closed.v1': gateway({
    type: 'attempt.closed',
    ...attempt,
    ...wechat,
    reason: 'expired',
  }),
  'attempt.unknown.v1': gateway({
    type: 'attempt.unknown',
    ...attempt,
    ...wechat,
    cause: 'timeout',
  }),
  'refund.pending.v1': gateway({ type: 'refund.pending', ...refund, ...wechat }),
  'refund.succeeded.v1': gateway({
    type: 'refund.succeeded',
    ...refund,
    ...wechat,
    ...part,
    ...refundRef,
    refundedAt,
  }),
  'refund.failed.v1': gateway({
    type: 'refund.failed',
    ...refund,
    ...wechat,
    reason: 'merchant_account',
  }),

  'payment.paid.v1': checkout({
    type: 'payment.paid',
    ...outcome,
    ...whole,
    ...paidRef,
    occurredAt: paidAt,
  }),
  'payment.attempt_failed.v1': checkout({
    type: 'payment.attempt_failed',
    ...outcome,
    ...whole,
    reason: 'declined',
    occurredAt: paidAt,
  }),
  'payment.attempt_closed.v1': checkout({
    type: 'payment.attempt_closed',
    ...outcome,
    ...whole,
    reason: 'expired',
    occurredAt: paidAt,
  }),
  'payment.closed.v1': checkout({
    type: 'payment.closed',
    ...id,
    payment,
    ...whole,
    reason: 'expired',
    occurredAt: paidAt,
  }),
  'payment.refunded.v1': checkout({
    type: 'payment.refunded',
    ...outcome,
    refundId: refund.refundId,
    ...part,
    ...refundRef,
    occurredAt: refundedAt,
  }),
  'payment.refund_failed.v1': checkout({
    type: 'payment.refund_failed',
    ...outcome,
    refundId: refund.refundId,
    ...part,
    reason: 'rejected',
    occurredAt: refundedAt,
  }),
  'payment.surplus_taken.v1': checkout({
    type: 'payment.surplus_taken',
    ...outcome,
    ...whole,
    ...paidRef,
    reason: 'second_success',
    occurredAt: paidAt,
  }),
  'payment.surplus_refunded.v1': checkout({
    type: 'payment.surplus_refunded',
    ...outcome,
    refundId: refund.refundId,
    ...whole,
    ...refundRef,
    occurredAt: refundedAt,
  }),

  'bill.available.v1': gateway({
    type: 'bill.available',
    ...wechat,
    day: '2026-11-23',
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  }),
};
