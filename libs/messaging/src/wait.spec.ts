import { expect, it } from '@jest/globals';
import { wait, within } from './wait.js';

const over = new AbortController();
over.abort();
const ends = Promise.resolve();
const never = new Promise<void>(() => undefined);
const timers = () =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

it('does not sleep through a shutdown', async () => {
  const stop = new AbortController();
  const waiting = wait(60_000, stop.signal);
  stop.abort();
  await waiting;
  await wait(60_000, over.signal);
});

it.each<[what: string, work: Promise<void>, inTime: boolean]>([
  ['work that ends', ends, true],
  ['work that does not', never, false],
])('says whether %s was in time', async (_, work, inTime) => {
  expect(await within(20, work)).toBe(inTime);
});

it('throws what the work threw, and leaves no timer behind', async () => {
  const fault = new Error('no');
  const before = timers();
  await expect(within(60_000, Promise.reject(fault))).rejects.toBe(fault);
  expect(timers()).toBe(before);
});
