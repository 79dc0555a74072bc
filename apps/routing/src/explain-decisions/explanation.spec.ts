import { expect, it } from '@jest/globals';
import {
  after,
  ALIPAY_REDIRECT,
  anAttemptId,
  aPaymentRequested,
  REQUESTED_AT,
  WECHAT_QR,
} from '@hutong/testing';
import { explanationView, type Explained } from './explanation.js';

const requested = aPaymentRequested({
  payer: { hasBoundCard: 'no', hasBalance: 'unknown', installedApps: ['wechat'] },
});
const attemptId = anAttemptId();
const explained: Explained = {
  requested,
  policyAt: REQUESTED_AT,
  decisions: [
    {
      offer: 1,
      decidedAt: REQUESTED_AT,
      policyVersion: '2024-09',
      validUntil: after(10),
      verdicts: [
        { method: WECHAT_QR, label: 'WeChat Pay', against: [] },
        { method: ALIPAY_REDIRECT, label: 'Alipay', against: ['not for the channel web'] },
      ],
    },
    { offer: 2, decidedAt: after(15), policyVersion: 'none', validUntil: undefined, verdicts: [] },
  ],
  answers: [
    {
      attemptId,
      offer: 1,
      method: WECHAT_QR,
      paidByAnother: false,
      verdict: 'refused',
      reasons: ['the offer has expired'],
      decidedAt: after(15),
    },
  ],
};

it('an explanation says on what, when, by which policy and why', () => {
  expect(explanationView(explained)).toEqual({
    paymentId: requested.paymentId,
    inputs: {
      platform: 'taobao',
      merchantId: 'm-1',
      amount: { currency: 'CNY', minor: '12800' },
      channel: 'web',
      payer: { hasBoundCard: 'no', hasBalance: 'unknown', installedApps: ['wechat'] },
      requestedAt: '2026-11-24T08:00:00.000Z',
      expiresAt: '2026-11-24T08:15:00.000Z',
      policyAt: '2026-11-24T08:00:00.000Z',
    },
    decisions: [
      {
        offer: 1,
        decidedAt: '2026-11-24T08:00:00.000Z',
        policyVersion: '2024-09',
        validUntil: '2026-11-24T08:10:00.000Z',
        methods: [
          { method: 'wechat/wechat_pay/qr', label: 'WeChat Pay', offered: true, reasons: [] },
          {
            method: 'alipay/alipay/redirect',
            label: 'Alipay',
            offered: false,
            reasons: ['not for the channel web'],
          },
        ],
      },
      { offer: 2, decidedAt: '2026-11-24T08:15:00.000Z', policyVersion: 'none', methods: [] },
    ],
    choices: [
      {
        attemptId,
        offer: 1,
        method: 'wechat/wechat_pay/qr',
        paidByAnother: false,
        verdict: 'refused',
        reasons: ['the offer has expired'],
        decidedAt: '2026-11-24T08:15:00.000Z',
      },
    ],
  });
});

it('an explanation holds nothing that points to a person', () => {
  expect(JSON.stringify(explanationView(explained))).not.toContain(requested.payerKey);
});
