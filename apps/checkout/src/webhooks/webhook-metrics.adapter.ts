import type { Metrics } from '@hutong/telemetry';
import type { Answered } from './delivery.js';
import type { Settled } from './due-webhooks.repository.js';

/** An endpoint is no label: platforms make as many as they like. */
export function countingWebhooks(metrics: Metrics) {
  const sent = metrics.counter(
    'hutong_checkout_webhooks_total',
    'Times that a webhook was sent, by what came of it.',
    ['type', 'result', 'answer'],
  );
  const underWay = metrics.gauge('hutong_checkout_webhooks_under_way', 'Webhooks being sent.');
  return {
    began: () => underWay.inc(),
    ended: () => underWay.dec(),
    settled: (type: string, result: Settled, answer: Answered) => {
      const heard = 'fault' in answer ? answer.fault : `${Math.floor(answer.status / 100)}xx`;
      sent.inc({ type, result, answer: heard });
    },
  };
}
