import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { PROVIDERS } from '@hutong/domain-events';
import { readLedgerConfig } from './ledger.config.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-ledger-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const environment = {
  DATABASE_URL: 'postgresql://ledger@localhost:5432/ledger',
  DATABASE_PASSWORD_FILE: fileOf('password', 'secret'),
  KAFKA_BROKERS: 'localhost:9092',
  TOKENS_FILE: fileOf('tokens.json', '[]'),
  CONTRACT_RATES_FILE: new URL('../contract-rates.json', import.meta.url).pathname,
};

it('knows its port and its rates', () => {
  const config = readLedgerConfig(environment);
  expect(config).toMatchObject({ role: 'all', port: 3_002, managementPort: 9_002 });
  expect(config.rates).toHaveLength(PROVIDERS.length);
});

it.each<{ STORY: string; BOOKING_CLOCK: string; clock: string }>`
  STORY  | BOOKING_CLOCK | clock
  ${''}  | ${''}         | ${'append'}
  ${''}  | ${'event'}    | ${'event'}
  ${'1'} | ${''}         | ${'event'}
  ${'1'} | ${'append'}   | ${'append'}
`('books by $clock where STORY is "$STORY" and BOOKING_CLOCK "$BOOKING_CLOCK"', (row) => {
  const { STORY, BOOKING_CLOCK, clock } = row;
  expect(readLedgerConfig({ ...environment, STORY, BOOKING_CLOCK }).bookingClock).toBe(clock);
});

it.each([
  ['BOOKING_CLOCK', 'wall'],
  ['TOKENS_FILE', '/nowhere'],
  ['CONTRACT_RATES_FILE', ''],
])('refuses to start with %s as "%s"', (variable, value) => {
  expect(() => readLedgerConfig({ ...environment, [variable]: value })).toThrow(variable);
});
