const MINUTE_MS = 60_000;

/** Gaps after the first of five sends: twelve minutes in all, then nothing ever again. */
export const LADDER_MS: readonly number[] = [1, 2, 4, 5].map((minutes) => minutes * MINUTE_MS);

/** How long to wait after `tries` sends that were not accepted; `undefined` once it gives up. */
export const gapAfter = (tries: number): number | undefined => LADDER_MS[tries - 1];

/** UnionPay looks at the status alone, whatever the body says. */
export const isAccepted = (status: number): boolean => status === 200;
