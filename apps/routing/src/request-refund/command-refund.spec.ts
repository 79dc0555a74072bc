import { expect, it } from '@jest/globals';
import {
  AMOUNT,
  anAttemptId,
  aPaymentRefundRequested,
  REQUESTED_AT,
  WECHAT_QR,
} from '@hutong/testing';
import type { AnsweredChoice } from '../explain-decisions/explanation.js';
import { commandRefund } from './command-refund.js';

const attemptId = anAttemptId();
const asked = aPaymentRefundRequested({ attemptId, reason: 'Sold out' });
const accepted: AnsweredChoice = {
  attemptId,
  offer: 1,
  method: WECHAT_QR,
  paidByAnother: false,
  verdict: 'accepted',
  reasons: [],
  decidedAt: REQUESTED_AT,
};

it('a refund is commanded as it was asked for', () => {
  const { paymentId, refundId } = asked;
  expect(commandRefund(asked, accepted)).toEqual({
    ok: true,
    value: {
      type: 'refund.requested',
      paymentId,
      refundId,
      attemptId,
      amount: AMOUNT,
      reason: 'Sold out',
    },
  });
});

type Row = { what: string; choice: AnsweredChoice | undefined; refusal: string };
it.each<Row>`
  what                     | choice                                                           | refusal
  ${'nobody chose'}        | ${undefined}                                                     | ${'a refund of an attempt that was never commanded'}
  ${'was refused'}         | ${{ ...accepted, verdict: 'refused' }}                           | ${'a refund of an attempt that was never commanded'}
  ${'another gateway has'} | ${{ ...accepted, method: { ...WECHAT_QR, provider: 'alipay' } }} | ${'a refund by another provider'}
`('of an attempt that $what there is none: $refusal', ({ choice, refusal }) => {
  expect(commandRefund(asked, choice)).toEqual({ ok: false, refusal });
});
