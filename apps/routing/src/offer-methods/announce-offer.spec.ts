import { expect, it } from '@jest/globals';
import { ALIPAY_REDIRECT, aPaymentId, QUICKPASS_APP, WECHAT_QR } from '@hutong/testing';
import type { Decision } from '../offer/offer.js';
import { announceOffer } from './announce-offer.js';

const paymentId = aPaymentId();
const decidedAt = new Date('2026-11-24T08:00:00.000Z');
const validUntil = new Date('2026-11-24T08:10:00.000Z');
const capped = {
  method: WECHAT_QR,
  label: 'WeChat Pay',
  against: ['above the limit', 'not today'],
};
const refused = [{ method: WECHAT_QR, reasons: ['above the limit', 'not today'] }];
const decision: Decision = {
  offer: 2,
  decidedAt,
  policyVersion: '2024-09',
  validUntil,
  verdicts: [
    { method: QUICKPASS_APP, label: 'Cloud QuickPass', against: [] },
    capped,
    { method: ALIPAY_REDIRECT, label: 'Alipay', against: [] },
  ],
};
const said = { paymentId, offer: 2, policyVersion: '2024-09', refused };

it('an offer is told with its free methods in their order, and why not the others', () => {
  expect(announceOffer(paymentId, decision)).toEqual({
    type: 'payment.offered',
    ...said,
    validUntil,
    methods: [
      { method: QUICKPASS_APP, label: 'Cloud QuickPass' },
      { method: ALIPAY_REDIRECT, label: 'Alipay' },
    ],
  });
});

it('where nothing is free, that is what is told', () => {
  const nothing = { ...decision, verdicts: [capped], validUntil: undefined };
  expect(announceOffer(paymentId, nothing)).toEqual({ type: 'payment.not_offered', ...said });
});
