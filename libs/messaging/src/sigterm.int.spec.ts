import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS } from '@hutong/domain-events';
import { aPaymentId, eventually } from '@hutong/testing';
import { startChild, type Child } from './start-child.examples.js';
import { numbers, World } from './world.examples.js';

let world: World;
let child: Child | undefined;

beforeAll(async () => {
  world = await World.start();
  world.relay();
});
afterAll(async () => {
  child?.process.kill('SIGKILL');
  await world[Symbol.asyncDispose]();
});

it('loses nothing and repeats nothing when it is told to stop in the middle of an event', async () => {
  const ids = numbers(10).map(() => aPaymentId());
  await Promise.all(ids.map((id) => world.tellOf(id, 10)));
  child = startChild(world, { instance: 'first', inHandMs: 50 });
  const { process: routing, said } = child;
  await eventually(() => said().includes('in hand'), {
    withinMs: 20_000,
    what: 'an event in hand',
  });
  const ended = once(routing, 'exit');

  routing.kill('SIGTERM');

  expect(await ended).toEqual([0, null]); // by itself: nothing was left open
  expect(said()).toContain('stopped');
  const effects = await world.effects();
  const offsets = await world.probe.offsets(CHECKOUT_PAYMENTS, 'routing');
  const committed = offsets.reduce((sum, partition) => sum + partition.committed, 0n);
  // What has an effect is committed, so nothing will be told again; what is not committed has none.
  expect(effects.length).toBeGreaterThan(0);
  expect(effects.length).toBeLessThan(100);
  expect(committed).toBe(BigInt(effects.length));
  expect(await world.probe.members('routing')).toBe(0);

  await world.listener({ instance: 'second' });
  await world.settled();
  for (const id of ids) expect(await world.sequencesOf(id)).toEqual(numbers(10));
});
