import type { Metrics } from '@hutong/telemetry';

/** The metrics of one gateway. Accounts by their names in the registry: a closed set. */
export const gatewayMetrics = (metrics: Metrics) => ({
  calls: metrics.histogram(
    'hutong_gateway_call_duration_seconds',
    'Calls of the provider, by what their answers came to.',
    ['account', 'call', 'result'],
  ),
  reports: metrics.counter('hutong_gateway_reports_total', 'Reports announced, by event type.', [
    'type',
  ]),
  notifications: metrics.counter(
    'hutong_gateway_notifications_total',
    'Notifications, by what they turned out to be.',
    ['account', 'result'],
  ),
  quarantined: metrics.counter(
    'hutong_gateway_quarantined_total',
    'What the provider verifiably said and does not agree with our books.',
    ['account', 'reason'],
  ),
});

export type GatewayMetrics = ReturnType<typeof gatewayMetrics>;
