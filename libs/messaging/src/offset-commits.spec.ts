import { expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { OffsetCommits } from './offset-commits.js';

/** A consumer's batches, as far as commits go: they share what is settled. */
function aConsumer({ refusals = 0 } = {}) {
  let settled = 0;
  let running = true;
  let asked = 0;
  const committed: number[] = [];
  const batch = {
    uncommittedOffsets: () => ({
      topics: [{ topic: 't', partitions: [{ partition: 0, offset: `${settled}` }] }],
    }),
    commitOffsetsIfNecessary: async (
      offsets: { topics: { partitions: { offset: string }[] }[] } = { topics: [] },
    ) => {
      asked += 1;
      if (asked <= refusals) throw new Error('the coordinator has moved');
      committed.push(Number(offsets.topics[0]?.partitions[0]?.offset));
    },
    isRunning: () => running,
  };
  return {
    batch,
    committed,
    settle: (offset: number) => (settled = offset),
    stop: () => (running = false),
    asked: () => asked,
  };
}

const within = { withinMs: 5_000, what: 'the commit' };

it('commits what many batches have settled by one request', async () => {
  const { batch, committed, settle } = aConsumer();
  const commits = new OffsetCommits(20);
  for (const offset of [1, 2, 3]) {
    settle(offset);
    commits.soon(batch);
  }
  expect(committed).toEqual([]);
  await eventually(() => committed.length > 0, within);
  expect(committed).toEqual([3]);
});

it('commits at once where it is asked to, and then has nothing left to do', async () => {
  const { batch, committed, settle } = aConsumer();
  const commits = new OffsetCommits(60_000);
  settle(7);
  commits.soon(batch);
  await commits.now(batch);
  await commits.flush();
  expect(committed).toEqual([7]);
});

it('leaves no timer behind once it is flushed', async () => {
  const { batch, committed } = aConsumer();
  const commits = new OffsetCommits(60_000);
  commits.soon(batch);
  await commits.flush();
  expect(committed).toEqual([0]);
});

it('tries again what the broker refused, while the consumer runs', async () => {
  const { batch, committed, settle } = aConsumer({ refusals: 2 });
  const commits = new OffsetCommits(5);
  settle(9);
  commits.soon(batch);
  await eventually(() => committed.length > 0, within);
  expect(committed).toEqual([9]);
});

it('does not try again for a consumer that has stopped', async () => {
  const { batch, asked, stop } = aConsumer({ refusals: 1 });
  const commits = new OffsetCommits(5);
  stop();
  commits.soon(batch);
  await commits.flush();
  await commits.flush();
  expect(asked()).toBe(1);
});
