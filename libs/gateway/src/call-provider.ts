import type { Logger } from '@hutong/telemetry';
import type { GatewayMetrics } from './gateway-metrics.js';

/** Who is told of each call. */
export type Watched = Readonly<{ logger: Logger; metrics: GatewayMetrics }>;

/** Ids of ours, nothing of the provider's or the payer's. */
export type Subject = Readonly<{ account: string; attemptId: string; refundId?: string }>;

export type CallName = 'close' | 'query' | 'submit' | 'refund' | 'query_refund';

/** One call of the provider, counted and logged. @returns undefined after a fault of our own: what it left behind is not known. */
export async function callProvider<R extends Readonly<{ kind: string }>>(
  { logger, metrics }: Watched,
  { account, attemptId, refundId }: Subject,
  call: CallName,
  run: () => Promise<R>,
): Promise<R | undefined> {
  const about = { attemptId, account, step: call, ...(refundId !== undefined && { refundId }) };
  const started = performance.now();
  let result = 'fault';
  try {
    const report = await run();
    result = report.kind;
    return report;
  } catch (fault) {
    logger.error('provider call failed', about, fault);
    return undefined;
  } finally {
    const durationMs = Math.round(performance.now() - started);
    metrics.calls.observe({ account, call, result }, durationMs / 1_000);
    logger.info('provider was asked', { ...about, status: result, durationMs });
  }
}
