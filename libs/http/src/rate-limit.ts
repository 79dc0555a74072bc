type Bucket = { left: number; atMs: number };

/**
 * So many requests a second from each caller, and as many at once after a pause. Counted in memory:
 * each instance answers its own share, and a restart forgives. Callers are known ones, so they are few.
 */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** @param nowMs of a clock that never goes back. */
  constructor(
    private readonly perSecond: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Counts one request. @returns 0 if it may pass, else in how many whole seconds the next one may. */
  secondsToWait(caller: string): number {
    const atMs = this.nowMs();
    const before = this.buckets.get(caller) ?? { left: this.perSecond, atMs };
    const regained = ((atMs - before.atMs) * this.perSecond) / 1_000;
    const left = Math.min(this.perSecond, before.left + regained);
    this.buckets.set(caller, { left: left < 1 ? left : left - 1, atMs });
    return left < 1 ? Math.ceil((1 - left) / this.perSecond) : 0;
  }
}
