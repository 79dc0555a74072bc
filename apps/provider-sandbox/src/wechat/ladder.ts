const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Gaps after the first notification, each counted from the end of the try before: 15, 24 h 4 min. */
export const LADDER_MS: readonly number[] = [
  15 * SECOND,
  15 * SECOND,
  30 * SECOND,
  3 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  30 * MINUTE,
  30 * MINUTE,
  60 * MINUTE,
  3 * HOUR,
  3 * HOUR,
  3 * HOUR,
  6 * HOUR,
  6 * HOUR,
];

/** How long to wait after `tries` tries that were not accepted; `undefined` once it gives up. */
export const gapAfter = (tries: number): number | undefined => LADDER_MS[tries - 1];

/** WeChat looks at the status alone: 200 with a body that says FAIL is accepted. */
export const isAccepted = (status: number): boolean => status === 200 || status === 204;
