import type { Journey } from '../load/journey.js';

type Ended = Readonly<{ at: number; journey: Journey }>;

/** Journeys in the order in which they ended. Moments are milliseconds, as `performance.now` has them. */
export class Endings {
  private readonly ended: Ended[] = [];

  add(at: number, journey: Journey): void {
    this.ended.push({ at, journey });
  }

  /** Those that ended from then on and before. */
  between(from: number, to: number): readonly Journey[] {
    return this.ended.filter(({ at }) => at >= from && at < to).map(({ journey }) => journey);
  }

  /** The longest time between two endings, or between one and an edge. */
  longestGap(from: number, to: number): number {
    const moments = this.ended.map(({ at }) => at).filter((at) => at >= from && at < to);
    const edges = [from, ...moments, to];
    return Math.max(...edges.slice(1).map((at, i) => at - (edges[i] ?? at)));
  }
}
