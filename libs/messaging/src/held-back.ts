/**
 * What of one partition is held back for want of room, over the fetches that bring it again: what was
 * settled behind it is not handled twice, and no event goes before another of its key. Never more than the
 * offsets of one fetch, since each begins at the first that is held.
 */
export class HeldBack {
  private readonly settledBehind = new Set<bigint>();
  private readonly since = new Map<bigint, number>();
  private waiting = new Set<string>();

  /** @param nowMs of a clock that only goes forward. */
  constructor(private readonly nowMs: () => number) {}

  /** A batch begins at this offset: what lies before it is over. */
  begin(first: bigint | undefined): void {
    this.waiting = new Set();
    if (first === undefined) return;
    for (const offset of this.settledBehind) if (offset < first) this.settledBehind.delete(offset);
    for (const offset of this.since.keys()) if (offset < first) this.since.delete(offset);
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
    const since = this.since.get(offset);
    return since === undefined ? 0 : this.nowMs() - since;
  }

  hold(offset: bigint, key: string): void {
    this.waiting.add(key);
    if (!this.since.has(offset)) this.since.set(offset, this.nowMs());
  }

  settle(offset: bigint): void {
    this.since.delete(offset);
    if (this.waiting.size > 0) this.settledBehind.add(offset);
  }
}
