import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createLogger } from '@hutong/telemetry';
import { eventually, freshDatabase, type FreshDatabase } from '@hutong/testing';
import { RawDatabase } from './raw-database.js';
import { Wakeups } from './wakeups.js';

const logger = createLogger({ service: 'spec', level: 'silent' });

let fresh: FreshDatabase;
let one: Wakeups;
let other: Wakeups;

beforeAll(async () => {
  fresh = await freshDatabase('empty', async () => undefined);
});
afterAll(() => fresh.drop());
beforeEach(() => {
  [one, other] = [new Wakeups(fresh.config, logger), new Wakeups(fresh.config, logger)];
});
afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
});

/** Listens and remembers each call. */
async function ear(wakeups: Wakeups, channel: string) {
  const calls: (readonly string[])[] = [];
  const stop = await wakeups.listen(channel, (keys) => void calls.push(keys));
  return { calls, stop, heard: () => calls.flat().toSorted() };
}

it('tells other connections and its own, channel by channel', async () => {
  const [far, near] = [await ear(other, 'payments'), await ear(one, 'payments')];
  const deaf = await ear(other, 'Other "channel"');

  one.announce('payments', 'p-1');

  await eventually(() => far.calls.length === 1 && near.calls.length === 1);
  expect([far.heard(), near.heard(), deaf.heard()]).toEqual([['p-1'], ['p-1'], []]);
  one.announce('Other "channel"', 'c-1');
  await eventually(() => deaf.heard().length === 1);
});

it('tells many with few words, each once', async () => {
  const { heard, calls } = await ear(other, 'payments');
  const keys = Array.from({ length: 400 }, (_, n) => `key-${1_000 + n}`);

  for (const key of [...keys, ...keys]) one.announce('payments', key);

  await eventually(() => heard().length >= 400);
  expect(heard()).toEqual(keys);
  expect(calls.length).toBeLessThanOrEqual(4);
});

it('looks again after its connection was lost, and hears what is said then', async () => {
  const { calls, heard } = await ear(other, 'payments');
  await using database = RawDatabase.connect(fresh.config, { logger });

  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
  );

  await eventually(() => calls.length > 0, { what: 'a call to look again' });
  expect(calls).toEqual([[]]);
  one.announce('payments', 'p-2');
  await eventually(() => heard().length > 0);
  expect(heard()).toEqual(['p-2']);
});

it('hears nothing more after it stopped', async () => {
  const [stopped, listening] = [await ear(other, 'payments'), await ear(other, 'payments')];
  await stopped.stop();

  one.announce('payments', 'p-3');

  await eventually(() => listening.calls.length > 0);
  expect(stopped.calls).toEqual([]);
});

it('tells what is still to be told before it closes', async () => {
  const { heard } = await ear(other, 'payments');
  for (let n = 0; n < 400; n += 1) one.announce('payments', `key-${n}`);
  await one.close();
  await eventually(() => heard().length === 400);
});

it('does not keep a listener whose first connection failed', async () => {
  const url = new URL(fresh.config.url);
  url.pathname = '/nowhere';
  const nowhere = new Wakeups({ ...fresh.config, url }, logger);
  await expect(nowhere.listen('payments', () => undefined)).rejects.toMatchObject({
    code: '3D000',
  });
  nowhere.announce('payments', 'p-4'); // lost, without a fault
  await nowhere.close();
});
