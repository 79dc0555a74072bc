import { anAttemptRequested, aProviderRef, AMOUNT, REQUESTED_AT } from '@hutong/testing';
import type { Paid, Prepared, RequestedAttempt } from './gateway-port.js';

/** ¥128.00 by WeChat's QR code, for the account `taobao`. */
export const anAttempt = (said: Partial<RequestedAttempt> = {}): RequestedAttempt => ({
  ...anAttemptRequested(),
  account: 'taobao',
  ...said,
});

/** As sent for `attempt`, to merchant 1900000001. */
export const aPrepared = (attempt: RequestedAttempt = anAttempt()): Prepared => ({
  attemptId: attempt.attemptId,
  account: attempt.account,
  body: new TextEncoder().encode(`order ${attempt.attemptId}`),
  fields: { mchid: '1900000001', appid: 'wx0123456789abcdef' },
  expiresAt: attempt.expiresAt,
});

/** All of ¥128.00, two minutes after it was asked for. */
export const aPaid = (said: Partial<Paid> = {}): Paid => ({
  providerRef: aProviderRef(),
  instrument: 'wechat_pay',
  amount: AMOUNT,
  paidAt: new Date(REQUESTED_AT.getTime() + 120_000),
  ...said,
});
