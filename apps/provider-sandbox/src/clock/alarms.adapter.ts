import type { SandboxClock } from './sandbox-clock.adapter.js';

type Alarm = { readonly dueMs: number; readonly ring: () => void; timer: NodeJS.Timeout };

/** Timers on the ladder's timeline: a change of its speed, or a jump, moves those that are set. */
export class Alarms {
  private readonly set = new Set<Alarm>();
  private stopped = false;

  constructor(private readonly clock: SandboxClock) {
    clock.onChange(() => this.setAnew());
  }

  /** Calls `ring` once, `gapMs` of the ladder's time from now. */
  after(gapMs: number, ring: () => void): void {
    if (this.stopped) return;
    const dueMs = this.clock.gapMs() + gapMs;
    const alarm: Alarm = { dueMs, ring, timer: this.timerOf(() => this.ring(alarm), dueMs) };
    this.set.add(alarm);
  }

  /** Nothing rings any more, whoever may still ask for it. */
  stop(): void {
    this.stopped = true;
    for (const { timer } of this.set) clearTimeout(timer);
    this.set.clear();
  }

  private ring(alarm: Alarm): void {
    this.set.delete(alarm);
    alarm.ring();
  }

  private setAnew(): void {
    for (const alarm of this.set) {
      clearTimeout(alarm.timer);
      alarm.timer = this.timerOf(() => this.ring(alarm), alarm.dueMs);
    }
  }

  private timerOf(ring: () => void, dueMs: number): NodeJS.Timeout {
    return setTimeout(ring, this.clock.realMsUntilGap(dueMs));
  }
}
