import { expect, it } from '@jest/globals';
import { DatabaseAway, isDatabaseAway, reaching } from './database-away.js';

const fault = (code?: string): Error => Object.assign(new Error('said'), code && { code });

it.each<[string, Error]>([
  ['a server that starts', fault('57P03')],
  ['one that stops', fault('57P01')],
  ['one that a session of has crashed', fault('57P02')],
  ['one without a connection to spare', fault('53300')],
  ['a connection that failed', fault('08006')],
  ['nobody who listens', fault('ECONNREFUSED')],
  ['a connection that ended', fault()],
])('takes this for away: %s', async (_, thrown) => {
  const away = await reaching(Promise.reject(thrown)).catch((told: unknown) => told);
  expect(away).toBeInstanceOf(DatabaseAway);
  expect(away).toHaveProperty('cause', thrown);
  expect(isDatabaseAway(new Error('load', { cause: away }))).toBe(true);
});

it.each<[string, Error]>([
  ['a full disk', fault('53100')],
  ['a statement that took too long', fault('57014')],
  ['a key that is taken', fault('23505')],
  ['a password that is wrong', fault('28P01')],
  ['a value that nobody can write', new TypeError('said')],
])('throws this as it is: %s', async (_, thrown) => {
  expect(await reaching(Promise.reject(thrown)).catch((told: unknown) => told)).toBe(thrown);
  expect(isDatabaseAway(thrown)).toBe(false);
});

it('knows what models say, and takes no other client for the database', () => {
  expect(isDatabaseAway(fault('P1001'))).toBe(true);
  expect(isDatabaseAway(fault('P2002'))).toBe(false);
  expect(isDatabaseAway(fault('ECONNREFUSED'))).toBe(false);
});
