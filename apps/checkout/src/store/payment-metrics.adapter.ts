import type { Metrics } from '@hutong/telemetry';
import type { Payment } from '../payment/payment.js';
import type { OnChange } from './payment.repository.js';

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
  return (before, after) => {
    if (before?.status !== after.status) payments.inc({ status: after.status });
    const known = partsOf(before);
    const now = partsOf(after);
    for (const { id, method, status } of now.attempts) {
      if (known.attempts.some((a) => a.id === id && a.status === status)) continue;
      attempts.inc({ provider: method.provider, status });
    }
    for (const { provider, reason } of now.surplus.slice(known.surplus.length)) {
      surplus.inc({ provider, reason });
    }
  };
}

const partsOf = (p: Payment | undefined) =>
  p === undefined || p.status === 'requested' ? { attempts: [], surplus: [] } : p;
