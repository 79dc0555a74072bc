import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS } from '@hutong/domain-events';
import { createLogger } from '@hutong/telemetry';
import { eventually } from '@hutong/testing';
import { aDoor } from './door.examples.js';
import { ensureTopics } from './ensure-topics.js';
import { physical } from './kafka-settings.js';
import { Sender, SendRejected } from './sender.js';
import { silent, World } from './world.examples.js';

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world[Symbol.asyncDispose]());

it('throws a producer away once a send of it was rejected, and disconnects it', async () => {
  const door = await aDoor(world.kafka);
  const settings = { ...world.kafka, brokers: [door.broker] };
  const sender = new Sender(settings, 'spec', silent);
  const send = (topic: string) =>
    sender.send([{ topic: physical(settings, topic), messages: [{ key: 'k', value: topic }] }]);

  await send(CHECKOUT_PAYMENTS);
  await send(CHECKOUT_PAYMENTS);
  expect(door.came()).toBe(1); // one producer, kept

  await expect(send('nowhere')).rejects.toThrow(SendRejected);
  await send(CHECKOUT_PAYMENTS);
  expect(door.came()).toBe(2);
  await eventually(() => door.open() === 1, { what: 'the first producer to be gone' });

  await sender.close();
  await eventually(() => door.open() === 0);
  await door.close();
  const values = (await world.probe.records(CHECKOUT_PAYMENTS)).map(({ value }) => value);
  expect(values).toEqual([CHECKOUT_PAYMENTS, CHECKOUT_PAYMENTS, CHECKOUT_PAYMENTS]);
});

it('keeps the cause of a rejection', async () => {
  const sender = new Sender({ ...world.kafka, brokers: ['127.0.0.1:9'] }, 'spec', silent);
  const rejected = sender.send([{ topic: 'any', messages: [{ value: 'v' }] }]);
  await expect(rejected).rejects.toMatchObject({
    name: 'SendRejected',
    cause: expect.objectContaining({ name: expect.stringContaining('KafkaJS') }),
  });
  await sender.close();
});

it('makes topics that are missing, leaves those that are there, and says nothing as an error', async () => {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk, _, next) => {
      lines.push(String(chunk));
      next();
    },
  });
  const names = [CHECKOUT_PAYMENTS, 'spec.first', 'spec.second'];
  const logger = createLogger({ service: 'spec', level: 'error', destination });
  const options = { ...world.kafka, partitions: 2, names, logger };
  await Promise.all([ensureTopics(options), ensureTopics(options)]);
  await ensureTopics(options);
  expect(lines).toEqual([]);
  const partitions = async (name: string) => (await world.probe.offsets(name, 'routing')).length;
  expect(await Promise.all(names.map(partitions))).toEqual([3, 2, 2]);
});

it('refuses at once to make a topic that cannot be', async () => {
  const options = { ...world.kafka, partitions: 1, names: ['not/a/topic'] };
  await expect(ensureTopics(options)).rejects.toThrow();
});
