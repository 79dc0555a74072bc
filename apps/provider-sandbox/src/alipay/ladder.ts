const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Gaps after the first notification, each counted from the end of the try before: 7, 24 h 24 min. */
export const LADDER_MS: readonly number[] = [
  4 * MINUTE,
  10 * MINUTE,
  10 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  15 * HOUR,
];

/** How long to wait after `tries` tries that were not accepted; `undefined` once it gives up. */
export const gapAfter = (tries: number): number | undefined => LADDER_MS[tries - 1];

/** 200 and exactly `success`: not `SUCCESS`, not a line end more. */
export const isAccepted = (status: number, body: string): boolean =>
  status === 200 && body === 'success';
