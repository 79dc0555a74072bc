import type { Clock } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import type { AttemptEvent } from './attempt-state.js';
import type { Attempts, Leased } from './attempts.repository.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import type { GatewayPort, Prepared } from './gateway-port.js';
import { settled } from './next-work.js';

export type ProviderCalls = Readonly<{
  adapter: GatewayPort;
  attempts: Attempts;
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
}>;

/** Does what is due for an attempt: one call of the provider at most, under the lease that the caller holds. */
export async function doDueWork(calls: ProviderCalls, leased: Leased): Promise<void> {
  const { attempts, logger } = calls;
  const event = leased.due === 'submit' ? await submit(calls, leased) : await query(calls, leased);
  if (event === undefined) return;
  const kept = await attempts.record(leased, event);
  const { attemptId, account } = leased.attempt;
  if (!kept) logger.warn('answer came after the lease', { attemptId, account });
}

/** Prepared, stored, sent, in this order. The same bytes again if they may have been sent before. */
async function submit(calls: ProviderCalls, leased: Leased): Promise<AttemptEvent | undefined> {
  const { adapter, attempts, clock } = calls;
  const { attempt, state } = leased;
  const now = clock.now();
  if (now >= attempt.notAfter) {
    return state.status === 'requested' ? { type: 'too_late' } : query(calls, leased);
  }
  const made = leased.prepared ?? adapter.prepare(attempt, now);
  if ('ok' in made && !made.ok) {
    const { attemptId, account } = attempt;
    calls.logger.error('attempt cannot be prepared', {
      attemptId,
      account,
      code: made.refusal.code,
    });
    return { type: 'unpreparable', refusal: made.refusal.code };
  }
  const prepared = 'ok' in made ? made.value : made;
  if (!(await attempts.begin(leased, prepared))) return undefined;
  const report = await timed(calls, prepared, 'submit', () => adapter.submit(prepared));
  return { type: 'submit_answered', report: report ?? { kind: 'unknown', cause: 'gateway_fault' } };
}

async function query(calls: ProviderCalls, leased: Leased): Promise<AttemptEvent | undefined> {
  const { prepared, attempt } = leased;
  // Nothing was ever sent, so there is nothing to ask for; `askNow` and the claims keep to that.
  if (prepared === undefined) throw new Error(`query of an order never sent: ${attempt.attemptId}`);
  const report = await timed(calls, prepared, 'query', () => calls.adapter.query(prepared));
  return {
    type: 'query_answered',
    report: settled(report ?? { kind: 'unknown', cause: 'gateway_fault' }, {
      now: calls.clock.now(),
      expiresAt: prepared.expiresAt,
    }),
  };
}

/** @returns undefined after a fault of our own: what it left behind is not known. */
async function timed<R extends Readonly<{ kind: string }>>(
  { logger, metrics }: ProviderCalls,
  { account, attemptId }: Prepared,
  call: 'submit' | 'query',
  run: () => Promise<R>,
): Promise<R | undefined> {
  const started = performance.now();
  let result = 'fault';
  try {
    const report = await run();
    result = report.kind;
    return report;
  } catch (fault) {
    logger.error('provider call failed', { attemptId, account, step: call }, fault);
    return undefined;
  } finally {
    const durationMs = Math.round(performance.now() - started);
    metrics.calls.observe({ account, call, result }, durationMs / 1_000);
    logger.info('provider was asked', {
      attemptId,
      account,
      step: call,
      status: result,
      durationMs,
    });
  }
}
