import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Secret } from '@hutong/config';
import { createLogger } from '@hutong/telemetry';
import {
  aCloseRequested,
  aPaymentId,
  eventually,
  startOwnDatabase,
  type OwnDatabase,
} from '@hutong/testing';
import { aRecord, makeSchema, numbers, World } from './world.examples.js';

const WITHIN_MS = 120_000;

let database: OwnDatabase;
let world: World;

beforeAll(async () => {
  database = await startOwnDatabase();
  const url = new URL(database.adminUrl);
  const password = Secret.of(decodeURIComponent(url.password));
  url.password = '';
  const config = { url, password, poolSize: 10 };
  await makeSchema(config);
  world = await World.start({ database: { config, drop: async () => undefined } });
}, WITHIN_MS);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
}, WITHIN_MS);

it(
  'waits for its database: parks nothing, keeps its place in the group, and goes on in order',
  async () => {
    const said: string[] = [];
    const destination = new Writable({
      write: (chunk, _, next) => {
        said.push(String(chunk));
        next();
      },
    });
    const logger = createLogger({ service: 'routing', level: 'info', destination });
    const held: PromiseWithResolvers<undefined>[] = [];
    let handling = 0;
    const before = async () => {
      handling += 1;
      return held[0]?.promise;
    };
    const listener = await world.listener({ logger, before, tuning: { blockMs: 1_000 } });
    const heard = (event: string) => said.some((line) => line.includes(event));
    const ids = numbers(6).map(() => aPaymentId());
    const last = aPaymentId();
    const tellAll = async () => {
      for (let n = 0; n < 5; n += 1) {
        await world.produce(...ids.map((paymentId) => aRecord(aCloseRequested({ paymentId }))));
      }
    };
    await tellAll();
    await world.settled();

    // One event is in hand when the database goes; batches of other partitions come afterwards.
    const hand = Promise.withResolvers<undefined>();
    held.push(hand);
    await world.produce(aRecord(aCloseRequested({ paymentId: last })));
    await eventually(() => handling === 31);
    await database.stop();
    await tellAll();
    hand.resolve(undefined);
    await eventually(() => heard('a handler failed'));
    await eventually(() => heard('a partition is paused'));
    expect(listener.health()).toMatchObject({
      live: true,
      ready: false,
      reason: 'database or broker do not take results',
    });
    expect(await world.probe.members('routing')).toBe(1);
    await database.restart();

    await eventually(() => heard('a partition goes on'));
    await world.settled(60_000);
    for (const id of ids) {
      const sequences = await world.sequencesOf(id);
      expect(sequences).toHaveLength(10);
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    }
    expect(await world.sequencesOf(last)).toHaveLength(1);
    expect(await world.db.query('select key from parked_keys')).toEqual([]);
    expect(await world.parked()).toEqual([]);
    await eventually(() => listener.health().ready);
  },
  WITHIN_MS,
);
