import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { migrate, RawDatabase } from '@hutong/database';
import { createLogger } from '@hutong/telemetry';
import { FixedClock, freshDatabase, type FreshDatabase } from '@hutong/testing';
import { RefusedSample } from './refused-sample.repository.js';
import { migrationsOfGateway } from './start-gateway.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
const FORGED = {
  account: 'toys',
  reason: 'bad_signature',
  claims: { key: 'toy' },
  body: Buffer.from('forged'),
};
const MOMENT_MS = 200;
const MINUTE_MS = 60_000;

let database: FreshDatabase;
let db: RawDatabase;

beforeAll(async () => {
  database = await freshDatabase('gateway', (config) =>
    migrate(config, migrationsOfGateway, { logger }),
  );
  db = RawDatabase.connect(database.config, { logger });
}, 60_000);
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await database.drop();
});

const flood = async (sample: RefusedSample, forgeries: number): Promise<number> => {
  const kept = await Promise.all(Array.from({ length: forgeries }, () => sample.keep(FORGED)));
  return kept.filter(Boolean).length;
};

it('keeps ten of any sixty seconds, wherever the minute of the clock ends', async () => {
  const clock = new FixedClock('2026-11-24T08:00:59.900Z');
  const sample = new RefusedSample(db, clock);
  expect(await flood(sample, 8)).toBe(8);
  clock.advance(MOMENT_MS);
  expect(await flood(sample, 8)).toBe(2);
  clock.advance(MINUTE_MS - MOMENT_MS); // the eight are a minute old, the two are not
  expect(await flood(sample, 20)).toBe(8);
});

it('does not fall silent when the clock is set back', async () => {
  const clock = new FixedClock('2026-11-24T08:00:00.000Z');
  const sample = new RefusedSample(db, clock);
  expect(await flood(sample, 20)).toBe(10);
  clock.set('2026-11-24T07:00:00.000Z');
  expect(await flood(sample, 20)).toBe(10);
});
