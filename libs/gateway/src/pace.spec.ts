import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TAOBAO } from '@hutong/testing';
import type { Account } from './accounts.js';
import { Pace } from './pace.js';

const anAccount = (said: Partial<Account> = {}): Account => ({
  account: 'taobao',
  platform: TAOBAO,
  merchants: [],
  requestsPerSecond: 10,
  concurrency: 4,
  refundGapMs: 0,
  ...said,
});

/** A pace over time that the spec moves; `start` begins as much as there is room for. */
function aPace(account: Account) {
  let nowMs = 0;
  const pace = new Pace(() => nowMs);
  const slots = () => pace.slots([account]).get(account.account) ?? 0;
  return {
    pass: (ms: number) => (nowMs += ms),
    slots,
    start: (count: number) => {
      for (let i = 0; i < count; i += 1) pace.started(account.account);
    },
    end: (count: number) => {
      for (let i = 0; i < count; i += 1) pace.ended(account.account);
    },
  };
}

describe('the pace of an account', () => {
  it('starts with a second of its rate, as many at a time as it allows', () => {
    expect(aPace(anAccount({ requestsPerSecond: 10, concurrency: 4 })).slots()).toBe(4);
    expect(aPace(anAccount({ requestsPerSecond: 3, concurrency: 4 })).slots()).toBe(3);
  });

  it('saves no more than one second’s worth for later', () => {
    const pace = aPace(anAccount({ requestsPerSecond: 3, concurrency: 100 }));
    pace.slots();
    pace.pass(60_000);
    expect(pace.slots()).toBe(3);
  });

  it('gives room when a call ends, and no more than the rate allows', () => {
    const pace = aPace(anAccount({ requestsPerSecond: 5, concurrency: 4 }));
    pace.start(pace.slots());
    expect(pace.slots()).toBe(0);
    pace.end(4);
    expect(pace.slots()).toBe(1);
    pace.start(1);
    pace.end(1);
    expect(pace.slots()).toBe(0);
    pace.pass(200);
    expect(pace.slots()).toBe(1);
    pace.pass(60_000);
    expect(pace.slots()).toBe(4);
  });

  it('is each account’s own, and those without room are left out', () => {
    const pace = new Pace(() => 0);
    const busy = anAccount();
    const idle = anAccount({ account: 'jd' });
    pace.slots([busy, idle]);
    for (let i = 0; i < 4; i += 1) pace.started('taobao');
    expect([...pace.slots([busy, idle])]).toEqual([['jd', 4]]);
  });

  it('never begins more than the rate and one second’s worth, however it is asked', () => {
    const moves = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), moves, (requestsPerSecond, gaps) => {
        const pace = aPace(anAccount({ requestsPerSecond, concurrency: 1_000 }));
        let begun = 0;
        let passedMs = 0;
        for (const gapMs of gaps) {
          const slots = pace.slots();
          pace.start(slots);
          pace.end(slots);
          begun += slots;
          pace.pass(gapMs);
          passedMs += gapMs;
        }
        expect(begun).toBeLessThanOrEqual(requestsPerSecond * (1 + passedMs / 1_000));
      }),
    );
  });
});
