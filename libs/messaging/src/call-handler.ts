import type { ConsumerMetrics } from './consumer-metrics.js';
import type { Disposition } from './disposition.js';
import { answerOf, type Handler } from './handlers.js';
import type { Received } from './received.js';

/** What one call of a handler came to. A fault is a value here: kafkajs must never see it. */
export type Answer = Disposition | Readonly<{ kind: 'failed'; fault: unknown }>;

/** Calls the handler once. */
export async function callHandler(
  handler: Handler,
  received: Received,
  metrics: ConsumerMetrics,
): Promise<Answer> {
  const stop = metrics.seconds.startTimer({ topic: received.topic, type: received.event.type });
  try {
    return await answerOf(handler, received);
  } catch (fault) {
    return { kind: 'failed', fault };
  } finally {
    stop();
  }
}
