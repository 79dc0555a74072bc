import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { allTopicNames, CHECKOUT_PAYMENTS } from '@hutong/domain-events';
import { aPaymentId, eventually } from '@hutong/testing';
import { runFromSource, type Child } from '../start-child.examples.js';
import { numbers, World } from '../world.examples.js';

const WITHIN_MS = 120_000;
const program = join(import.meta.dirname, 'rewinding.examples.ts');

const running = new AsyncDisposableStack();
let world: World;
let passwordFile: string;

beforeAll(async () => {
  world = running.use(await World.start({ names: allTopicNames() }));
  world.relay();
  await world.db.query('create table recalled (event_id uuid primary key)');
  const folder = await mkdtemp(join(tmpdir(), 'hutong-rewind-'));
  running.defer(() => rm(folder, { recursive: true }));
  passwordFile = join(folder, 'database.password');
  await writeFile(passwordFile, world.config.password.reveal(), { mode: 0o600 });
}, WITHIN_MS);
afterAll(() => running.disposeAsync(), WITHIN_MS);

it(
  'is run again after it was killed between its recall and the offsets, and ends as if it had not been',
  async () => {
    const listener = await world.listener();
    const ids = numbers(3).map(() => aPaymentId());
    for (const id of ids) await world.tellOf(id, 1);
    await world.settled(WITHIN_MS);
    const to = new Date();
    for (const id of ids) await world.tellOf(id, 2);
    await world.settled(WITHIN_MS);
    await listener.stop();
    // The restored database knows of the first three alone.
    await world.db.query('delete from inbox where received_at > $1', [to]);
    await world.db.query('delete from effects where sequence > 1');
    const heard = await committed();
    expect(heard).toBe(9n);

    await killedBeforeTheOffsets(to);
    expect(await committed()).toBe(heard);
    expect([await rowsIn('recalled'), await rowsIn('rewinds')]).toEqual([6, 1]);

    const again = rewind(to);
    expect(await once(again.process, 'close')).toEqual([0, null]);
    expect(again.said()).toContain('6 records will be heard again');
    expect(await committed()).toBe(heard - 6n);
    expect([await rowsIn('recalled'), await rowsIn('rewinds')]).toEqual([6, 2]);

    await world.listener();
    await world.settled(WITHIN_MS);
    for (const id of ids) expect(await world.sequencesOf(id)).toEqual([1, 2, 3]);
  },
  3 * WITHIN_MS,
);

/** What comes between the two is counting on, which waits here for its table. */
const killedBeforeTheOffsets = (to: Date): Promise<void> =>
  world.db.transaction(async (tx) => {
    await tx.query("select set_config('idle_in_transaction_session_timeout', '0', true)");
    await tx.query('lock table outbox_sequences in exclusive mode');
    const { process: killed } = rewind(to);
    const closed = once(killed, 'close');
    try {
      await eventually(async () => (await waitingForSequences()) === 1, {
        withinMs: WITHIN_MS,
        what: 'a rewind that has recalled and not moved its group',
      });
    } finally {
      killed.kill('SIGKILL');
    }
    expect(await closed).toEqual([null, 'SIGKILL']);
  });

const waitingForSequences = async (): Promise<number> =>
  (
    await world.db.query(
      "select 1 from pg_locks where not granted and relation = 'outbox_sequences'::regclass",
    )
  ).length;

function rewind(to: Date): Child {
  const { config, kafka } = world;
  const asked = ['--to', to.toISOString(), '--margin', '0', '--apply', '--by', 'wang'];
  return runFromSource(program, [kafka.namespace ?? '', ...asked], {
    DATABASE_URL: config.url.href,
    DATABASE_PASSWORD_FILE: passwordFile,
    KAFKA_BROKERS: kafka.brokers.join(),
  });
}

/** How far the group has heard, all partitions together. */
async function committed(): Promise<bigint> {
  const offsets = await world.probe.offsets(CHECKOUT_PAYMENTS, 'routing');
  return offsets.reduce((sum, { committed: own }) => sum + own, 0n);
}

const rowsIn = async (table: 'recalled' | 'rewinds'): Promise<number> =>
  (await world.db.query(`select 1 from ${table}`)).length;
