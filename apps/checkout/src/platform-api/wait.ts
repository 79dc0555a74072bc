/** Longest that a request may wait for something to happen. */
export const LONGEST_WAIT_SECONDS = 30;
/** How long a POST waits where its sender says nothing. */
export const USUAL_WAIT_SECONDS = 3;

/**
 * The `wait` preference of RFC 7240 in seconds, at most 30; undefined if there is none that can be
 * read: preferences that are not understood are passed over.
 */
export function preferredWait(prefer: string | undefined): number | undefined {
  for (const preference of (prefer ?? '').split(',')) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;.*)?$/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), LONGEST_WAIT_SECONDS);
  }
  return undefined;
}
