import { describe, expect, it } from '@jest/globals';
import { refundId } from '@hutong/domain-events';
import { money, type Money } from '@hutong/money';
import type { Payment, WonPayment } from './payment.js';
import {
  attemptsBy,
  FIRST,
  NOW,
  PAYMENT,
  paymentsBy,
  REFUND,
  refundsBy,
  SECOND,
} from './payment.examples.js';
import { MAX_REFUNDS, requestRefund } from './request-refund.js';
import { requestsOf } from './requests.js';

const payments = paymentsBy(attemptsBy(SECOND).failed);
const NEXT = refundId('01HFZ00000000000000000000T');
const fen = (minor: bigint): Money => money(minor, 'CNY');
const asking = (p: Payment, amount: Money) =>
  requestRefund(p, { refundId: NEXT, amount, why: 'a cup is broken', now: NOW });
const answer = (p: Payment, amount = fen(100n)) => {
  const asked = asking(p, amount);
  return asked.ok ? asked.value.payment.status : asked.refusal.code;
};

describe('asking for money back', () => {
  it.each<{ status: Payment['status']; expected: string }>`
    status               | expected
    ${'requested'}       | ${'not_paid'}
    ${'offered'}         | ${'not_paid'}
    ${'paying'}          | ${'not_paid'}
    ${'not_offered'}     | ${'not_paid'}
    ${'closing'}         | ${'not_paid'}
    ${'closed'}          | ${'not_paid'}
    ${'paid'}            | ${'paid'}
    ${'partly_refunded'} | ${'partly_refunded'}
    ${'refunded'}        | ${'exceeds_refundable'}
  `('of a payment that is $status: $expected', ({ status, expected }) => {
    expect(answer(payments[status])).toBe(expected);
  });

  it.each([
    ['all', fen(12_800n), 'paid'],
    ['a fen more', fen(12_801n), 'exceeds_refundable'],
    ['nothing', fen(0n), 'amount_not_positive'],
    ['dollars', money(100n, 'USD'), 'other_currency'],
  ])('for %s', (_, amount, expected) => {
    expect(answer(payments.paid, amount)).toBe(expected);
  });

  const after = (status: keyof ReturnType<typeof refundsBy>): WonPayment => ({
    ...payments.paid,
    refunds: [refundsBy(REFUND, fen(4_800n))[status]],
  });

  it.each(['requested', 'pending', 'succeeded'] as const)(
    'counts what is %s as gone, and says what is left',
    (status) => {
      expect(answer(after(status), fen(8_000n))).toBe('paid');
      expect(asking(after(status), fen(8_001n))).toEqual({
        ok: false,
        refusal: { code: 'exceeds_refundable', left: fen(8_000n) },
      });
    },
  );

  it('does not count what failed', () => {
    expect(answer(after('failed'), fen(12_800n))).toBe('paid');
  });

  it('has nothing left where a refund that failed went back after all', () => {
    const both: WonPayment = {
      ...payments.paid,
      refunds: [refundsBy(REFUND).succeeded, refundsBy(NEXT).requested],
    };
    expect(asking(both, fen(1n))).toMatchObject({ refusal: { left: fen(0n) } });
  });

  it(`is refused after ${MAX_REFUNDS}`, () => {
    const asked = (count: number): WonPayment => ({
      ...payments.paid,
      refunds: Array.from({ length: count }, () => refundsBy(REFUND, fen(1n)).failed),
    });
    expect(answer(asked(MAX_REFUNDS - 1))).toBe('paid');
    expect(answer(asked(MAX_REFUNDS))).toBe('too_many_refunds');
  });

  it('asks the provider that took the money', () => {
    const asked = asking(payments.paid, fen(100n));
    expect(asked.ok && requestsOf(payments.paid, asked.value.payment)).toEqual([
      {
        type: 'payment.refund_requested',
        paymentId: PAYMENT,
        refundId: NEXT,
        attemptId: FIRST,
        provider: 'wechat',
        amount: fen(100n),
        reason: 'a cup is broken',
      },
    ]);
  });
});
