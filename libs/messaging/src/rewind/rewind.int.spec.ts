import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { allTopicNames } from '@hutong/domain-events';
import { aPaymentId, eventually } from '@hutong/testing';
import type { Listener } from '../listener.examples.js';
import { World } from '../world.examples.js';
import type { Memory } from './memory.js';
import { Rewind } from './rewind.js';
import { lostTimes } from './rewound.js';

let world: World;
let listener: Listener;
const remembered: Memory[] = [];
const rewindOf = (service: 'routing' | 'checkout') =>
  new Rewind({
    service,
    settings: world.kafka,
    pool: world.db.pool,
    clock: systemClock,
    recall: (memory) => {
      remembered.push(memory);
      return Promise.resolve([]);
    },
    report: () => undefined,
  });

beforeAll(async () => {
  world = await World.start({ names: allTopicNames() });
  world.relay();
  listener = await world.listener();
}, 120_000);
afterAll(() => world[Symbol.asyncDispose](), 30_000);

const payments = [aPaymentId(), aPaymentId(), aPaymentId()];
const effectsOf = async () => (await world.effects()).length;

it('lets a group hear again what came behind the moment, once', async () => {
  for (const paymentId of payments) await world.tellOf(paymentId, 1);
  await world.settled();
  const to = new Date();
  for (const paymentId of payments) await world.tellOf(paymentId, 2);
  await world.settled();
  expect(await effectsOf()).toBe(9);
  const order = { to, marginMs: 0 };
  await expect(rewindOf('routing').plan(order)).rejects.toThrow('are alive');

  await listener.stop();
  // The restored database knows of the first three alone.
  await world.db.query('delete from inbox where received_at > $1', [to]);
  await world.db.query('delete from effects where sequence > 1');
  const planned = await rewindOf('routing').plan(order);
  expect(planned.reduce((sum, { committed, to: back }) => sum + committed - back, 0n)).toBe(6n);
  expect(await world.db.query('select 1 from rewinds')).toEqual([]);

  expect(await rewindOf('routing').apply({ to, marginMs: 60_000 }, 'wang')).not.toEqual([]);
  listener = await world.listener();
  await eventually(async () => (await effectsOf()) === 9, {
    withinMs: 30_000,
    what: 'nine effects',
  });
  await world.settled();
  expect(await effectsOf()).toBe(9);
  for (const id of payments) expect(await world.sequencesOf(id)).toEqual([1, 2, 3]);
}, 120_000);

it('marks the time that was lost, and remembers what was heard in it', async () => {
  const [memory] = remembered;
  expect(memory?.heard).toHaveLength(9);
  expect(memory?.told).toEqual([]);
  const isLost = await lostTimes(world.db);
  const [at = new Date()] = memory?.heard.map(({ appendedAt }) => appendedAt) ?? [];
  expect([isLost(at), isLost(new Date(Date.now() + 60_000))]).toEqual([true, false]);
});

it('goes on counting behind what others have heard it count', async () => {
  const to = new Date();
  await world.db.query('update outbox_sequences set last = 1');
  await rewindOf('checkout').apply({ to, marginMs: 60_000 }, 'wang');
  const rows = await world.db.query<{ last: bigint }>('select last from outbox_sequences');
  expect(rows.map(({ last }) => last)).toEqual([3n, 3n, 3n]);
  expect(remembered.at(-1)?.told).toHaveLength(9);
}, 60_000);

it.each([
  [new Date(Date.now() + 3_600_000), 'in the future'],
  [new Date(Date.now() - 20 * 86_400_000), 'topics keep 14 days'],
])('refuses %s', async (to, why) => {
  await expect(rewindOf('checkout').plan({ to, marginMs: 0 })).rejects.toThrow(why);
});
