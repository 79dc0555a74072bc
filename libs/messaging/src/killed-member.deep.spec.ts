import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aPaymentId, eventually } from '@hutong/testing';
import { startChild } from './start-child.examples.js';
import { numbers, World } from './world.examples.js';

const WITHIN_MS = 120_000;

let world: World;

beforeAll(async () => {
  world = await World.start();
  world.relay();
}, WITHIN_MS);
afterAll(() => world[Symbol.asyncDispose](), WITHIN_MS);

it(
  'has every effect once when members are killed in the middle of an event',
  async () => {
    const ids = numbers(10).map(() => aPaymentId());
    await Promise.all(ids.map((id) => world.tellOf(id, 20)));
    for (const instance of ['first', 'second', 'third']) {
      const { process: routing, said } = startChild(world, { instance, inHandMs: 30 });
      await eventually(() => said().includes('in hand'), {
        withinMs: 40_000, // its predecessor is a member until its session ends
        what: 'an event in hand',
      });
      const ended = once(routing, 'exit');
      routing.kill('SIGKILL');
      await ended;
    }
    await world.listener({ instance: 'last' });
    await world.settled(60_000);
    for (const id of ids) expect(await world.sequencesOf(id)).toEqual(numbers(20));
  },
  WITHIN_MS,
);
