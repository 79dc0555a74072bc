import { describe, expect, it } from '@jest/globals';
import { FixedClock, TAOBAO } from '@hutong/testing';
import { Backlog, type Asking, type Verdict } from './backlog.js';

const account = {
  account: 'taobao',
  platform: TAOBAO,
  merchants: [],
  requestsPerSecond: 5,
  concurrency: 4,
  refundGapMs: 0,
};
const other = { ...account, account: 'jd' };
const START = '2026-11-24T08:00:00.000Z';
const asking = (heldMs = 0, said: Partial<Asking> = {}): Asking => ({
  notAfter: new Date('2026-11-24T08:15:00.000Z'),
  partition: 0,
  heldMs,
  ...said,
});

/** A backlog whose waiting submits and time the spec says. */
function aBacklog(waiting: Readonly<Record<string, number>>) {
  const world = { waiting: { ...waiting }, nowMs: 0, counts: 0, clock: new FixedClock(START) };
  const backlog = new Backlog({
    waiting: async (name, enough) => {
      world.counts += 1;
      return Math.min(enough, world.waiting[name] ?? 0);
    },
    clock: world.clock,
    nowMs: () => world.nowMs,
  });
  return { world, backlog };
}

describe('the backlog', () => {
  it('takes two seconds of the rate at one count', async () => {
    const { world, backlog } = aBacklog({});
    for (let i = 0; i < 10; i += 1) expect(await backlog.judge(account, asking())).toBe('take');
    expect(await backlog.judge(account, asking())).toBe('hold');
    expect(world.counts).toBe(1);
  });

  it('takes no more of them where partitions ask at once, nor when the count is old', async () => {
    const { world, backlog } = aBacklog({});
    const atOnce = async () => {
      const all = Array.from({ length: 12 }, (_, partition) => asking(0, { partition }));
      const taken = await Promise.all(all.map((one) => backlog.judge(account, one)));
      return taken.filter((one) => one === 'take').length;
    };
    expect(await atOnce()).toBe(10);
    world.nowMs += 251;
    expect(await atOnce()).toBe(10);
    expect(world.counts).toBe(2);
  });

  it('counts again after a while, since others send and take too', async () => {
    const { world, backlog } = aBacklog({ taobao: 10 });
    expect(await backlog.judge(account, asking())).toBe('hold');
    world.waiting['taobao'] = 9;
    expect(await backlog.judge(account, asking(100))).toBe('hold');
    world.nowMs += 251;
    expect(await backlog.judge(account, asking(351))).toBe('take');
    expect(await backlog.judge(account, asking(351))).toBe('hold');
    expect(world.counts).toBe(2);
  });

  it('counts again where counting failed', async () => {
    const faults = [new Error('no database')];
    const backlog = new Backlog({
      waiting: async () => {
        const fault = faults.pop();
        if (fault !== undefined) throw fault;
        return 0;
      },
      clock: new FixedClock(START),
      nowMs: () => 0,
    });
    await expect(backlog.judge(account, asking())).rejects.toThrow('no database');
    expect(await backlog.judge(account, asking())).toBe('take');
  });

  it('holds nothing of an account back because of another', async () => {
    const { backlog } = aBacklog({ taobao: 1_000 });
    expect(await backlog.judge(account, asking())).toBe('hold');
    expect(await backlog.judge(other, asking())).toBe('take');
  });

  it('lets a partition in that had no room for ten seconds: with one order, not with all', async () => {
    const { world, backlog } = aBacklog({ taobao: 10 });
    const takes = (heldMs: number, partition: number) =>
      backlog.judge(account, asking(heldMs, { partition }));
    expect(await takes(9_999, 0)).toBe('hold');
    expect(await takes(10_000, 0)).toBe('take');
    expect(await takes(10_000, 0)).toBe('hold');
    expect(await takes(10_000, 1)).toBe('take');
    world.nowMs += 9_999;
    expect(await takes(20_000, 0)).toBe('hold');
    world.nowMs += 1;
    expect(await takes(20_000, 0)).toBe('take');
  });

  it('takes nothing beyond four seconds of the rate, however long it was held', async () => {
    const { world, backlog } = aBacklog({ taobao: 19 });
    expect(await backlog.judge(account, asking(60_000))).toBe('take');
    world.waiting['taobao'] = 20;
    world.nowMs += 60_000;
    expect(await backlog.judge(account, asking(120_000))).toBe('hold');
  });

  it('asks nobody what is over already, nor what is in the database already', async () => {
    const { world, backlog } = aBacklog({ taobao: 1_000 });
    const notAfter = world.clock.now();
    expect(await backlog.judge(account, asking(0, { notAfter }))).toBe('too_late');
    expect(await backlog.judge(account, asking(Infinity))).toBe('take');
    expect(world.counts).toBe(0);
  });

  it.each<{ waiting: number; leftMs: number; verdict: Verdict }>([
    { waiting: 0, leftMs: 1, verdict: 'take' },
    { waiting: 1, leftMs: 399, verdict: 'too_late' },
    { waiting: 1, leftMs: 400, verdict: 'take' },
    { waiting: 9, leftMs: 2_799, verdict: 'too_late' },
    { waiting: 9, leftMs: 2_800, verdict: 'take' },
    { waiting: 10, leftMs: 2_999, verdict: 'too_late' },
    { waiting: 10, leftMs: 3_000, verdict: 'hold' },
  ])('$verdict: $waiting wait, and $leftMs ms are left', async ({ waiting, leftMs, verdict }) => {
    const { world, backlog } = aBacklog({ taobao: waiting });
    const notAfter = new Date(world.clock.now().getTime() + leftMs);
    expect(await backlog.judge(account, asking(0, { notAfter }))).toBe(verdict);
  });

  it('always has room for one, however slow an account is', async () => {
    const { backlog } = aBacklog({});
    expect(await backlog.judge({ ...account, requestsPerSecond: 0.1 }, asking())).toBe('take');
  });
});
