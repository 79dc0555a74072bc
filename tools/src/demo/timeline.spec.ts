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

const at = (ms: number): Date => new Date(1_000 + ms);

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
    expect(timelineOf([], { bookedAt: new Date() })).toEqual([]);
  });

  it('ends with the booking, as soon as it was seen', () => {
    const hops = timelineOf([record('payment.paid', 'checkout', 10)], { bookedAt: at(25) });

    expect(hops.at(-1)).toEqual({ event: 'booked', service: 'ledger', atMs: 25, tookMs: 15 });
  });

  it('never has a booking before what is booked', () => {
    const hops = timelineOf([record('payment.paid', 'checkout', 10)], { bookedAt: at(9) });

    expect(hops.at(-1)).toMatchObject({ event: 'booked', atMs: 10, tookMs: 0 });
  });

  type Row = { paidAtMs: number; payerMs: number; tookMs: number };
  it.each<Row>`
    paidAtMs | payerMs | tookMs
    ${60}    | ${50}   | ${40}
    ${10}    | ${0}    | ${90}
    ${5}     | ${0}    | ${90}
    ${100}   | ${90}   | ${0}
    ${101}   | ${90}   | ${0}
  `('of a payer who paid at $paidAtMs has $payerMs ms of theirs', ({ paidAtMs, ...times }) => {
    const records = [
      record('attempt.awaiting_payer', 'wechat-gateway', 10, 1),
      record('attempt.succeeded', 'wechat-gateway', 100, 2),
    ];

    const [waiting, succeeded] = timelineOf(records, { paidAt: at(paidAtMs) });

    expect(waiting).not.toHaveProperty('payerMs');
    expect(succeeded).toMatchObject({ atMs: 100, ...times });
  });

  it('prints the booking, and whose time it was', () => {
    const records = [
      record('attempt.awaiting_payer', 'wechat-gateway', 10, 1),
      record('attempt.succeeded', 'wechat-gateway', 100, 2),
    ];
    const lines = printTimeline(timelineOf(records, { paidAt: at(60), bookedAt: at(120) }));

    expect(lines.split('\n').slice(1)).toEqual([
      "  attempt.succeeded       wechat-gateway     +40 ms     100 ms  a.topic, after 50 ms of the payer's",
      "  booked                  ledger             +20 ms     120 ms  seen in the ledger's books",
    ]);
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
