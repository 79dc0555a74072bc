import type { Metrics } from '@hutong/telemetry';
import type { BookingObserver } from './books.repository.js';

/**
 * Counts what was booked. Amounts are floating-point here, exact up to 2^53 minor units, and start at
 * zero with each process: the truth is in the log.
 */
export function countingBookings(metrics: Metrics): BookingObserver {
  const events = metrics.counter('ledger_ingest_events_total', 'Outcomes written to the log.');
  const duplicates = metrics.counter(
    'ledger_ingest_duplicates_total',
    'Outcomes told again that the log held already.',
  );
  const processed = metrics.counter(
    'payments_processed_total',
    'Outcomes of payments, by what became of them. A payment that closed names no provider.',
    ['provider', 'platform', 'outcome'],
  );
  const amount = metrics.counter('payments_amount_minor_units_total', 'Gross of what was paid.', [
    'provider',
    'platform',
    'currency',
  ]);
  const fee = metrics.counter(
    'payments_fee_minor_units_total',
    'Fee of what was paid, at contract rates.',
    ['provider', 'platform', 'currency'],
  );
  const booked: BookingObserver['booked'] = (outcome, entry) => {
    const provider = outcome.type === 'payment.closed' ? 'none' : outcome.attempt.provider;
    const { platform } = outcome.payment;
    events.inc();
    processed.inc({ provider, platform, outcome: outcome.type });
    if (outcome.type !== 'payment.paid' || entry === undefined) return;
    const { currency } = entry.gross;
    amount.inc({ provider, platform, currency }, Number(entry.gross.minor));
    fee.inc({ provider, platform, currency }, Number(entry.fee.minor));
  };
  return { booked, duplicate: () => duplicates.inc() };
}
