const WINDOW_MS = 10_000;
/** UnionPay publishes no number; a payer who is watched second by second stays well below it. */
export const MOST_POLLS = 30;

/** How often each transaction was asked for lately. */
export class Polls {
  private readonly asked = new Map<string, readonly number[]>();

  /** Whether one more is too often, which is 37. @param gapMs now, of the ladder's time */
  isTooMany(about: string, gapMs: number): boolean {
    const recent = (this.asked.get(about) ?? []).filter((at) => gapMs - at < WINDOW_MS);
    const isTooMany = recent.length >= MOST_POLLS;
    this.asked.set(about, isTooMany ? recent : [...recent, gapMs]);
    return isTooMany;
  }
}
