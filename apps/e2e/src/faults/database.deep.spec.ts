import { spawnSync } from 'node:child_process';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, runWhere, startOwnDatabase, type OwnDatabase } from '@hutong/testing';
import {
  ask,
  change,
  cutSessions,
  Gate,
  metricOf,
  play,
  RING_SERVICES,
  type PaymentView,
  type Place,
  type RingService,
} from '@hutong/world';
import { agreed, startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { InFlight, type Answers } from './in-flight.examples.js';
import { missingForSmallDisk, SmallDisk } from './small-disk.examples.js';
import { chosen, ordered, payShown, shown, WITHIN_MS } from './ways.examples.js';

const SCENE_WITHIN_MS = 400_000;
/** Six schemas, and some payments. */
const TABLES_MB = 192;
/** A few segments of 16 MB, and room for one that is being made. */
const LOG_MB = 128;
const DISK_FULL = '53100';
/** Who asks at once, so that pages are soon full. */
const CROWD = 8;

const missing = await missingForSmallDisk();

describe('a ring whose database server fails', () => {
  const running = new AsyncDisposableStack();
  let database: OwnDatabase;
  let disk: SmallDisk | undefined;
  let world: FaultWorld;

  beforeAll(async () => {
    // What is mounted is used until the server has ended, so it goes last.
    if (missing === undefined) disk = running.use(await SmallDisk.mount(TABLES_MB));
    database = running.use(await startOwnDatabase());
    const { adminUrl } = database;
    if (disk !== undefined) await keepTablesOn(disk, adminUrl);
    world = await startFaultWorld(running, { adminUrl });
  }, 300_000);

  afterAll(() => running.disposeAsync(), 120_000);

  /** What fails says what the ring's processes complained of. */
  const played = (scene: () => Promise<void>) => () => play(world.ring, world, scene);

  const retried = async (service: RingService): Promise<number> => {
    const each = world.ring
      .instancesOf(service)
      .map((one) => metricOf(one, 'hutong_consumer_events_total', 'outcome="retried"'));
    return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
  };

  type Middle = Readonly<{ service: RingService; place: Place; way: 'choose' | 'pay' }>;
  it(
    'goes on after all sessions of each service were cut, one of them in the middle of a transaction',
    played(async () => {
      const { ring, shops } = world;
      const [shop] = shops;
      const before = await agreed(world, WITHIN_MS);
      const middles: readonly Middle[] = [
        { service: 'routing', place: { table: 'attempt', before: 'insert' }, way: 'choose' },
        { service: 'wechat-gateway', place: COMMAND, way: 'choose' },
        { service: 'alipay-gateway', place: COMMAND, way: 'choose' },
        { service: 'unionpay-gateway', place: COMMAND, way: 'choose' },
        { service: 'checkout', place: { table: 'receipt', before: 'insert' }, way: 'pay' },
        { service: 'ledger', place: { table: 'ledger_event', before: 'insert' }, way: 'pay' },
      ];
      const made: PaymentView[] = [];
      for (const { service, place, way } of middles) {
        const address = ring.databaseOf(service);
        await using gate = await Gate.build(address, place);
        const provider = providerBehind(service);
        const payment = way === 'choose' ? await ordered(shop) : await shown(shop, provider);
        made.push(payment);
        const tried = await retried(service);
        await gate.shut();
        const choice =
          way === 'choose' ? chosen(shop, payment, provider) : payShown(world, payment);
        const [standing] = await eventually(
          async () => {
            const waiting = await gate.waiting();
            return waiting.length > 0 && waiting;
          },
          { withinMs: WITHIN_MS, what: `${service} in the middle of a transaction` },
        );

        const cut = await cutSessions(address);
        await gate.open();

        expect(cut).toContainEqual({ ...standing, inTransaction: true });
        await choice;
        await eventually(async () => (await retried(service)) > tried, {
          withinMs: WITHIN_MS,
          what: `${service} to try again`,
        });
      }

      for (const { paymentId, attempts } of made) {
        if (attempts.length === 0) {
          const payment = await shop.seeWhen(
            paymentId,
            (seen) => seen.attempts[0]?.action !== undefined,
            { withinMs: WITHIN_MS, what: 'to show something to pay by' },
          );
          await payShown(world, payment);
        }
        await shop.seeUntil(paymentId, 'paid', WITHIN_MS);
      }
      const compared = await agreed(world, WITHIN_MS);
      expect(compared.withMoney).toBe(before.withMoney + RING_SERVICES.length);
    }),
    SCENE_WITHIN_MS,
  );

  it(
    'refuses while its database is away, and goes on when it is back',
    played(async () => {
      const payments = await InFlight.prepare(world);
      const before = await agreed(world, WITHIN_MS);

      await database.stop();
      const answers = await payments.goOn();
      await database.restart();

      expect(refusalsIn(answers)).toEqual(
        Object.values(answers)
          .flat()
          .map(() => 500),
      );
      const count = await payments.toTheirEnds();
      const compared = await agreed(world, WITHIN_MS);
      expect(compared.withMoney).toBe(before.withMoney + count - 3); // three were paid before
    }),
    SCENE_WITHIN_MS,
  );

  runWhere(it, missing)(
    'loses nothing of what it took while the disk of its tables was full',
    played(async () => {
      const [shop] = world.shops;
      const payments = await InFlight.prepare(world);
      const before = await agreed(world, WITHIN_MS);

      await using freed = new AsyncDisposableStack(); // also if the scene fails
      freed.defer(() => disk?.free());
      await disk?.fill();
      const full = await codeOf(change(world.ring.databaseOf('checkout'), TOO_MUCH));
      // As long as pages of its tables have room it takes payments; nobody offers them anything.
      const taken: string[] = [];
      const refused = await eventually(
        async () => {
          const crowd = Array.from({ length: CROWD }, () => ordered(shop.waiting(1)));
          const asked = await Promise.allSettled(crowd);
          for (const one of asked) if (one.status === 'fulfilled') taken.push(one.value.paymentId);
          return asked.find(({ status }) => status === 'rejected');
        },
        { withinMs: WITHIN_MS, what: 'checkout to refuse' },
      );
      await payments.goOn();
      await disk?.free();

      expect(full).toBe(DISK_FULL);
      expect(refused).toMatchObject({ reason: { status: 500 } });
      const count = await payments.toTheirEnds();
      for (const paymentId of taken) {
        const payment = await shop.seeWhen(paymentId, ({ offer }) => offer !== undefined, {
          withinMs: WITHIN_MS,
          what: 'to be offered after all',
        });
        expect(payment.status).toBe('offered');
      }
      const compared = await agreed(world, WITHIN_MS);
      expect(compared.withMoney).toBe(before.withMoney + count - 3);
    }),
    SCENE_WITHIN_MS,
  );

  runWhere(it, missing)(
    'loses nothing of what it took before the disk of its log was full',
    played(async () => {
      const payments = await InFlight.prepare(world);
      const before = await agreed(world, WITHIN_MS);
      await using back = new AsyncDisposableStack();
      const small = back.use(await SmallDisk.mount(LOG_MB));
      back.use(await keepLogOn(small, database));
      await agreed(world, WITHIN_MS);

      await small.fill();
      const log = join(await dataFolder(database.adminUrl), '../server.log');
      const broken = await codeOf(change(database.adminUrl, LONG_LOG));
      const answers = await payments.goOn();
      await small.free();
      await database.kill();
      await database.restart();

      expect(broken).not.toBeUndefined();
      expect(await readFile(log, 'utf8')).toMatch(/PANIC: .*No space left on device/);
      expect(refusalsIn(answers).length).toBeGreaterThan(0);
      const count = await payments.toTheirEnds();
      const compared = await agreed(world, WITHIN_MS);
      expect(compared.withMoney).toBe(before.withMoney + count - 3);
    }),
    SCENE_WITHIN_MS,
  );
});

const COMMAND: Place = { table: 'attempts', before: 'insert' };
/** More than fits anywhere. */
const TOO_MUCH =
  'create table too_much as select repeat(md5(n::text), 64) from generate_series(1, 1000000) n';
const LONG_LOG = `do $$ begin
  for n in 1..40 loop perform pg_logical_emit_message(false, 'spec', repeat('x', 8000000)); end loop;
end $$`;

const providerBehind = (service: RingService) => {
  if (service === 'alipay-gateway') return 'alipay';
  return service === 'unionpay-gateway' ? 'unionpay' : 'wechat';
};

const refusalsIn = (answers: Answers): number[] =>
  Object.values(answers)
    .flat()
    .flatMap((answer) => ('refused' in answer ? [answer.refused] : []));

/** Every database that is made from now on is there; the server's own files and its log are not. */
async function keepTablesOn(disk: SmallDisk, adminUrl: string): Promise<void> {
  const folder = await disk.folderFor(await dataFolder(adminUrl));
  await change(adminUrl, `create tablespace small location '${folder}'`);
  await change(adminUrl, 'alter database template1 set tablespace small');
}

/** Moves the server's log there, and back when disposed of. */
async function keepLogOn(disk: SmallDisk, database: OwnDatabase): Promise<AsyncDisposable> {
  const data = await dataFolder(database.adminUrl);
  const folder = await disk.folderFor(data);
  const log = join(data, 'pg_wal');
  const aside = `${log}-before`;
  await database.stop();
  await cp(log, folder, { recursive: true, preserveTimestamps: true });
  giveTo(data, folder);
  await rename(log, aside);
  await symlink(folder, log);
  await database.restart();
  return {
    [Symbol.asyncDispose]: async () => {
      await database.stop();
      await rm(log);
      await rm(aside, { recursive: true });
      await cp(folder, log, { recursive: true });
      giveTo(data, log);
      await database.restart();
    },
  };
}

async function dataFolder(adminUrl: string): Promise<string> {
  const [row] = await ask<{ folder: string }>(
    adminUrl,
    `select current_setting('data_directory') as folder`,
  );
  if (row === undefined) throw new Error('the server keeps its data nowhere');
  return row.folder;
}

const giveTo = (owned: string, folder: string): void => {
  const { status } = spawnSync('chown', ['-R', `--reference=${owned}`, folder]);
  if (status !== 0) throw new Error(`${folder} has no other owner`);
};

/** The code of its fault; undefined if it has none. */
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (fault: unknown): unknown => Reflect.get(Object(fault), 'code') ?? 'no answer',
  );
