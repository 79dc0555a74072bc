import type { Method } from '@hutong/domain-events';

/** Between two questions, in milliseconds; the last one repeats. */
export type Gaps = readonly [number, ...number[]];

/** When a provider is asked about what it does not tell by itself. */
export type AskingPlan = Readonly<{
  /** Of an order about which nothing is heard, from its sending on and anew from its end. */
  ofOrder: (method: Method) => Gaps;
  /** Of a sending that may or may not have arrived, from the first one on; else half of its age more. */
  inDoubt?: Gaps | undefined;
  /** Of a refund that is not over, from its sending on; else half of its age more. */
  ofRefund?: Gaps | undefined;
  /**
   * Of an order that has ended without money, each so long after its end, in milliseconds and ascending: of
   * a provider that lets payers come late and need not tell of it. Else an end is not asked about again.
   */
  afterEnd?: readonly number[] | undefined;
}>;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const USUAL_GAPS: Gaps = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  3 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
];

/** Of a provider that tells of payments and refunds, so that asking is for what got lost. */
export const USUAL_PLAN: AskingPlan = { ofOrder: () => USUAL_GAPS };

/** The first step of the plan after `now`: by age alone, so that a restart changes nothing. */
export function stepAfter(since: Date, now: Date, gaps: Gaps): Date {
  let step = since.getTime();
  let lastMs = gaps[0];
  for (const gapMs of gaps) {
    step += gapMs;
    if (step > now.getTime()) return new Date(step);
    lastMs = gapMs;
  }
  const missed = Math.floor((now.getTime() - step) / lastMs) + 1;
  return new Date(step + missed * lastMs);
}
