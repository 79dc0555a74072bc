import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startOwnBroker, testDatabase } from '@hutong/testing';
import { BLOW_KINDS } from './plan/blows.js';
import { printResult, type SeedResult } from './result.js';
import { runSeedsOn, type Servers } from './run-seeds.js';

const root = join(import.meta.dirname, '../../..');
/** A seed whose people leave little behind that only time can end. */
const ASKED = { seeds: [1965], payments: 60, minutes: 0.5, instances: 1, together: 1 };

const started = new AsyncDisposableStack();
const said: string[] = [];
let servers: Servers;

beforeAll(async () => {
  const [broker, { adminUrl }] = await Promise.all([startOwnBroker(), testDatabase()]);
  servers = { broker: started.use(broker), adminUrl };
}, 180_000);

afterAll(() => started.disposeAsync(), 60_000);

it('runs a short seed: everything strikes, and four books agree to the fen', async () => {
  const results: SeedResult[] = [];
  await runSeedsOn(servers, ASKED, {
    root,
    note: (line) => said.push(line),
    signal: new AbortController().signal,
    report: async (result) => void results.push(result),
  });

  const [result] = results;
  if (result === undefined) throw new Error(said.join('\n'));
  const told = [printResult(result), ...(result.findings.length > 0 ? said : [])].join('\n');
  expect({ findings: result.findings, told }).toEqual({ findings: [], told });
  expect(result).toMatchObject({ compared: ASKED.payments });
  expect(result.withMoney).toBeGreaterThan(0);
  expect(Object.keys(result.blows)).toEqual(expect.arrayContaining([...BLOW_KINDS]));
  expect(result.blows['records set back']).toBeGreaterThan(0);
  expect(result.redelivered.deliveredAgain).toBeGreaterThan(0);
  const struck = Object.values(result.injuries).reduce((sum, times) => sum + times, 0);
  expect(struck).toBeGreaterThan(0);
}, 1_500_000);
