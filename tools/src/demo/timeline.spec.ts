import { describe, expect, it } from '@jest/globals';
import { printTimeline, timelineOf, type RingRecord } from './timeline.js';

const record = (type: string, source: string, ms: number, sequence = 1): RingRecord => ({
  topic: 'a.topic',
  type,
  source,
  sequence,
  appendedAt: new Date(1_000 + ms),
  occurredAt: new Date(1_000),
});

describe('a timeline', () => {
  it('puts records of several topics in the order in which they were appended', () => {
    const hops = timelineOf([
      record('payment.offered', 'routing', 30),
      record('payment.requested', 'checkout', 10),
    ]);

    expect(hops).toEqual([
      { event: 'payment.requested', service: 'checkout', topic: 'a.topic', atMs: 10, tookMs: 10 },
      { event: 'payment.offered', service: 'routing', topic: 'a.topic', atMs: 30, tookMs: 20 },
    ]);
  });

  it('keeps the order of one service, however its topics were appended to', () => {
    const hops = timelineOf([
      record('attempt.requested', 'routing', 20, 3),
      record('attempt.accepted', 'routing', 21, 2),
      record('payment.offered', 'routing', 5, 1),
    ]);

    expect(hops.map(({ event, atMs, tookMs }) => [event, atMs, tookMs])).toEqual([
      ['payment.offered', 5, 5],
      ['attempt.accepted', 21, 16],
      ['attempt.requested', 21, 0],
    ]);
  });

  it('of nothing is empty', () => {
    expect(timelineOf([])).toEqual([]);
  });

  it('prints one line a hop, in columns', () => {
    const lines = printTimeline(
      timelineOf([record('payment.requested', 'checkout', 10), record('a.b', 'routing', 30)]),
    ).split('\n');

    expect(lines).toEqual([
      '  payment.requested  checkout     +10 ms      10 ms  a.topic',
      '  a.b                routing      +20 ms      30 ms  a.topic',
    ]);
  });
});
