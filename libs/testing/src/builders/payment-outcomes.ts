import type {
  AttemptFacts,
  PaymentAttemptClosed,
  PaymentAttemptFailed,
  PaymentClosed,
  PaymentFacts,
  PaymentPaid,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSurplusRefunded,
  PaymentSurplusTaken,
} from '@hutong/domain-events';
import {
  after,
  AMOUNT,
  anAttemptId,
  aPayerKey,
  aPaymentId,
  aProviderRef,
  aRefundId,
  MERCHANT,
  REQUESTED_AT,
  TAOBAO,
  type Said,
} from './ids.js';

export const somePaymentFacts = (said: Partial<PaymentFacts> = {}): PaymentFacts => ({
  platform: TAOBAO,
  merchantId: MERCHANT,
  payerKey: aPayerKey(),
  requestedAt: REQUESTED_AT,
  ...said,
});

/** By WeChat's QR code, paid by the buyer. */
export const someAttemptFacts = (said: Partial<AttemptFacts> = {}): AttemptFacts => ({
  attemptId: anAttemptId(),
  provider: 'wechat',
  instrument: 'wechat_pay',
  presentation: 'qr',
  paidByAnother: false,
  ...said,
});

/** All of ¥128.00, two minutes after it was asked for. */
export const aPaymentPaid = (said: Said<PaymentPaid> = {}): PaymentPaid => ({
  ...aTriedPayment(),
  type: 'payment.paid',
  providerRef: aProviderRef(),
  ...said,
});

export const aPaymentAttemptFailed = (
  said: Said<PaymentAttemptFailed> = {},
): PaymentAttemptFailed => ({
  ...aTriedPayment(),
  type: 'payment.attempt_failed',
  reason: 'declined',
  ...said,
});

export const aPaymentAttemptClosed = (
  said: Said<PaymentAttemptClosed> = {},
): PaymentAttemptClosed => ({
  ...aTriedPayment(),
  type: 'payment.attempt_closed',
  reason: 'expired',
  ...said,
});

export const aPaymentClosed = (said: Said<PaymentClosed> = {}): PaymentClosed => ({
  ...aPayment(),
  type: 'payment.closed',
  reason: 'expired',
  ...said,
});

/** All of ¥128.00 back. */
export const aPaymentRefunded = (said: Said<PaymentRefunded> = {}): PaymentRefunded => ({
  ...aTriedPayment(),
  type: 'payment.refunded',
  refundId: aRefundId(),
  providerRef: aProviderRef(),
  ...said,
});

export const aPaymentRefundFailed = (
  said: Said<PaymentRefundFailed> = {},
): PaymentRefundFailed => ({
  ...aTriedPayment(),
  type: 'payment.refund_failed',
  refundId: aRefundId(),
  reason: 'rejected',
  ...said,
});

/** ¥128.00 a second time. */
export const aSurplusTaken = (said: Said<PaymentSurplusTaken> = {}): PaymentSurplusTaken => ({
  ...aTriedPayment(),
  type: 'payment.surplus_taken',
  providerRef: aProviderRef(),
  reason: 'second_success',
  ...said,
});

export const aSurplusRefunded = (
  said: Said<PaymentSurplusRefunded> = {},
): PaymentSurplusRefunded => ({
  ...aTriedPayment(),
  type: 'payment.surplus_refunded',
  refundId: aRefundId(),
  providerRef: aProviderRef(),
  ...said,
});

const aPayment = () => ({
  paymentId: aPaymentId(),
  payment: somePaymentFacts(),
  amount: AMOUNT,
  occurredAt: after(2),
});

const aTriedPayment = () => ({ ...aPayment(), attempt: someAttemptFacts() });
