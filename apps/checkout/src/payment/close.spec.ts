import { describe, expect, it } from '@jest/globals';
import { close } from './close.js';
import type { Payment } from './payment.js';
import { attemptsBy, FIRST, paymentsBy, SECOND } from './payment.examples.js';
import { requestsOf } from './requests.js';

const payments = paymentsBy(attemptsBy(SECOND).awaiting_payer);

describe('closing', () => {
  it.each<{ status: Payment['status']; expected: string }>`
    status               | expected
    ${'requested'}       | ${'closed'}
    ${'offered'}         | ${'closed'}
    ${'paying'}          | ${'closing'}
    ${'not_offered'}     | ${'the same'}
    ${'closing'}         | ${'the same'}
    ${'closed'}          | ${'the same'}
    ${'paid'}            | ${'already_paid'}
    ${'partly_refunded'} | ${'already_paid'}
    ${'refunded'}        | ${'already_paid'}
  `('of a payment that is $status: $expected', ({ status, expected }) => {
    const before = payments[status];
    const closed = close(before, 'cancelled');
    const after = closed.ok ? closed.value.status : closed.refusal.code;
    expect(closed.ok && closed.value === before ? 'the same' : after).toBe(expected);
  });

  it('asks every provider that may still take money, once', () => {
    const closed = close(payments.paying, 'expired');
    expect(closed).toMatchObject({ ok: true, value: { status: 'closing', reason: 'expired' } });
    if (!closed.ok) return;
    expect(requestsOf(payments.paying, closed.value)).toEqual([
      {
        type: 'payment.close_requested',
        paymentId: payments.paying.id,
        attempts: [FIRST, SECOND],
        reason: 'expired',
      },
    ]);
    expect(requestsOf(closed.value, closed.value)).toEqual([]);
  });

  it('asks nobody where nothing is open', () => {
    const closed = close(payments.requested, 'expired');
    expect(closed.ok && requestsOf(payments.requested, closed.value)).toEqual([]);
  });
});
