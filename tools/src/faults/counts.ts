/** How often what happened, by name, in the order in which the names first came. */
export class Counts {
  private readonly byName = new Map<string, number>();

  add(name: string, times = 1): void {
    this.byName.set(name, this.of(name) + times);
  }

  of(name: string): number {
    return this.byName.get(name) ?? 0;
  }

  /** Most frequent first. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.byName].toSorted(([, a], [, b]) => b - a));
  }
}
