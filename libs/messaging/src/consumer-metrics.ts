import type { Metrics } from '@hutong/telemetry';

/** What became of a delivered event; `skipped` is a type that nobody here hears. */
export type Outcome = 'done' | 'skipped' | 'parked' | 'queued' | 'key_parked' | 'retried';

/** The metrics of one service's consumer. */
export const consumerMetrics = (metrics: Metrics) => ({
  outcomes: metrics.counter(
    'hutong_consumer_events_total',
    'Records delivered to this service, by what became of them; a retry counts by itself.',
    ['topic', 'type', 'outcome'],
  ),
  seconds: metrics.histogram(
    'hutong_consumer_handling_seconds',
    'One call of a handler, its transaction included.',
    ['topic', 'type'],
  ),
  lag: metrics.gauge(
    'hutong_consumer_lag_records',
    'Records behind the end of a partition when its last batch ended.',
    ['topic', 'partition'],
  ),
  parkedKeys: metrics.gauge(
    'hutong_consumer_parked_keys',
    'Keys in transient trouble, whose events wait in a queue.',
  ),
  joined: metrics.gauge(
    'hutong_consumer_joined',
    '1 while this instance is a member of its group.',
  ),
  heartbeatAge: metrics.gauge(
    'hutong_consumer_heartbeat_age_seconds',
    'Since the last heartbeat that the broker answered.',
  ),
  fetchAge: metrics.gauge(
    'hutong_consumer_fetch_age_seconds',
    'Since the last fetch that the broker answered.',
  ),
});

export type ConsumerMetrics = ReturnType<typeof consumerMetrics>;
