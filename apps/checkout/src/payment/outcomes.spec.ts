import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { advance, type PaymentProgress } from './advance.js';
import { close } from './close.js';
import { outcomesOf } from './outcomes.js';
import type { Payment } from './payment.js';
import {
  anOffer,
  aSuccess,
  attemptsBy,
  FIRST,
  newsOf,
  NOW,
  PAYMENT,
  paymentsBy,
  REFUND,
  refundNewsOf,
  refundsBy,
  SECOND,
  surplusBy,
  terms,
} from './payment.examples.js';

const HEARD = new Date('2023-11-24T02:03:04.000Z');
const payments = paymentsBy(attemptsBy(SECOND).awaiting_payer);

function told(p: Payment, e: PaymentProgress) {
  const step = advance(p, e, HEARD);
  return step.kind === 'advanced' ? outcomesOf(p, step.payment, HEARD) : [];
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
  const shared = { paymentId: about.paymentId, payment: about.payment };

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
    ['after_close', payments.closed, terms.amount],
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

  it('that it ended unpaid, once nothing can take money any more', () => {
    const { closing } = attemptsBy(SECOND);
    const last: Payment = { ...payments.closing, attempts: [closing] };
    expect(told(last, news['attempt.closed'])).toMatchObject([
      { type: 'payment.attempt_closed' },
      { ...shared, type: 'payment.closed', amount: terms.amount, reason: 'cancelled' },
    ]);
    expect(told(payments.closing, newsOf(FIRST)['attempt.failed'])).toMatchObject([
      { type: 'payment.attempt_failed' },
    ]);
    const closed = close(payments.requested, 'expired');
    expect(closed.ok && outcomesOf(payments.requested, closed.value, HEARD)).toEqual([
      {
        ...shared,
        type: 'payment.closed',
        amount: terms.amount,
        reason: 'expired',
        occurredAt: HEARD,
      },
    ]);
  });

  describe('of refunds', () => {
    const paid: Payment = { ...payments.paid, refunds: [refundsBy(REFUND).requested] };
    const back = { refundId: REFUND, amount: terms.amount };

    it('that they succeeded, when the provider says, or failed, and why', () => {
      expect(told(paid, refundNewsOf(REFUND)['refund.succeeded'])).toEqual([
        {
          ...about,
          ...back,
          attempt: { ...about.attempt, attemptId: FIRST },
          type: 'payment.refunded',
          providerRef: 'refund-money',
          occurredAt: NOW,
        },
      ]);
      expect(told(paid, refundNewsOf(REFUND)['refund.failed'])).toMatchObject([
        { ...back, type: 'payment.refund_failed', reason: 'rejected', occurredAt: HEARD },
      ]);
      expect(told(paid, refundNewsOf(REFUND)['refund.pending'])).toEqual([]);
    });

    it('of surplus that it is back, and nothing of a refused try: another follows', () => {
      const { refunding } = surplusBy();
      const both: Payment = { ...payments.paid, surplus: [refunding] };
      const reports = refundNewsOf(REFUND, { attempt: SECOND });
      expect(told(both, reports['refund.succeeded'])).toEqual([
        {
          ...about,
          ...back,
          type: 'payment.surplus_refunded',
          providerRef: 'refund-money',
          occurredAt: NOW,
        },
      ]);
      expect(told(both, reports['refund.failed'])).toEqual([]);
    });
  });
});
