import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS } from '@hutong/domain-events';
import { aPaymentId, eventually } from '@hutong/testing';
import { numbers, World } from './world.examples.js';

const hooks = join(import.meta.dirname, '../jest/typescript.mjs');
const program = join(import.meta.dirname, 'child.examples.ts');

let world: World;
let child: ChildProcess | undefined;

beforeAll(async () => {
  world = await World.start();
  world.relay();
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await world[Symbol.asyncDispose]();
});

it('loses nothing and repeats nothing when it is told to stop in the middle of an event', async () => {
  const ids = numbers(10).map(() => aPaymentId());
  await Promise.all(ids.map((id) => world.tellOf(id, 10)));
  const { process: routing, said } = start('first', 50);
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

function start(instance: string, inHandMs: number) {
  const { brokers, namespace } = world.kafka;
  const { url, password } = world.config;
  const address = new URL(url);
  address.password = encodeURIComponent(password.reveal());
  const flags = ['--import', hooks, '--conditions=@hutong/source', program];
  const args = [brokers.join(','), String(namespace), address.href, instance, String(inHandMs)];
  const routing = spawn(process.execPath, [...flags, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child = routing;
  let text = '';
  routing.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  return { process: routing, said: () => text };
}
