import type { Metrics } from '@hutong/telemetry';

/** The metrics of one service's outbox. */
export const relayMetrics = (metrics: Metrics) => ({
  sent: metrics.counter('hutong_outbox_sent_total', 'Records that the broker acknowledged.', [
    'topic',
  ]),
  failures: metrics.counter(
    'hutong_outbox_failures_total',
    'Turns of the relay that ended without an acknowledgement.',
  ),
  rows: metrics.gauge('hutong_outbox_rows', 'Rows that wait to be sent, counted up to 100 000.'),
  oldest: metrics.gauge(
    'hutong_outbox_oldest_row_age_seconds',
    'How long the oldest row has waited to be sent.',
  ),
});

export type RelayMetrics = ReturnType<typeof relayMetrics>;
