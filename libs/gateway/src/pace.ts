import type { Account } from './accounts.js';
import type { Slots } from './attempts.repository.js';

/** How much of each account this process uses: calls at a time, and calls a second. */
export class Pace {
  private readonly inFlight = new Map<string, number>();
  private readonly buckets = new Map<string, Bucket>();

  /** @param nowMs of a clock that only goes forward. */
  constructor(private readonly nowMs: () => number) {}

  /** What may be started now, per account; accounts that may start nothing are left out. */
  slots(accounts: readonly Account[]): Slots {
    const free = accounts.map((account) => {
      const atOnce = account.concurrency - (this.inFlight.get(account.account) ?? 0);
      return [account.account, Math.min(atOnce, Math.floor(this.bucketOf(account).level))] as const;
    });
    return new Map(free.filter(([, count]) => count > 0));
  }

  /** One call of this account begins. */
  started(account: string): void {
    this.inFlight.set(account, (this.inFlight.get(account) ?? 0) + 1);
    const bucket = this.buckets.get(account);
    if (bucket !== undefined) bucket.level -= 1;
  }

  /** One call of this account is over. */
  ended(account: string): void {
    this.inFlight.set(account, Math.max(0, (this.inFlight.get(account) ?? 0) - 1));
  }

  /** Filled by time, up to one second's worth. */
  private bucketOf({ account, requestsPerSecond }: Account): Bucket {
    const now = this.nowMs();
    const bucket = this.buckets.get(account) ?? { level: requestsPerSecond, atMs: now };
    const grown = bucket.level + ((now - bucket.atMs) / 1_000) * requestsPerSecond;
    const filled = { level: Math.min(Math.max(1, requestsPerSecond), grown), atMs: now };
    this.buckets.set(account, filled);
    return filled;
  }
}

type Bucket = { level: number; readonly atMs: number };
