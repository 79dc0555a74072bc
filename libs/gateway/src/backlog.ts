import type { Clock } from '@hutong/config';
import type { Account } from './accounts.js';

export type BacklogParts = Readonly<{
  /** How many submits of an account wait; counts no further than `enough`. */
  waiting: (account: string, enough: number) => Promise<number>;
  /** What `notAfter` is told by. */
  clock: Clock;
  /** Of a clock that only goes forward. */
  nowMs: () => number;
}>;

/** A command that asks for room: when its order is of no use any more, and where it waits how long. */
export type Asking = Readonly<{ notAfter: Date; partition: number; heldMs: number }>;

/** `too_late`: with what waits before it, it could not be sent before its `notAfter`; it may as well end now. */
export type Verdict = 'take' | 'hold' | 'too_late';

/** So much of an account's rate may wait before no more of its commands are taken. */
const BOUND_MS = 2_000;
/** And never more than this, however long anything was held: a provider that stalls fills no table. */
const CAP_MS = 2 * BOUND_MS;
/** A count is believed so long. */
const COUNTED_MS = 250;
/** From an order's turn to its being sent, on a busy machine; where little waits, as long as its turn takes. */
const SENDING_MS = 1_000;
/** A partition whose commands found no room for so long is let in once all the same. */
const PATIENCE_MS = 10_000;

type Count = { waiting: number };

/**
 * Keeps an account's new orders in Kafka while more of them wait than it sends in two seconds, so that
 * overload is seen as lag, and holds nobody else's back. Partitions compete for the room that sending
 * makes: one that had none for ten seconds is let in with one order beyond the bound, up to the cap, so
 * that none starves. What would be too late by its turn takes no room: where orders come to wait as long
 * as they live, the table would else be full of those that end before they are sent. Each process counts
 * by itself: what another takes in the same moment comes on top.
 */
export class Backlog {
  private readonly counted = new Map<string, Readonly<{ atMs: number; count: Promise<Count> }>>();
  /** When each partition of an account was last let in for having waited long. */
  private readonly letInMs = new Map<string, number>();

  constructor(private readonly o: BacklogParts) {}

  /** What becomes of one more order of this account. */
  async judge({ account, requestsPerSecond }: Account, asking: Asking): Promise<Verdict> {
    const { notAfter, partition, heldMs } = asking;
    const leftMs = notAfter.getTime() - this.o.clock.now().getTime();
    if (leftMs <= 0) return 'too_late';
    // Held where nothing is kept in Kafka any more: its key has a queue in the database already.
    if (heldMs === Infinity) return 'take';
    const most = (ms: number) => Math.max(1, Math.ceil((requestsPerSecond * ms) / 1_000));
    const known = await this.count(account, most(CAP_MS));
    const turnMs = (known.waiting * 1_000) / requestsPerSecond;
    if (leftMs < turnMs + Math.min(turnMs, SENDING_MS)) return 'too_late';
    const place = `${account}/${partition}`;
    const patient = heldMs >= PATIENCE_MS && this.mayLetIn(place);
    if (known.waiting >= most(patient ? CAP_MS : BOUND_MS)) return 'hold';
    known.waiting += 1;
    if (patient) this.letInMs.set(place, this.o.nowMs());
    return 'take';
  }

  private mayLetIn(place: string): boolean {
    const lastMs = this.letInMs.get(place);
    return lastMs === undefined || this.o.nowMs() - lastMs >= PATIENCE_MS;
  }

  /** Shared by all who ask while it is fresh, also by those who ask before it is there. */
  private count(account: string, enough: number): Promise<Count> {
    const atMs = this.o.nowMs();
    const last = this.counted.get(account);
    if (last !== undefined && atMs - last.atMs <= COUNTED_MS) return last.count;
    const count = this.o.waiting(account, enough).then((waiting): Count => ({ waiting }));
    this.counted.set(account, { atMs, count });
    count.catch(() => this.counted.delete(account));
    return count;
  }
}
