import { setTimeout as after } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS, decodeEnvelope, type PaymentId } from '@hutong/domain-events';
import { aPaymentId, eventually, startOwnBroker, type OwnBroker } from '@hutong/testing';
import { ensureTopics } from './ensure-topics.js';
import { kafkaClient, NO_RETRY, physical } from './kafka-settings.js';
import { Sender, SendRejected } from './sender.js';
import { numbers, silent, World } from './world.examples.js';

const REQUEST_TIMEOUT_MS = 30_000;
const FROZEN_MS = 40_000;
const WITHIN_MS = 180_000;

let broker: OwnBroker;
let world: World;

beforeAll(async () => {
  broker = await startOwnBroker();
}, WITHIN_MS);
afterAll(async () => {
  await broker[Symbol.asyncDispose]();
});
beforeEach(async () => {
  const timing = { requestTimeoutMs: REQUEST_TIMEOUT_MS };
  world = await World.start({ brokers: broker.brokers, timing });
}, WITHIN_MS);
afterEach(() => world[Symbol.asyncDispose](), WITHIN_MS);

/** Each key's sequences as the log has them, the first of each: what is sent again counts once. */
async function logged(ids: readonly PaymentId[]): Promise<number[][]> {
  const records = await world.probe.records(CHECKOUT_PAYMENTS);
  return ids.map((id) => {
    const own = records.filter(({ key }) => key === id);
    const sequences = own.map(({ value }) => {
      const decoded = decodeEnvelope(value ?? '');
      if (!decoded.ok) throw new Error(decoded.refusal.detail);
      return decoded.value.sequence;
    });
    return [...new Set(sequences)];
  });
}
const effects = (ids: readonly PaymentId[]) => Promise.all(ids.map((id) => world.sequencesOf(id)));
const inOrder = (ids: readonly PaymentId[], count: number) => ids.map(() => numbers(count));

/** Tells of each payment over and over until it is asked to stop. @returns how often it told of each. */
function keepTelling(ids: readonly PaymentId[]) {
  const stop = new AbortController();
  const told = (async () => {
    let count = 0;
    for (; !stop.signal.aborted; count += 1) {
      await Promise.all(ids.map((id) => world.tellOf(id, 1)));
      await after(200);
    }
    return count;
  })();
  return {
    stop: () => {
      stop.abort();
      return told;
    },
  };
}

it(
  'loses nothing and keeps the order when the broker stands still for longer than a request waits',
  async () => {
    const ids = numbers(12).map(() => aPaymentId());
    world.relay();
    world.relay();
    await world.listener({ instance: 'one' });
    await world.listener({ instance: 'two' });
    const telling = keepTelling(ids);
    await eventually(async () => (await world.effects()).length > 100);

    await broker.pause();
    await after(FROZEN_MS);
    await broker.resume();

    const seen = (await world.effects()).length;
    await eventually(async () => (await world.effects()).length > seen + 100, {
      withinMs: 60_000,
      what: 'effects after the broker went on',
    });
    const count = await telling.stop();
    await world.settled(60_000);
    expect(await logged(ids)).toEqual(inOrder(ids, count));
    expect(await effects(ids)).toEqual(inOrder(ids, count));
  },
  WITHIN_MS,
);

it(
  'does not lose what a producer that was kept after a rejected send would lose',
  async () => {
    const names = ['spec.kept', 'spec.thrown_away'];
    await ensureTopics({ ...world.kafka, partitions: 1, names });
    const topicOf = (name: string) => physical(world.kafka, name);
    const messagesOf = (value: string) => [{ key: 'k', value }];

    // What a sender must not be: idempotent, and the same after a rejection as before it.
    // kafkajs insists on a retry then, so each of the two tries has half of the time.
    const timing = { ...world.kafka.timing, requestTimeoutMs: REQUEST_TIMEOUT_MS / 2 };
    const retry = { ...NO_RETRY, retries: 1 };
    const kept = kafkaClient({ ...world.kafka, timing }, 'spec', silent, retry).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry,
    });
    await kept.connect();
    const sender = new Sender(world.kafka, 'spec', silent);
    const sendKept = (value: string) =>
      kept.sendBatch({
        acks: -1,
        topicMessages: [{ topic: topicOf('spec.kept'), messages: messagesOf(value) }],
      });
    const send = (value: string) =>
      sender.send([{ topic: topicOf('spec.thrown_away'), messages: messagesOf(value) }]);
    const values = async (name: string) =>
      (await world.probe.records(name)).map(({ value }) => value);

    await Promise.all([sendKept('before'), send('before')]);
    await broker.pause();
    const goesOn = after(FROZEN_MS).then(() => broker.resume());
    const rejected = await Promise.allSettled([sendKept('frozen'), send('frozen')]);
    expect(rejected).toMatchObject([
      { status: 'rejected', reason: { name: 'KafkaJSNumberOfRetriesExceeded' } },
      { status: 'rejected', reason: expect.any(SendRejected) },
    ]);
    await goesOn;
    // The frozen requests were in the broker's hands: it takes them now.
    for (const name of names) await eventually(async () => (await values(name)).length === 2);

    await Promise.all([sendKept('after'), send('after')]); // both acknowledged

    expect(await values('spec.kept')).toEqual(['before', 'frozen']);
    expect(await values('spec.thrown_away')).toEqual(['before', 'frozen', 'after']);
    await Promise.all([kept.disconnect(), sender.close()]);
  },
  WITHIN_MS,
);

it(
  'loses nothing and keeps the order when the broker is killed and started again',
  async () => {
    const ids = numbers(12).map(() => aPaymentId());
    world.relay();
    await world.listener();
    const telling = keepTelling(ids);
    for (let kills = 0; kills < 2; kills += 1) {
      const seen = (await world.effects()).length;
      await eventually(async () => (await world.effects()).length > seen + 100, {
        withinMs: 60_000,
        what: 'effects of what is told now',
      });
      await broker.kill();
      await broker.restart();
    }
    const count = await telling.stop();
    await world.settled(60_000);
    expect(await logged(ids)).toEqual(inOrder(ids, count));
    expect(await effects(ids)).toEqual(inOrder(ids, count));
  },
  WITHIN_MS,
);
