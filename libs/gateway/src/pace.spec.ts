import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRoomMs, roomFor, spacingMs } from './pace.js';

const limits = (requestsPerSecond: number, concurrency = 1_000) => ({
  requestsPerSecond,
  concurrency,
});

describe('the room of an account', () => {
  type Row = Readonly<{ rate: number; atOnce: number; ahead: number; calls: number; room: number }>;
  it.each<Row>`
    rate   | atOnce | ahead   | calls | room
    ${50}  | ${100} | ${0}    | ${0}  | ${5}
    ${50}  | ${3}   | ${0}    | ${0}  | ${3}
    ${50}  | ${3}   | ${0}    | ${2}  | ${1}
    ${50}  | ${3}   | ${0}    | ${7}  | ${0}
    ${50}  | ${100} | ${-900} | ${0}  | ${5}
    ${50}  | ${100} | ${20}   | ${0}  | ${4}
    ${50}  | ${100} | ${80}   | ${0}  | ${1}
    ${50}  | ${100} | ${81}   | ${0}  | ${0}
    ${1}   | ${100} | ${0}    | ${0}  | ${1}
    ${1}   | ${100} | ${1}    | ${0}  | ${0}
    ${300} | ${100} | ${0}    | ${0}  | ${30}
  `('at $rate a second and $atOnce at once, $ahead ms ahead, $calls under way: $room', (row) => {
    const account = limits(row.rate, row.atOnce);
    expect(roomFor(account, { aheadMs: row.ahead, calls: row.calls })).toBe(row.room);
  });

  it('is there again after exactly as long as it says', () => {
    const rates = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(rates, fc.double({ min: 0, max: 5_000, noNaN: true }), (rate, aheadMs) => {
        const waitMs = nextRoomMs(limits(rate), aheadMs);
        const room = roomFor(limits(rate), { aheadMs: aheadMs - waitMs, calls: 0 });
        expect(room).toBeGreaterThanOrEqual(1);
        if (waitMs > 0.01) expect(roomFor(limits(rate), { aheadMs, calls: 0 })).toBe(0);
      }),
    );
  });

  it('lets no more begin in any stretch of time than its length and a tenth of a second allow', () => {
    const passes = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), passes, (rate, gaps) => {
        let nowMs = 0;
        let pacedUntilMs = 0;
        const began: number[] = [];
        for (const gapMs of gaps) {
          nowMs += gapMs;
          const room = roomFor(limits(rate), { aheadMs: pacedUntilMs - nowMs, calls: 0 });
          pacedUntilMs = Math.max(pacedUntilMs, nowMs) + room * spacingMs(limits(rate));
          began.push(...Array.from({ length: room }, () => nowMs));
        }
        const atOnce = Math.max(1, Math.floor(rate / 10));
        began.forEach((fromMs, first) => {
          const longest = began.length - 1;
          const tillMs = began[longest] ?? fromMs;
          const allowed = atOnce + ((tillMs - fromMs) / 1_000) * rate + 0.001;
          expect(longest - first + 1).toBeLessThanOrEqual(allowed);
        });
      }),
    );
  });
});
