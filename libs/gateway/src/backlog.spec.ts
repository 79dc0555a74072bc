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

/** A backlog whose waiting submits and time the spec says. */
function aBacklog(said: {
  waiting: number;
  accounts?: readonly (typeof account)[];
  onCount?: (count: number) => void;
}) {
  const world = { waiting: said.waiting, nowMs: 0, counts: 0 };
  const backlog = new Backlog({
    accounts: { all: () => said.accounts ?? [account] },
    waiting: async (enough) => {
      world.counts += 1;
      world.nowMs += 10;
      said.onCount?.(world.counts);
      return Math.min(enough, world.waiting);
    },
    nowMs: () => world.nowMs,
    timing: { lookEveryMs: 1, countedMs: 1_000 },
  });
  return { world, backlog };
}

describe('the backlog', () => {
  it('takes two seconds of the rate at one count, and the next only after counting again', async () => {
    const { world, backlog } = aBacklog({ waiting: 0 });
    for (let i = 0; i < 10; i += 1) await backlog.admit();
    expect(world.counts).toBe(1);
    await backlog.admit();
    expect(world.counts).toBe(2);
  });

  it('counts again after a while, since others send and take too', async () => {
    const { world, backlog } = aBacklog({ waiting: 0 });
    await backlog.admit();
    world.nowMs += 1_001;
    await backlog.admit();
    expect(world.counts).toBe(2);
  });

  it('holds a command while two seconds of the rate wait, and lets it go with the first that is sent', async () => {
    let taken = false;
    const takenAtCount: boolean[] = [];
    const onCount = (count: number) => {
      takenAtCount.push(taken);
      if (count === 3) world.waiting = 9;
    };
    const { world, backlog } = aBacklog({ waiting: 10, onCount });
    await backlog.admit().then(() => (taken = true));
    expect(takenAtCount).toEqual([false, false, false]);
    backlog.stop();
  });

  it('takes it all the same after ten seconds, before a rebalance would miss it', async () => {
    const { world, backlog } = aBacklog({ waiting: 10 });
    await backlog.admit();
    expect(world.nowMs).toBeGreaterThanOrEqual(10_000);
    expect(world.nowMs).toBeLessThan(10_100);
  });

  it('gives back what it holds when the process stops', async () => {
    const { backlog } = aBacklog({ waiting: 10 });
    const held = backlog.admit();
    backlog.stop();
    await expect(held).rejects.toThrow('abort');
    await expect(backlog.admit()).rejects.toThrow('abort');
  });

  it('always has room for one, also without accounts', async () => {
    const { backlog } = aBacklog({ waiting: 0, accounts: [] });
    await backlog.admit();
  });
});
