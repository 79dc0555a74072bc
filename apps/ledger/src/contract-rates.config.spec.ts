import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { PROVIDERS } from '@hutong/domain-events';
import { readContractRates } from './contract-rates.config.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-rates-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'rates.json');
const read = (content: string) => {
  writeFileSync(file, content);
  return readContractRates(file);
};
const always = (provider: string) => ({ provider, from: '2020-01-01', feeBps: 60 });
const ALL = PROVIDERS.map(always);
const withOne = (line: object) => JSON.stringify([...ALL, line]);

it('reads rates of a provider, an instrument and a platform, each from a day on', () => {
  const special = { instrument: 'bank_app', platform: 'jd', from: '2020-01-03', feeBps: 20 };
  expect(read(withOne({ ...always('unionpay'), ...special })).at(-1)).toEqual({
    provider: 'unionpay',
    instrument: 'bank_app',
    platform: 'jd',
    from: 2,
    feeBps: 20,
  });
});

it('is the file that the service comes with', () => {
  const shipped = new URL('../contract-rates.json', import.meta.url);
  expect(readContractRates(shipped.pathname)).toHaveLength(PROVIDERS.length);
});

it.each([
  ['what is no JSON', '[', 'is not JSON'],
  ['what is no list', '{}', 'is not a JSON list'],
  ['a line that is none', '[null]', 'rate 1: not an object'],
  ['a provider that is none', withOne(always('cash')), `rate ${ALL.length + 1}: bad provider`],
  ['a day that is none', withOne({ ...always('wechat'), from: '2024-02-30' }), 'bad from'],
  ['a day that is a number', withOne({ ...always('wechat'), from: 20240201 }), 'bad from'],
  ['a fee above all', withOne({ ...always('wechat'), feeBps: 10_001 }), 'bad feeBps'],
  ['a broken fee', withOne({ ...always('wechat'), feeBps: 0.5 }), 'bad feeBps'],
  ['a misspelt field', withOne({ ...always('wechat'), plattform: 'jd' }), 'bad plattform'],
  ['a provider left out', JSON.stringify(ALL.slice(1)), 'no rate from 2020-01-01 on for wechat'],
])('refuses %s', (_, content, complaint) => {
  expect(() => read(content)).toThrow(complaint);
  expect(() => read(content)).toThrow(file);
});
