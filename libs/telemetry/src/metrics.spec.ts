import { expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

it('exposes what was counted, set and observed, each with the name of the service', async () => {
  const metrics = new Metrics('spec');
  metrics.counter('hutong_spec_total', 'Counted.', ['status']).inc({ status: 'paid' }, 2);
  metrics.gauge('hutong_spec_waiters', 'Set.').set(3);
  metrics.histogram('hutong_spec_seconds', 'Observed.', ['route']).observe({ route: '/' }, 0.2);
  metrics.histogram('hutong_spec_bytes', 'Observed.', [], [10, 20]).observe(15);

  const text = await metrics.exposition();

  expect(metrics.contentType).toContain('text/plain');
  expect(text).toContain('# HELP hutong_spec_total Counted.');
  expect(text).toContain('# TYPE hutong_spec_total counter');
  expect(text).toContain('hutong_spec_total{status="paid",service="spec"} 2');
  expect(text).toContain('hutong_spec_waiters{service="spec"} 3');
  expect(text).toContain('hutong_spec_seconds_bucket{le="0.25",service="spec",route="/"} 1');
  expect(text).toContain('hutong_spec_seconds_bucket{le="0.1",service="spec",route="/"} 0');
  expect(text).toContain('hutong_spec_bytes_bucket{le="20",service="spec"} 1');
});

it('has those of the process from the start', async () => {
  const text = await new Metrics('spec').exposition();
  expect(text).toMatch(/^process_resident_memory_bytes\{service="spec"\} \d+/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds\{service="spec"\} /m);
});

it('keeps services apart, and refuses a name that is taken', () => {
  const [one, other] = [new Metrics('one'), new Metrics('other')];
  one.counter('hutong_spec_total', 'Counted.');
  other.counter('hutong_spec_total', 'Counted.');
  expect(() => one.counter('hutong_spec_total', 'Counted.')).toThrow(/already been registered/);
});
