import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS } from '@hutong/domain-events';
import { aCloseRequested, aPaymentId, eventually, freePorts } from '@hutong/testing';
import { aDoor } from './door.examples.js';
import { ensureTopics } from './ensure-topics.js';
import { aRecord, PARKED, World } from './world.examples.js';

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world[Symbol.asyncDispose]());

it('is live from the start, ready once it is a member, and not ready while it drains', async () => {
  const { promise: freed, resolve: free } = Promise.withResolvers<undefined>();
  let handling = 0;
  const listener = await world.listener({
    before: () => {
      handling += 1;
      return freed;
    },
  });
  expect(listener.health()).toMatchObject({ live: true });
  await eventually(() => listener.health().ready);
  expect(await world.probe.members('routing')).toBe(1);

  const paymentId = aPaymentId();
  await world.produce(aRecord(aCloseRequested({ paymentId })));
  await eventually(() => handling === 1);
  const stopped = listener.stop();
  expect(listener.health()).toEqual({ live: true, ready: false, reason: 'stopping' });
  expect(await world.effects()).toEqual([]); // it waits for the event in hand

  free(undefined);
  await stopped;
  expect(await world.sequencesOf(paymentId)).toHaveLength(1);
  expect(await world.probe.settled([CHECKOUT_PAYMENTS], 'routing')).toBe(true);
  expect(await world.probe.members('routing')).toBe(0);
  expect(listener.health()).toMatchObject({ live: true, ready: false });
});

it('ends after a bounded time, even if the event in hand does not', async () => {
  const { promise: freed, resolve: free } = Promise.withResolvers<undefined>();
  let handling = 0;
  const listener = await world.listener({
    before: () => {
      handling += 1;
      return freed;
    },
    tuning: { closeWithinMs: 300 },
  });
  const paymentId = aPaymentId();
  await world.produce(aRecord(aCloseRequested({ paymentId })));
  await eventually(() => handling === 1);
  await listener.stop();
  expect(await world.probe.settled([CHECKOUT_PAYMENTS], 'routing')).toBe(false);

  free(undefined); // in a process, its end
  await eventually(async () => (await world.probe.members('routing')) === 0);
  expect(await world.sequencesOf(paymentId)).toEqual([]);
});

it('is not live after a crash that no restart mends, and says so once', async () => {
  const causes: Error[] = [];
  const listener = await world.listener({
    // Shorter than a broker allows: it refuses the member, every time.
    kafka: { ...world.kafka, timing: { ...world.kafka.timing, heartbeatMs: 50, sessionMs: 100 } },
    onFatal: (cause) => void causes.push(cause),
  });
  await eventually(() => !listener.health().live);
  expect(listener.health()).toEqual({ live: false, ready: false, reason: 'consumer crashed' });
  expect(causes).toHaveLength(1);
  expect(causes[0]?.name).toBe('KafkaJSProtocolError');
  await listener.stop();
});

it('starts before its broker does: live, not ready, and then a member', async () => {
  const [port = 0] = await freePorts(1);
  const kafka = { ...world.kafka, brokers: [`127.0.0.1:${port}`] };
  const listener = await world.listener({ kafka });
  expect(listener.health()).toEqual({
    live: true,
    ready: false,
    reason: 'not a member of the group',
  });

  const door = await aDoor(world.kafka, port);
  await eventually(() => listener.health().ready);
  await listener.stop();
  await door.close();
});

it('holds a record that it cannot park, and says so, until it can', async () => {
  await using narrow = await World.start({ names: [CHECKOUT_PAYMENTS] });
  const listener = await narrow.listener({ tuning: { blockMs: 300 } });
  const [behind, elsewhere] = [aRecord(), aRecord()];
  await narrow.produce({ ...aRecord(), value: '{', partition: 0 }, { ...behind, partition: 0 });
  await eventually(() => listener.health().reason === 'database or broker do not take results');
  await narrow.produce({ ...elsewhere, partition: 1 });
  const paid = async () => (await narrow.effects()).map((effect) => effect.payment_id);
  await eventually(async () => (await paid()).length === 1);
  expect(await paid()).toEqual([elsewhere.key]);

  await ensureTopics({ ...narrow.kafka, partitions: 3, names: [PARKED] });
  await narrow.settled();
  expect(await paid()).toEqual([elsewhere.key, behind.key]);
  expect(await narrow.parked()).toHaveLength(1);
  await eventually(() => listener.health().ready);
});
