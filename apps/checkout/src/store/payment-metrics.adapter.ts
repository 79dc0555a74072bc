import type { Metrics } from '@hutong/telemetry';
import { belongingsOf } from '../payment/payment.js';
import { sameMoney } from '../payment/receipt.js';
import type { Refund } from '../payment/refund.js';
import type { OnChange } from './steps.repository.js';

/** Counts what payments, attempts and money have become. */
export function countingChanges(metrics: Metrics): OnChange {
  const payments = metrics.counter(
    'hutong_checkout_payments_total',
    'Payments that came into a status.',
    ['status'],
  );
  const attempts = metrics.counter(
    'hutong_checkout_attempts_total',
    'Attempts that came into a status.',
    ['provider', 'status'],
  );
  const surplus = metrics.counter(
    'hutong_checkout_surplus_total',
    "Times that money was taken which is not a payment's.",
    ['provider', 'reason'],
  );
  const refunds = metrics.counter(
    'hutong_checkout_refunds_total',
    'Refunds that came into a status.',
    ['of', 'provider', 'status'],
  );
  return (before, after) => {
    if (before?.status !== after.status) payments.inc({ status: after.status });
    const known = belongingsOf(before);
    const now = belongingsOf(after);
    for (const { id, method, status } of now.attempts) {
      if (known.attempts.some((a) => a.id === id && a.status === status)) continue;
      attempts.inc({ provider: method.provider, status });
    }
    for (const money of now.surplus) {
      if (known.surplus.some((other) => sameMoney(money, other))) continue;
      surplus.inc({ provider: money.provider, reason: money.reason });
    }
    const refundsBefore = new Set([...known.refunds, ...known.surplus.flatMap((s) => s.refunds)]);
    const count = (of: 'payment' | 'surplus', provider: string, all: readonly Refund[]) => {
      for (const refund of all) {
        if (!refundsBefore.has(refund)) refunds.inc({ of, provider, status: refund.status });
      }
    };
    if (now.receipt !== undefined) count('payment', now.receipt.provider, now.refunds);
    for (const money of now.surplus) count('surplus', money.provider, money.refunds);
  };
}
