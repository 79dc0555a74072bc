import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { migrate, RawDatabase } from '@hutong/database';
import { allTopicNames, GATEWAY_WECHAT } from '@hutong/domain-events';
import { UsageError } from '@hutong/http';
import { ensureTopics, Outbox } from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import { anAttemptRequested, anEventId, freshDatabase, testBroker } from '@hutong/testing';
import { USUAL_PLAN } from './asking-plan.js';
import { Attempts } from './attempts.repository.js';
import type { AskedBy } from './maybe-sent.repository.js';
import { rewindGateway } from './rewind-gateway.js';
import { migrationsOfGateway } from './start-gateway.js';

const service = 'wechat-gateway';
const logger = createLogger({ service, level: 'silent' });
const running = new AsyncDisposableStack();
let db: RawDatabase;
let rewind: (askedBy: AskedBy, ...args: readonly string[]) => Promise<string[]>;

beforeAll(async () => {
  const [{ brokers }, database] = await Promise.all([
    testBroker(),
    freshDatabase('gateway', (config) => migrate(config, migrationsOfGateway, { logger })),
  ]);
  running.defer(() => database.drop());
  db = running.use(RawDatabase.connect(database.config, { logger }));
  const namespace = `rewind-${randomBytes(5).toString('hex')}`;
  await ensureTopics({ brokers, namespace, partitions: 1, names: allTopicNames() });
  const folder = await mkdtemp(join(tmpdir(), 'hutong-rewind-'));
  running.defer(() => rm(folder, { recursive: true }));
  const passwordFile = join(folder, 'database.password');
  await writeFile(passwordFile, database.config.password.reveal(), { mode: 0o600 });
  const env = {
    DATABASE_URL: database.config.url.href,
    DATABASE_PASSWORD_FILE: passwordFile,
    KAFKA_BROKERS: brokers.join(),
  };
  rewind = async (askedBy, ...args) => {
    const said: string[] = [];
    const print = (line: string) => void said.push(line);
    const around = { service, migrations: migrationsOfGateway, env, print } as const;
    await rewindGateway(args, { ...around, kafka: { namespace } }, askedBy);
    return said;
  };
}, 120_000);
afterAll(() => running.disposeAsync(), 30_000);
beforeEach(() => db.query('truncate attempts cascade'));

const TO = ['--to', new Date().toISOString(), '--margin', '0'];
const APPLY = [...TO, '--apply', '--by', 'wang'];

/** An attempt that is stored, and not sent. */
async function anUnsent(): Promise<string> {
  const outbox = new Outbox({ service, clock: systemClock });
  const around = { onReport: () => undefined, onWork: () => undefined };
  const attempts = new Attempts(db, outbox, systemClock, {
    ...around,
    closable: true,
    plan: USUAL_PLAN,
  });
  const now = systemClock.now();
  const inAnHour = new Date(now.getTime() + 3_600_000);
  const event = anAttemptRequested({ notAfter: inAnHour, expiresAt: inAnHour });
  const from = { topic: GATEWAY_WECHAT, partition: 0, offset: 0n, sequence: 1 } as const;
  const received = { ...from, eventId: anEventId(), occurredAt: now, appendedAt: now } as const;
  await attempts.store({ ...received, event, source: 'routing' }, 'toys');
  return event.attemptId;
}

const rows = () => db.query('select status, due_action from attempts');

type Row = Readonly<{ askedBy: AskedBy; said: RegExp; due: string | null }>;
it.each<Row>`
  askedBy                            | said                                     | due
  ${{}}                              | ${/^1 attempts stand.*asked for first$/} | ${'query'}
  ${{ asksByMoreThanNumbers: true }} | ${/^1 attempts and 0.*left to people$/}  | ${null}
`('a rewind with $askedBy names what may have been sent', async ({ askedBy, said, due }) => {
  const id = await anUnsent();
  const named = [expect.stringMatching(said), `  attempt ${id}`];
  const dry = await rewind(askedBy, ...TO);
  expect(dry.slice(-2)).toEqual(named);
  expect(await rows()).toEqual([{ status: 'requested', due_action: 'submit' }]);

  const done = await rewind(askedBy, ...APPLY);
  expect(done).toEqual(expect.arrayContaining(named));
  expect(await rows()).toEqual([{ status: 'submitted', due_action: due }]);
  expect(await rewind(askedBy, ...APPLY)).toEqual(expect.arrayContaining(named));
});

it('finds nothing where nothing is unsent, and refuses what makes no sense', async () => {
  const done = await rewind({}, ...APPLY);
  expect(done).toContainEqual(expect.stringMatching(/^0 attempts stand unsent/));
  await expect(rewind({})).rejects.toBeInstanceOf(UsageError);
  expect(await rewind({}, '--help')).toEqual([expect.stringContaining('rewind --to TIME')]);
});
