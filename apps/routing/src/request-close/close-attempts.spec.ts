import { expect, it } from '@jest/globals';
import { aCloseRequested, anAttemptId, aPaymentId, REQUESTED_AT, WECHAT_QR } from '@hutong/testing';
import type { AnsweredChoice } from '../explain-decisions/explanation.js';
import { closeAttempts } from './close-attempts.js';

const paymentId = aPaymentId();
const [sent, refused, unheard] = [anAttemptId(), anAttemptId(), anAttemptId()];
const choice = { offer: 1, method: WECHAT_QR, paidByAnother: false, decidedAt: REQUESTED_AT };
const answered: readonly AnsweredChoice[] = [
  { ...choice, attemptId: sent, verdict: 'accepted', reasons: [] },
  { ...choice, attemptId: refused, verdict: 'refused', reasons: ['the offer has expired'] },
];

it('of each attempt that is named, in order and once, the truth is told', () => {
  const attempts = [unheard, sent, refused, sent];
  const asked = aCloseRequested({ paymentId, attempts, reason: 'other_attempt_won' });
  expect(closeAttempts(asked, answered)).toEqual([
    { kind: 'remembered', attemptId: unheard },
    {
      kind: 'commanded',
      provider: 'wechat',
      command: {
        type: 'attempt.close_requested',
        paymentId,
        attemptId: sent,
        reason: 'other_attempt_won',
      },
    },
    {
      kind: 'refused',
      told: {
        type: 'attempt.refused',
        paymentId,
        attemptId: refused,
        offer: 1,
        method: WECHAT_QR,
        reasons: ['the offer has expired'],
      },
    },
  ]);
});

it('where no attempt is named, nothing follows', () => {
  expect(closeAttempts(aCloseRequested({ paymentId, attempts: [] }), answered)).toEqual([]);
});
