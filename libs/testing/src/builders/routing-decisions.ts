import type {
  AttemptAccepted,
  AttemptRefused,
  PaymentNotOffered,
  PaymentOffered,
} from '@hutong/domain-events';
import { after, anAttemptId, aPaymentId, type Said } from './ids.js';
import { ALIPAY_REDIRECT, WECHAT_QR } from './methods.js';

const POLICY = 'taobao-2024-09';

/** WeChat's QR code is offered, Alipay is not. */
export const aPaymentOffered = (said: Said<PaymentOffered> = {}): PaymentOffered => ({
  type: 'payment.offered',
  paymentId: aPaymentId(),
  offer: 1,
  policyVersion: POLICY,
  validUntil: after(15),
  methods: [{ method: WECHAT_QR, label: 'WeChat Pay' }],
  refused: [{ method: ALIPAY_REDIRECT, reasons: ['gateway is down'] }],
  ...said,
});

export const aPaymentNotOffered = (said: Said<PaymentNotOffered> = {}): PaymentNotOffered => ({
  type: 'payment.not_offered',
  paymentId: aPaymentId(),
  offer: 1,
  policyVersion: POLICY,
  refused: [{ method: WECHAT_QR, reasons: ['above the limit'] }],
  ...said,
});

export const anAttemptAccepted = (said: Said<AttemptAccepted> = {}): AttemptAccepted => ({
  type: 'attempt.accepted',
  paymentId: aPaymentId(),
  attemptId: anAttemptId(),
  offer: 1,
  method: WECHAT_QR,
  ...said,
});

export const anAttemptRefused = (said: Said<AttemptRefused> = {}): AttemptRefused => ({
  type: 'attempt.refused',
  paymentId: aPaymentId(),
  attemptId: anAttemptId(),
  offer: 1,
  method: WECHAT_QR,
  reasons: ['the offer is not valid any more'],
  ...said,
});
