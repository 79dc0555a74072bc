import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './accounts.js';

export type BacklogParts = Readonly<{
  accounts: Readonly<{ all: () => readonly Account[] }>;
  /** How many submits wait; counts no further than `enough`. */
  waiting: (enough: number) => Promise<number>;
  /** Of a clock that only goes forward. */
  nowMs: () => number;
  timing?: Partial<BacklogTiming>;
}>;

export type BacklogTiming = Readonly<{
  /** So much of its own rate may wait before a process takes no more. */
  boundMs: number;
  /** A count is believed so long. */
  countedMs: number;
  lookEveryMs: number;
  /** Well below what a rebalance allows; after that the command is taken all the same. */
  patienceMs: number;
}>;

export const BACKLOG_TIMING: BacklogTiming = {
  boundMs: 2_000,
  countedMs: 250,
  lookEveryMs: 100,
  patienceMs: 10_000,
};

/**
 * Keeps commands in Kafka while more submits wait than this process sends in two seconds, so that
 * overload is seen as lag. A command is held at most `patienceMs`, since a rebalance waits for it: a
 * stalled provider lets a trickle through, and each of those ends at its `notAfter`.
 */
export class Backlog {
  private readonly stopping = new AbortController();
  private readonly timing: BacklogTiming;
  private room = 0;
  private countedAtMs = -Infinity;

  constructor(private readonly o: BacklogParts) {
    this.timing = { ...BACKLOG_TIMING, ...o.timing };
  }

  /** Until one more may be taken. @throws DOMException if the process stops meanwhile: it is delivered again. */
  async admit(): Promise<void> {
    const { lookEveryMs, patienceMs } = this.timing;
    const { signal } = this.stopping;
    const since = this.o.nowMs();
    while (!(await this.hasRoom()) && this.o.nowMs() - since < patienceMs) {
      await pause(lookEveryMs, undefined, { signal });
    }
    this.room -= 1;
  }

  /** Nothing is held any more; what was, is given back. */
  stop(): void {
    this.stopping.abort();
  }

  private async hasRoom(): Promise<boolean> {
    const nowMs = this.o.nowMs();
    if (this.room < 1 || nowMs - this.countedAtMs > this.timing.countedMs) {
      const bound = this.bound();
      this.room = bound - (await this.o.waiting(bound));
      this.countedAtMs = nowMs;
    }
    return this.room >= 1;
  }

  private bound(): number {
    const perSecond = this.o.accounts
      .all()
      .reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
    return Math.max(1, Math.ceil((perSecond * this.timing.boundMs) / 1_000));
  }
}
