import { describe, expect, it } from '@jest/globals';
import { attemptId } from '@hutong/domain-events';
import { choose, MAX_ATTEMPTS, type Asked } from './choose.js';
import type { Payment } from './payment.js';
import {
  anOffer,
  attemptsBy,
  noOffer,
  NOW,
  paymentsBy,
  SECOND,
  terms,
  WECHAT_QR,
} from './payment.examples.js';

const payments = paymentsBy(attemptsBy(SECOND).failed);
const asked: Asked = {
  attemptId: attemptId('01HFZ00000000000000000000C'),
  offer: 2,
  method: WECHAT_QR,
  paidByAnother: false,
  now: NOW,
};
const answer = (p: Payment, over: Partial<Asked> = {}): string => {
  const chosen = choose(p, { ...asked, ...over });
  return chosen.ok ? chosen.value.payment.status : chosen.refusal.code;
};

describe('choosing a method', () => {
  it.each<{ status: Payment['status']; expected: string }>`
    status               | expected
    ${'requested'}       | ${'offer_pending'}
    ${'offered'}         | ${'paying'}
    ${'paying'}          | ${'paying'}
    ${'not_offered'}     | ${'not_offered'}
    ${'closing'}         | ${'payment_closed'}
    ${'closed'}          | ${'payment_closed'}
    ${'paid'}            | ${'already_paid'}
    ${'partly_refunded'} | ${'already_paid'}
    ${'refunded'}        | ${'already_paid'}
  `('of a payment that is $status: $expected', ({ status, expected }) => {
    expect(answer(payments[status])).toBe(expected);
  });

  it('adds one selected attempt behind the others', () => {
    const chosen = choose(payments.offered, asked);
    expect(chosen).toMatchObject({
      ok: true,
      value: {
        payment: { attempts: [{ status: 'failed' }, { status: 'failed' }, { status: 'selected' }] },
        attempt: { id: asked.attemptId, offer: 2, method: WECHAT_QR, selectedAt: NOW },
      },
    });
  });

  it.each<[string, Partial<Asked>, string]>([
    ['an older offer', { offer: 1 }, 'offer_superseded'],
    ['an offer nobody made', { offer: 3 }, 'offer_unknown'],
    [
      'a method that is not in it',
      { method: { ...WECHAT_QR, presentation: 'app' } },
      'method_not_offered',
    ],
    ['a moment before its end', { now: new Date(terms.expiresAt.getTime() - 1) }, 'paying'],
    ['the moment of its end', { now: terms.expiresAt }, 'payment_expired'],
  ])('of %s', (_, over, expected) => {
    expect(answer(payments.offered, over)).toBe(expected);
  });

  it('says which offer is current when the asked one is not', () => {
    const chosen = choose(payments.offered, { ...asked, offer: 1 });
    expect(chosen).toEqual({ ok: false, refusal: { code: 'offer_superseded', current: 2 } });
  });

  it('of an offer that has run out goes to routing, which alone can offer anew', () => {
    const brief: Payment = { ...payments.offered, decision: { ...anOffer(2), validUntil: NOW } };
    expect(answer(brief, { now: NOW })).toBe('paying');
  });

  it('is refused when the newest decision offers nothing', () => {
    const emptied: Payment = { ...payments.offered, decision: noOffer(2) };
    expect(answer(emptied)).toBe('not_offered');
  });

  it(`is refused after ${MAX_ATTEMPTS} attempts`, () => {
    const { failed } = attemptsBy(SECOND);
    const tried = (count: number): Payment => ({
      ...payments.offered,
      attempts: Array.from({ length: count }, () => failed),
    });
    expect(answer(tried(MAX_ATTEMPTS - 1))).toBe('paying');
    expect(answer(tried(MAX_ATTEMPTS))).toBe('too_many_attempts');
  });
});
