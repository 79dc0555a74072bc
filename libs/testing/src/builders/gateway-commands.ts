import type {
  AttemptCloseRequested,
  AttemptRequested,
  RefundRequested,
} from '@hutong/domain-events';
import {
  after,
  AMOUNT,
  anAttemptId,
  aPaymentId,
  aRefundId,
  MERCHANT,
  TAOBAO,
  type Said,
} from './ids.js';
import { WECHAT_QR } from './methods.js';

/** ¥128.00 by WeChat's QR code. */
export const anAttemptRequested = (said: Said<AttemptRequested> = {}): AttemptRequested => ({
  type: 'attempt.requested',
  paymentId: aPaymentId(),
  attemptId: anAttemptId(),
  platform: TAOBAO,
  merchantId: MERCHANT,
  method: WECHAT_QR,
  amount: AMOUNT,
  description: 'Two tickets',
  channel: 'web',
  expiresAt: after(15),
  notAfter: after(15),
  ...said,
});

export const anAttemptCloseRequested = (
  said: Said<AttemptCloseRequested> = {},
): AttemptCloseRequested => ({
  type: 'attempt.close_requested',
  paymentId: aPaymentId(),
  attemptId: anAttemptId(),
  reason: 'cancelled',
  ...said,
});

export const aRefundRequested = (said: Said<RefundRequested> = {}): RefundRequested => ({
  type: 'refund.requested',
  paymentId: aPaymentId(),
  refundId: aRefundId(),
  attemptId: anAttemptId(),
  amount: AMOUNT,
  ...said,
});
