/** A time of its own: when the real clock stood at `realMs` it stood at `ownMs`, and since then it runs `scale` times as fast. */
export type Timeline = Readonly<{ realMs: number; ownMs: number; scale: number }>;

/** Equal to the real clock until something changes it. */
export const startTimeline = (realMs: number): Timeline => ({ realMs, ownMs: realMs, scale: 1 });

/** Milliseconds on this timeline when the real clock stands at `realMs`. */
export const timeOn = (line: Timeline, realMs: number): number =>
  line.ownMs + (realMs - line.realMs) * line.scale;

/** Runs at another speed from now on; what has passed stays passed. */
export const withScale = (line: Timeline, realMs: number, scale: number): Timeline => ({
  realMs,
  ownMs: timeOn(line, realMs),
  scale,
});

/** Jumps over `ms` of its own time. */
export const skipAhead = (line: Timeline, realMs: number, ms: number): Timeline => ({
  ...line,
  realMs,
  ownMs: timeOn(line, realMs) + ms,
});

/** How long somebody really waits for `dueMs` of this timeline; 0 if it is past. */
export const realMsUntil = (line: Timeline, dueMs: number, realMs: number): number =>
  Math.max(0, (dueMs - timeOn(line, realMs)) / line.scale);
