import type {
  PaymentCloseRequested,
  PaymentMethodSelected,
  PaymentRefundRequested,
  PaymentRequested,
} from '@hutong/domain-events';
import {
  after,
  AMOUNT,
  anAttemptId,
  aPayerKey,
  aPaymentId,
  aRefundId,
  MERCHANT,
  REQUESTED_AT,
  TAOBAO,
  type Said,
} from './ids.js';
import { WECHAT_QR } from './methods.js';

/** ¥128.00 on Taobao by a payer of whom nothing is known. */
export const aPaymentRequested = (said: Said<PaymentRequested> = {}): PaymentRequested => ({
  type: 'payment.requested',
  paymentId: aPaymentId(),
  platform: TAOBAO,
  merchantId: MERCHANT,
  amount: AMOUNT,
  channel: 'web',
  description: 'Two tickets',
  payerKey: aPayerKey(),
  payer: { hasBoundCard: 'unknown', hasBalance: 'unknown' },
  requestedAt: REQUESTED_AT,
  expiresAt: after(15),
  ...said,
});

/** WeChat's QR code from the first offer. */
export const aMethodSelected = (said: Said<PaymentMethodSelected> = {}): PaymentMethodSelected => ({
  type: 'payment.method_selected',
  paymentId: aPaymentId(),
  attemptId: anAttemptId(),
  offer: 1,
  method: WECHAT_QR,
  paidByAnother: false,
  ...said,
});

export const aCloseRequested = (said: Said<PaymentCloseRequested> = {}): PaymentCloseRequested => ({
  type: 'payment.close_requested',
  paymentId: aPaymentId(),
  attempts: [anAttemptId()],
  reason: 'cancelled',
  ...said,
});

/** All of ¥128.00 back. */
export const aPaymentRefundRequested = (
  said: Said<PaymentRefundRequested> = {},
): PaymentRefundRequested => ({
  type: 'payment.refund_requested',
  paymentId: aPaymentId(),
  refundId: aRefundId(),
  attemptId: anAttemptId(),
  provider: 'wechat',
  amount: AMOUNT,
  ...said,
});
