/** So many places for each holder, on this instance. */
export class Places {
  private readonly taken = new Map<string, number>();

  /** @returns what gives the place back, to be called once; undefined if the holder has as many as it may. */
  take(holder: string, atMost: number): (() => void) | undefined {
    const before = this.taken.get(holder) ?? 0;
    if (before >= atMost) return undefined;
    this.taken.set(holder, before + 1);
    return () => this.giveBack(holder);
  }

  private giveBack(holder: string): void {
    const left = (this.taken.get(holder) ?? 0) - 1;
    if (left > 0) this.taken.set(holder, left);
    else this.taken.delete(holder);
  }
}
