import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS, decodeEnvelope, type PaymentId } from '@hutong/domain-events';
import { aPaymentId, eventually } from '@hutong/testing';
import { anEventOf, numbers, World } from './world.examples.js';

let world: World;

beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Sequences in the log of a topic, by key and in the order of offsets. */
async function logged(): Promise<Map<string, number[]>> {
  const records = await world.probe.records(CHECKOUT_PAYMENTS);
  const byKey = Map.groupBy(records, ({ key }) => key ?? '');
  return new Map(
    [...byKey].map(([key, own]) => {
      const sequences = own.map(({ value }) => {
        const decoded = decodeEnvelope(value ?? '');
        if (!decoded.ok) throw new Error(decoded.refusal.detail);
        return decoded.value.sequence;
      });
      return [key, sequences];
    }),
  );
}
const effectsByKey = async () => {
  const byKey = Map.groupBy(await world.effects(), (effect) => effect.payment_id);
  return new Map([...byKey].map(([key, own]) => [key, own.map(({ sequence }) => sequence)]));
};
const inOrder = (ids: readonly PaymentId[], count: number) =>
  new Map(ids.map((id) => [id, numbers(count)]));
const sorted = (map: ReadonlyMap<string, number[]>) => [...map].toSorted();

it('sends once and keeps each key in order across several relays and several consumers', async () => {
  const ids = numbers(16).map(() => aPaymentId());
  for (const instance of ['one', 'two', 'three']) {
    world.relay();
    await world.listener({ instance });
  }
  await Promise.all(ids.map((id) => world.tellOf(id, 10)));
  await world.settled();

  expect(sorted(await logged())).toEqual(sorted(inOrder(ids, 10)));
  expect(sorted(await effectsByKey())).toEqual(sorted(inOrder(ids, 10)));
});

it('lets instances join and leave in the middle, without loss and without a second effect', async () => {
  const ids = numbers(12).map(() => aPaymentId());
  world.relay();
  const first = await world.listener({ instance: 'first' });
  const telling = Promise.all(ids.map((id) => world.tellOf(id, 12)));
  await eventually(async () => (await world.effects()).length > 0);
  const second = await world.listener({ instance: 'second' });
  await eventually(async () => (await world.probe.members('routing')) === 2);
  await telling;
  await Promise.all(ids.map((id) => world.tellOf(id, 4)));
  await first.stop();
  await Promise.all(ids.map((id) => world.tellOf(id, 4)));
  await world.settled();

  expect(sorted(await effectsByKey())).toEqual(sorted(inOrder(ids, 20)));
  const instances = new Set((await world.effects()).map(({ instance }) => instance));
  expect(instances).toEqual(new Set(['first', 'second']));
  expect(await world.probe.members('routing')).toBe(1);
  await second.stop();
});

it('has a process that only answers HTTP wake the relay of another', async () => {
  const unwoken = { min: 60_000, max: 60_000 };
  const api = await world.listener({ instance: 'api' }, 'api');
  await world.listener({ instance: 'worker', tuning: { pollMs: unwoken } });
  expect(api.health()).toEqual({ live: true, ready: true });

  // The first may be found by the look at the start; after it the relay waits to be woken.
  for (const id of numbers(3).map(() => aPaymentId())) {
    await api.announce(anEventOf(id));
    await eventually(async () => (await world.sequencesOf(id)).length === 1);
  }
  expect((await world.effects()).map(({ instance }) => instance)).toEqual(
    numbers(3).map(() => 'worker'),
  );
});
