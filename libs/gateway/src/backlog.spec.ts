import { describe, expect, it } from '@jest/globals';
import { TAOBAO } from '@hutong/testing';
import { Backlog } from './backlog.js';

const account = {
  account: 'taobao',
  platform: TAOBAO,
  merchants: [],
  requestsPerSecond: 5,
  concurrency: 4,
  refundGapMs: 0,
};
const other = { ...account, account: 'jd' };

/** A backlog whose waiting submits and time the spec says. */
function aBacklog(waiting: Readonly<Record<string, number>>) {
  const world = { waiting: { ...waiting }, nowMs: 0, counts: 0 };
  const backlog = new Backlog({
    waiting: async (name, enough) => {
      world.counts += 1;
      return Math.min(enough, world.waiting[name] ?? 0);
    },
    nowMs: () => world.nowMs,
  });
  return { world, backlog };
}

describe('the backlog', () => {
  it('takes two seconds of the rate at one count', async () => {
    const { world, backlog } = aBacklog({});
    for (let i = 0; i < 10; i += 1) expect(await backlog.takes(account, 0)).toBe(true);
    expect(await backlog.takes(account, 0)).toBe(false);
    expect(world.counts).toBe(1);
  });

  it('counts again after a while, since others send and take too', async () => {
    const { world, backlog } = aBacklog({ taobao: 10 });
    expect(await backlog.takes(account, 0)).toBe(false);
    world.waiting['taobao'] = 9;
    expect(await backlog.takes(account, 100)).toBe(false);
    world.nowMs += 251;
    expect(await backlog.takes(account, 351)).toBe(true);
    expect(await backlog.takes(account, 351)).toBe(false);
    expect(world.counts).toBe(2);
  });

  it('holds nothing of an account back because of another', async () => {
    const { backlog } = aBacklog({ taobao: 1_000 });
    expect(await backlog.takes(account, 0)).toBe(false);
    expect(await backlog.takes(other, 0)).toBe(true);
  });

  it('takes a command all the same that was held for ten seconds', async () => {
    const { backlog } = aBacklog({ taobao: 1_000 });
    expect(await backlog.takes(account, 9_999)).toBe(false);
    expect(await backlog.takes(account, 10_000)).toBe(true);
  });

  it('always has room for one, however slow an account is', async () => {
    const { backlog } = aBacklog({});
    expect(await backlog.takes({ ...account, requestsPerSecond: 0.1 }, 0)).toBe(true);
  });
});
