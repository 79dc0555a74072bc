import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  after,
  ALIPAY_REDIRECT,
  aMethodSelected,
  aPaymentRequested,
  QUICKPASS_APP,
  REQUESTED_AT,
  WECHAT_QR,
} from '@hutong/testing';
import { decide, isFree } from '../offer/offer.js';
import { EVERYTHING_USABLE } from '../offer/usability.js';
import type { MethodRule, PolicyVersion } from '../policy/policy.js';
import { answerChoice } from './answer-choice.js';

const rule = (method: MethodRule['method'], conditions = {}): MethodRule => ({
  method,
  label: method.provider,
  conditions,
});
const version: PolicyVersion = {
  version: '2024-09',
  effectiveFrom: new Date('2024-09-01T00:00:00+08:00'),
  offerValidForMs: 600_000,
  methods: [rule(WECHAT_QR), rule(ALIPAY_REDIRECT, { channels: ['app'] })],
};
const requested = aPaymentRequested();
const { paymentId } = requested;
/** Of a quarter of an hour: decided when it was asked for, valid for ten minutes. */
const usability = EVERYTHING_USABLE;
const newest = decide(version, requested, { offer: 2, now: REQUESTED_AT, usability });
const standing = { requested, newest, version, closedBefore: false };
const at = (minutes: number) => ({ now: after(minutes), usability });
const choice = aMethodSelected({ paymentId, offer: 2, method: WECHAT_QR });

describe('a choice that holds', () => {
  it('is accepted, and its gateway commanded with all that it has to know', () => {
    const chosen = {
      ...choice,
      returnUrl: 'https://shop.example/thanks',
      sealedPayer: 'a.b.c.d.e',
    };
    const { attemptId } = chosen;
    expect(answerChoice(chosen, standing, at(1))).toEqual({
      kind: 'accepted',
      told: { type: 'attempt.accepted', paymentId, attemptId, offer: 2, method: WECHAT_QR },
      command: {
        type: 'attempt.requested',
        paymentId,
        attemptId,
        platform: requested.platform,
        merchantId: requested.merchantId,
        method: WECHAT_QR,
        amount: requested.amount,
        description: requested.description,
        channel: 'web',
        expiresAt: after(15),
        notAfter: after(2),
        returnUrl: 'https://shop.example/thanks',
        sealedPayer: 'a.b.c.d.e',
      },
    });
  });

  it('of somebody who opened a link is one on a telephone, wherever the buyer was', () => {
    const link: MethodRule = {
      ...rule({ ...ALIPAY_REDIRECT, presentation: 'link' }),
      opensAs: ['redirect'],
    };
    const shared = { ...version, methods: [link] };
    const offered = decide(shared, requested, { offer: 2, now: REQUESTED_AT, usability });
    const pressed = { ...choice, method: ALIPAY_REDIRECT, paidByAnother: true };
    const answer = answerChoice(pressed, { ...standing, version: shared, newest: offered }, at(1));
    expect(requested.channel).toBe('web');
    expect(answer).toMatchObject({ kind: 'accepted', command: { channel: 'app' } });
  });
});

type Row = { offer: number; method: MethodRule['method']; minutes: number; reasons: string[] };
describe('a choice that holds no more', () => {
  it.each<Row>`
    offer | method             | minutes | reasons
    ${1}  | ${WECHAT_QR}       | ${1}    | ${['offer 1 was replaced by offer 2']}
    ${3}  | ${WECHAT_QR}       | ${1}    | ${['offer 3 was never made']}
    ${2}  | ${ALIPAY_REDIRECT} | ${1}    | ${['alipay/alipay/redirect is not in the offer']}
    ${2}  | ${QUICKPASS_APP}   | ${1}    | ${['unionpay/cloud_quickpass/app is not in the offer']}
    ${2}  | ${WECHAT_QR}       | ${10}   | ${['the offer has expired']}
  `(
    'of offer $offer after $minutes min is refused for $reasons, and offered anew',
    ({ offer, method, minutes, reasons }) => {
      const stale = { ...choice, offer, method };
      const { attemptId } = stale;
      expect(answerChoice(stale, standing, at(minutes))).toEqual({
        kind: 'refused',
        told: { type: 'attempt.refused', paymentId, attemptId, offer, method, reasons },
        next: decide(version, requested, { offer: 3, ...at(minutes) }),
      });
    },
  );

  it('because the payment has expired is followed by an offer of nothing', () => {
    const answer = answerChoice(choice, standing, at(15));
    expect(answer).toMatchObject({
      kind: 'refused',
      next: { offer: 3, validUntil: undefined },
    });
  });
});

describe('for any choice at any time', () => {
  const methods = fc.constantFrom(WECHAT_QR, ALIPAY_REDIRECT, QUICKPASS_APP);
  const choices = fc.record({
    offer: fc.integer({ min: 1, max: 4 }),
    method: methods,
    minutes: fc.integer({ min: 0, max: 20 }),
  });

  it('exactly a method that is free in the newest offer is commanded, and only while both last', () => {
    fc.assert(
      fc.property(choices, ({ offer, method, minutes }) => {
        const answer = answerChoice({ ...choice, offer, method }, standing, at(minutes));
        const holds = offer === 2 && method === WECHAT_QR && minutes < 10;
        expect(answer.kind).toBe(holds ? 'accepted' : 'refused');
        if (answer.kind === 'accepted') {
          const { notAfter, expiresAt } = answer.command;
          expect(notAfter.getTime()).toBeGreaterThan(after(minutes).getTime());
          expect(notAfter.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
        } else {
          expect(answer.told.reasons.length).toBeGreaterThan(0);
          expect(answer.next.offer).toBe(3);
          expect(answer.next.verdicts.some(isFree)).toBe(minutes < 15);
        }
      }),
    );
  });
});
