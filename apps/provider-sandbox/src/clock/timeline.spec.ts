import { describe, expect, it } from '@jest/globals';
import { realMsUntil, skipAhead, startTimeline, timeOn, withScale } from './timeline.js';

describe('a timeline', () => {
  const fast = withScale(startTimeline(1_000), 2_000, 60);

  it('is the real clock at first', () => {
    expect(timeOn(startTimeline(1_000), 5_000)).toBe(5_000);
  });

  it('keeps what has passed and runs faster from then on', () => {
    expect(timeOn(fast, 2_000)).toBe(2_000);
    expect(timeOn(fast, 3_000)).toBe(62_000);
    expect(realMsUntil(fast, 62_000, 2_000)).toBe(1_000);
  });

  it('jumps over its own time, at whatever speed', () => {
    expect(timeOn(skipAhead(fast, 3_000, 500), 3_000)).toBe(62_500);
    expect(timeOn(skipAhead(fast, 3_000, 500), 4_000)).toBe(122_500);
  });

  it('lets nobody wait for what is past', () => {
    expect(realMsUntil(fast, 1_500, 2_000)).toBe(0);
  });
});
