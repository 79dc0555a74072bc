import type {
  AttemptAwaitingPayer,
  AttemptClosed,
  AttemptFailed,
  AttemptSucceeded,
  AttemptUnknown,
  RefundFailed,
  RefundPending,
  RefundSucceeded,
} from '@hutong/domain-events';
import {
  after,
  AMOUNT,
  anAttemptId,
  aPaymentId,
  aProviderRef,
  aRefundId,
  type Said,
} from './ids.js';

/** A code to scan with WeChat. */
export const anAttemptAwaitingPayer = (
  said: Said<AttemptAwaitingPayer> = {},
): AttemptAwaitingPayer => ({
  ...anAttempt(),
  type: 'attempt.awaiting_payer',
  action: { type: 'qr', content: 'weixin://wxpay/bizpayurl?pr=a1b2c3d', validUntil: after(15) },
  ...said,
});

/** All of ¥128.00, in time, two minutes after it was asked for. */
export const anAttemptSucceeded = (said: Said<AttemptSucceeded> = {}): AttemptSucceeded => ({
  ...anAttempt(),
  type: 'attempt.succeeded',
  instrument: 'wechat_pay',
  amount: AMOUNT,
  providerRef: aProviderRef(),
  paidAt: after(2),
  late: false,
  ...said,
});

export const anAttemptFailed = (said: Said<AttemptFailed> = {}): AttemptFailed => ({
  ...anAttempt(),
  type: 'attempt.failed',
  reason: 'declined',
  ...said,
});

export const anAttemptClosed = (said: Said<AttemptClosed> = {}): AttemptClosed => ({
  ...anAttempt(),
  type: 'attempt.closed',
  reason: 'expired',
  ...said,
});

export const anAttemptUnknown = (said: Said<AttemptUnknown> = {}): AttemptUnknown => ({
  ...anAttempt(),
  type: 'attempt.unknown',
  cause: 'timeout',
  ...said,
});

export const aRefundPending = (said: Said<RefundPending> = {}): RefundPending => ({
  ...aRefund(),
  type: 'refund.pending',
  ...said,
});

/** All of ¥128.00, twenty minutes after the payment was asked for. */
export const aRefundSucceeded = (said: Said<RefundSucceeded> = {}): RefundSucceeded => ({
  ...aRefund(),
  type: 'refund.succeeded',
  amount: AMOUNT,
  providerRef: aProviderRef(),
  refundedAt: after(20),
  ...said,
});

export const aRefundFailed = (said: Said<RefundFailed> = {}): RefundFailed => ({
  ...aRefund(),
  type: 'refund.failed',
  reason: 'rejected',
  ...said,
});

const anAttempt = () => ({
  paymentId: aPaymentId(),
  attemptId: anAttemptId(),
  provider: 'wechat' as const,
});

const aRefund = () => ({ ...anAttempt(), refundId: aRefundId() });
