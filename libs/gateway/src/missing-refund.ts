import { stepAfter, type Gaps } from './asking-plan.js';
import type { RefundEvent } from './refund-state.js';

/** Answers in a row that there is no such refund, although none can arrive any more. */
export type Missing = Readonly<{ since: Date; times: number }>;

/** What was heard, as far as it is believed, and when it is asked again if that is not yet enough. */
export type Heard = Readonly<{
  event: RefundEvent;
  missing: Missing | undefined;
  askAt: Date | undefined;
}>;

const SECOND_MS = 1_000;
const STEPS: Gaps = [SECOND_MS, 2_000, 4_000, 8_000, 16_000, 32_000];
const LONG_ENOUGH_MS = STEPS.reduce((sum, gapMs) => sum + gapMs);

/**
 * One answer that a refund is not there decides nothing: the first one behind an outage comes from a
 * provider that may still be finding its books, and whoever takes the refund for failed makes another.
 * Believed once it was said at all steps, over a minute, and nothing else was said between.
 */
export function hearMissing(before: Missing | undefined, event: RefundEvent, now: Date): Heard {
  if (event.type !== 'query_answered' || event.report.kind !== 'missing') {
    return { event, missing: undefined, askAt: undefined };
  }
  const missing = { since: before?.since ?? now, times: (before?.times ?? 0) + 1 };
  const isLong = now.getTime() - missing.since.getTime() >= LONG_ENOUGH_MS;
  if (isLong && missing.times > STEPS.length) {
    const failed = { kind: 'failed', reason: 'not_submitted' } as const;
    return { event: { ...event, report: failed }, missing, askAt: undefined };
  }
  const report = { kind: 'unknown', cause: event.report.cause } as const;
  return { event: { ...event, report }, missing, askAt: stepAfter(missing.since, now, STEPS) };
}
