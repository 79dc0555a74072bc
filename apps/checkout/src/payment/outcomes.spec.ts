import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { advance, type PaymentProgress } from './advance.js';
import { outcomesOf } from './outcomes.js';
import type { Payment } from './payment.js';
import {
  anOffer,
  aSuccess,
  attemptsBy,
  newsOf,
  NOW,
  PAYMENT,
  paymentsBy,
  SECOND,
  terms,
} from './payment.examples.js';

const HEARD = new Date('2023-11-24T02:03:04.000Z');
const payments = paymentsBy(attemptsBy(SECOND).awaiting_payer);

function told(p: Payment, e: PaymentProgress) {
  const step = advance(p, e);
  return step.kind === 'advanced' ? outcomesOf(step.payment, e, HEARD) : [];
}

describe('the world is told', () => {
  const about = {
    paymentId: PAYMENT,
    payment: {
      platform: 'taobao',
      merchantId: 'tea-house',
      payerKey: terms.payerKey,
      requestedAt: terms.requestedAt,
    },
    attempt: {
      attemptId: SECOND,
      provider: 'wechat',
      instrument: 'wechat_pay',
      presentation: 'qr',
      paidByAnother: false,
    },
  };
  const news = newsOf(SECOND);

  it('that it was paid, when and by whose app the provider says', () => {
    const e = { ...aSuccess(SECOND, 'second-money'), instrument: 'alipay' } as const;
    expect(told(payments.paying, e)).toEqual([
      {
        ...about,
        type: 'payment.paid',
        attempt: { ...about.attempt, instrument: 'alipay' },
        amount: terms.amount,
        providerRef: 'second-money',
        occurredAt: NOW,
      },
    ]);
  });

  it.each([
    ['second_success', payments.paid, terms.amount],
    ['after_close', payments.not_offered, terms.amount],
    ['wrong_amount', payments.paying, money(12_799n, 'CNY')],
  ])('of surplus, and why: %s', (reason, payment, amount) => {
    expect(told(payment, aSuccess(SECOND, 'second-money', amount))).toEqual([
      {
        ...about,
        type: 'payment.surplus_taken',
        amount,
        providerRef: 'second-money',
        reason,
        occurredAt: NOW,
      },
    ]);
  });

  it('of an attempt that failed or was closed, and why', () => {
    const gaveUp = { ...about, amount: terms.amount, occurredAt: HEARD };
    expect(told(payments.paying, news['attempt.failed'])).toEqual([
      { ...gaveUp, type: 'payment.attempt_failed', reason: 'declined' },
    ]);
    expect(told(payments.paying, news['attempt.closed'])).toEqual([
      { ...gaveUp, type: 'payment.attempt_closed', reason: 'expired' },
    ]);
  });

  it('nothing of what is still open, or no news', () => {
    const accepted = paymentsBy(attemptsBy(SECOND).accepted).paying;
    expect(told(accepted, news['attempt.awaiting_payer'])).toEqual([]);
    expect(told(accepted, news['attempt.unknown'])).toEqual([]);
    expect(told(accepted, anOffer(3))).toEqual([]);
    expect(told(payments.requested, anOffer(1))).toEqual([]);
  });
});
