import type { Clock } from '@hutong/config';
import type { Moment } from './moment.js';
import {
  realMsUntil,
  skipAhead,
  startTimeline,
  timeOn,
  withScale,
  type Timeline,
} from './timeline.js';

/**
 * One real clock and two timelines beside it. What is signed or said to others (`now`) is always
 * real, since they compare it with theirs. Deadlines of orders run as fast as real time and can be
 * jumped over; the gaps between two notifications can be jumped over and shortened.
 */
export class SandboxClock implements Clock {
  private orders: Timeline;
  private gaps: Timeline;
  private readonly changed = new Set<() => void>();

  constructor(private readonly real: Clock) {
    const realMs = real.now().getTime();
    this.orders = startTimeline(realMs);
    this.gaps = startTimeline(realMs);
  }

  now(): Date {
    return this.real.now();
  }

  /** Now, with where it stands on the timeline on which the deadlines of orders and codes are compared. */
  moment(): Moment {
    const at = this.now();
    return { at, orderMs: timeOn(this.orders, at.getTime()) };
  }

  /** Where the notification ladder is counted, in milliseconds. */
  gapMs(): number {
    return timeOn(this.gaps, this.now().getTime());
  }

  /** Real milliseconds until the ladder's time reaches `dueMs`. */
  realMsUntilGap(dueMs: number): number {
    return realMsUntil(this.gaps, dueMs, this.now().getTime());
  }

  get scale(): number {
    return this.gaps.scale;
  }

  /** @param scale 60 makes a gap of a minute last a second. */
  rescale(scale: number): void {
    this.gaps = withScale(this.gaps, this.now().getTime(), scale);
    this.tell();
  }

  /** Everything that waits has waited `ms` longer: orders, codes and notifications. */
  advance(ms: number): void {
    const realMs = this.now().getTime();
    this.orders = skipAhead(this.orders, realMs, ms);
    this.gaps = skipAhead(this.gaps, realMs, ms);
    this.tell();
  }

  /** Told after each change, so that timers can be set anew. */
  onChange(listener: () => void): void {
    this.changed.add(listener);
  }

  private tell(): void {
    for (const listener of this.changed) listener();
  }
}
