import { expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { Heartbeats } from './heartbeats.js';

const never = new AbortController().signal;
const timers = () =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

it('beats beside the work, and not after it', async () => {
  let count = 0;
  const beats = new Heartbeats(async () => void (count += 1), { everyMs: 1, stopping: never });
  await eventually(() => count >= 3);
  const before = timers();
  beats.stop();
  expect(timers()).toBe(before - 1);
  expect(beats.leave.aborted).toBe(false);
});

it('keeps the failure of a heartbeat, and has the work leave', async () => {
  const cause = new Error('the group is rebalancing');
  const beats = new Heartbeats(async () => Promise.reject(cause), {
    everyMs: 60_000,
    stopping: never,
  });
  await beats.once();
  beats.stop();
  expect(beats.failed).toEqual({ cause });
  expect(beats.leave.aborted).toBe(true);
});

it('does not ask again while the broker has not answered', async () => {
  let count = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const beat = () => {
    count += 1;
    return promise;
  };
  const beats = new Heartbeats(beat, { everyMs: 60_000, stopping: never });
  const first = beats.once();
  await beats.once();
  resolve();
  await first;
  beats.stop();
  expect(count).toBe(1);
});

it('has the work leave when the process stops', () => {
  const stopping = new AbortController();
  const beats = new Heartbeats(async () => undefined, {
    everyMs: 60_000,
    stopping: stopping.signal,
  });
  stopping.abort();
  beats.stop();
  expect(beats.leave.aborted).toBe(true);
  expect(beats.failed).toBeUndefined();
});
