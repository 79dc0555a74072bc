const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** After the first, second, … failure; after the last of them always so long. */
export const DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  12 * HOUR_MS,
];

/** How long after it was queued a webhook is given up. */
export const TRIED_FOR_MS = 30 * DAY_MS;

/** Each delay is stretched by up to this share, so that what failed together is not tried together. */
const SPREAD = 0.2;

export type FailedTry = Readonly<{
  /** How often it was tried, this time included: 1 or more. */
  tries: number;
  /** When it was queued, or queued again by a replay. */
  queuedAt: Date;
  now: Date;
  /** From 0 up to 1, of any source. */
  chance: number;
}>;

/**
 * When a webhook that failed is tried again; undefined if it is given up. The last try comes when the
 * thirty days are over, so that whoever repairs a receiver on the last day still gets everything.
 */
export function nextTry(
  { tries, queuedAt, now, chance }: FailedTry,
  delaysMs: readonly number[] = DELAYS_MS,
): Date | undefined {
  const endsMs = queuedAt.getTime() + TRIED_FOR_MS;
  if (now.getTime() >= endsMs) return undefined;
  const delayMs = delaysMs[Math.min(tries, delaysMs.length) - 1] ?? 0;
  return new Date(Math.min(endsMs, now.getTime() + delayMs * (1 + SPREAD * chance)));
}
