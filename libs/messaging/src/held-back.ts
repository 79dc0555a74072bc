/** Behind one that finds no room, another is asked about again after so long: few have any, and each costs. */
const ASKED_MS = 1_000;

type Holding = Readonly<{ sinceMs: number; askedMs: number }>;

/**
 * What of one partition is held back for want of room, over the fetches that bring it again: what was
 * settled behind it is not handled twice, and no event goes before another of its key. Never more than the
 * offsets of one fetch, since each begins at the first that is held.
 */
export class HeldBack {
  private readonly settledBehind = new Set<bigint>();
  private readonly holdings = new Map<bigint, Holding>();
  private waiting = new Set<string>();

  /** @param nowMs of a clock that only goes forward. */
  constructor(private readonly nowMs: () => number) {}

  /** A batch begins at this offset: what lies before it is over. */
  begin(first: bigint | undefined): void {
    this.waiting = new Set();
    if (first === undefined) return;
    for (const offset of this.settledBehind) if (offset < first) this.settledBehind.delete(offset);
    for (const offset of this.holdings.keys()) if (offset < first) this.holdings.delete(offset);
  }

  isSettled(offset: bigint): boolean {
    return this.settledBehind.has(offset);
  }

  /** Whether an event of this key is held in the batch in hand. */
  isWaiting(key: string): boolean {
    return this.waiting.has(key);
  }

  /** How long it has been held so far. */
  heldMs(offset: bigint): number {
    const holding = this.holdings.get(offset);
    return holding === undefined ? 0 : this.nowMs() - holding.sinceMs;
  }

  /** Whether it found no room a moment ago, and something before it finds none now. */
  isResting(offset: bigint): boolean {
    const holding = this.holdings.get(offset);
    const isBehind = this.waiting.size > 0;
    return isBehind && holding !== undefined && this.nowMs() - holding.askedMs < ASKED_MS;
  }

  /** It stays held without having been asked about. */
  rest(key: string): void {
    this.waiting.add(key);
  }

  hold(offset: bigint, key: string): void {
    this.waiting.add(key);
    const askedMs = this.nowMs();
    const { sinceMs = askedMs } = this.holdings.get(offset) ?? {};
    this.holdings.set(offset, { sinceMs, askedMs });
  }

  settle(offset: bigint): void {
    this.holdings.delete(offset);
    if (this.waiting.size > 0) this.settledBehind.add(offset);
  }
}
