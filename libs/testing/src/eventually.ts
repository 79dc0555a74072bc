import { setTimeout as pause } from 'node:timers/promises';

export type EventuallyOptions = Readonly<{
  /** Give up after this long; 10 s where nothing is said. */
  withinMs?: number;
  /** What is waited for, in the words of the error: `payment to be paid`. */
  what?: string;
}>;

const EVERY_MS = 25;

/**
 * Looks again and again until there is something to see, and answers it. What `look` throws counts as
 * nothing yet; the last of it is the `cause` of giving up.
 * @param look answers `undefined` or `false` for nothing yet.
 * @throws Error naming what was waited for, how long, and how often it was looked for.
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs = 10_000, what = 'what was looked for' }: EventuallyOptions = {},
): Promise<T> {
  const started = performance.now();
  let cause: unknown;
  for (let looks = 1; ; looks += 1) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      cause = undefined;
    } catch (fault) {
      cause = fault;
    }
    if (performance.now() - started >= withinMs) {
      const why = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(
        `waited ${withinMs} ms for ${what}, looked ${looks} times${why}`,
        cause === undefined ? undefined : { cause },
      );
    }
    await pause(EVERY_MS);
  }
}
