import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RawDatabase } from '@hutong/database';
import { createLogger } from '@hutong/telemetry';
import { startOwnBroker, testDatabase } from '@hutong/testing';
import { ask, type Ring } from '@hutong/world';
import { databaseAt } from '../bench/bench-database.js';
import { judgeSeeds } from './judge-seeds.js';
import { BLOW_KINDS } from './plan/blows.js';
import { printResult } from './result.js';
import { runSeed, type Begun } from './run-seed.js';
import { startStage, type Stage } from './run-seeds.js';

const root = join(import.meta.dirname, '../../..');
/** A seed whose people leave little behind that only time can end. */
const ASKED = { seed: 1965, payments: 60, minutes: 0.5, instances: 1 };

const started = new AsyncDisposableStack();
const said: string[] = [];
let stage: Stage;
let begun: Begun;

beforeAll(async () => {
  const [broker, { adminUrl }] = await Promise.all([startOwnBroker(), testDatabase()]);
  const { signal } = new AbortController();
  const note = (line: string) => void said.push(line);
  const around = { root, signal, note, instances: ASKED.instances };
  stage = await startStage(started, { broker: started.use(broker), adminUrl }, around);
}, 300_000);

afterAll(() => started.disposeAsync(), 60_000);

it('runs a short seed: everything strikes, and four books agree to the fen', async () => {
  begun = await runSeed(stage, ASKED);
  const [result] = await judgeSeeds(stage, [begun]);

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

it('finds a fen that only one book has, and a key in trouble, and tells all of both payments', async () => {
  const { ring } = stage;
  const [more, stuck] = await twoPaid(ring);
  const oneFen = 'update receipt set amount_minor = amount_minor + 1 where payment_id = $1::uuid';
  await change(ring.databaseOf('checkout'), oneFen, more);
  const key = `insert into parked_keys
    (topic, key, attempts, first_failed_at, next_attempt_at, error_class, error_code)
    values ('gateway.reports', $1, 0, now(), now() + interval '1 day', 'Error', 'none')`;
  await change(ring.databaseOf('routing'), key, stuck);

  const hasty = { ...stage, patience: { openMs: 0, differsMs: 0 } };
  const [{ findings = [], timelines = [] } = {}] = await judgeSeeds(hasty, [begun]);

  expect(findings).toEqual(
    expect.arrayContaining([
      expect.stringMatching(`^${more}: .*checkout`),
      `${stuck}: stuck among 1 routing: parked keys`,
    ]),
  );
  for (const id of [more, stuck]) {
    const timeline = timelines.find((one) => one.startsWith(`payment ${id}`));
    for (const who of ['checkout receipt', 'checkout.payments', 'payment.outcomes', 'ledger']) {
      expect(timeline).toContain(`  ${who} `);
    }
  }
}, 300_000);

async function change(address: string, statement: string, id: string): Promise<void> {
  const logger = createLogger({ service: 'faults', level: 'error' });
  await using database = RawDatabase.connect(databaseAt(address), { logger });
  expect(await database.query(`${statement} returning 1`, [id])).toHaveLength(1);
}

/** Two payments of the run that have kept their money. */
async function twoPaid(ring: Ring): Promise<readonly [string, string]> {
  const [one, other] = await ask<{ id: string }>(
    ring.databaseOf('checkout'),
    `select payment_id::text as id from payment where status = 'paid' order by payment_id limit 2`,
  );
  if (one === undefined || other === undefined) throw new Error('hardly anybody has paid');
  return [one.id, other.id];
}
