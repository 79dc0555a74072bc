import type { Account } from './accounts.js';

export type BacklogParts = Readonly<{
  /** How many submits of an account wait; counts no further than `enough`. */
  waiting: (account: string, enough: number) => Promise<number>;
  /** Of a clock that only goes forward. */
  nowMs: () => number;
}>;

/** So much of an account's rate may wait before no more of its commands are taken. */
const BOUND_MS = 2_000;
/** A count is believed so long. */
const COUNTED_MS = 250;
/** A held command keeps what lies behind its batch from being fetched: after that it is taken all the same. */
const PATIENCE_MS = 10_000;

type Counted = { room: number; readonly atMs: number };

/**
 * Keeps an account's new orders in Kafka while more of them wait than it sends in two seconds, so that
 * overload is seen as lag, and holds nobody else's back. A stalled provider lets a batch through every ten
 * seconds, and each of those orders ends at its `notAfter`.
 */
export class Backlog {
  private readonly counted = new Map<string, Counted>();

  constructor(private readonly o: BacklogParts) {}

  /** Whether one more order of this account is taken. @param heldMs how long it has been held back so far. */
  async takes({ account, requestsPerSecond }: Account, heldMs: number): Promise<boolean> {
    if (heldMs >= PATIENCE_MS) return true;
    const bound = Math.max(1, Math.ceil((requestsPerSecond * BOUND_MS) / 1_000));
    const nowMs = this.o.nowMs();
    const last = this.counted.get(account);
    const known =
      last !== undefined && nowMs - last.atMs <= COUNTED_MS
        ? last
        : { room: bound - (await this.o.waiting(account, bound)), atMs: nowMs };
    this.counted.set(account, known);
    if (known.room < 1) return false;
    known.room -= 1;
    return true;
  }
}
