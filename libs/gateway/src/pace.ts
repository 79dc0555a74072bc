import type { Account } from './accounts.js';

type Limits = Pick<Account, 'requestsPerSecond' | 'concurrency'>;

/** What is in use of an account. */
export type Use = Readonly<{
  /** So far ahead of now all calls begun are spread at the account's rate; zero or less at rest. */
  aheadMs: number;
  /** Calls under way, in this process and in all others. */
  calls: number;
}>;

/** So much of a second's calls may begin in one moment: passes of a worker are rarer than calls. */
const AT_ONCE_PER_SECOND = 0.1;
/** Below the rounding of a fraction of milliseconds on its way through the database. */
const ROUNDING = 1e-6;

/** How long a call has its account's rate to itself. */
export const spacingMs = ({ requestsPerSecond }: Limits): number => 1_000 / requestsPerSecond;

/**
 * How many calls may begin now: in any `t` seconds at most a tenth of a second's worth (at least one)
 * and `t` times the rate begin, and never more are under way than the account takes at once.
 */
export function roomFor(limits: Limits, { aheadMs, calls }: Use): number {
  const byRate = Math.floor(slackMs(limits, aheadMs) / spacingMs(limits) + ROUNDING) + 1;
  return Math.max(0, Math.min(byRate, limits.concurrency - calls));
}

/** After how long the rate lets one more begin; zero if it does now. */
export const nextRoomMs = (limits: Limits, aheadMs: number): number =>
  Math.max(0, -slackMs(limits, aheadMs));

/** How much more time may be spoken for before the rate lets nothing begin. */
function slackMs(limits: Limits, aheadMs: number): number {
  const atOnce = Math.max(1, Math.floor(limits.requestsPerSecond * AT_ONCE_PER_SECOND));
  return (atOnce - 1) * spacingMs(limits) - Math.max(0, aheadMs);
}
