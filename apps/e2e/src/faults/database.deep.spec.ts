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
  play,
  RING_SERVICES,
  type Place,
  type RingService,
} from '@hutong/world';
import { agreed, retried, startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { firstAt } from './freezing.examples.js';
import { InFlight, type Answers } from './in-flight.examples.js';
import { missingForSmallDisk, SmallDisk } from './small-disk.examples.js';
import { chosen, ordered, payShown, shown, shownOf, WITHIN_MS } from './ways.examples.js';

const SCENE_WITHIN_MS = 400_000;
/** Six schemas, and some payments. */
const TABLES_MB = 192;
/** A few segments of 16 MB, and room for one that is being made. */
const LOG_MB = 128;
const DISK_FULL = '53100';
/** How checkout answers without its database; a disk that is full it takes for a fault, 500. */
const AWAY = 503;
/** Who asks at once, so that pages are soon full. */
const CROWD = 8;

/** Where sessions are cut, and what somebody does to bring a service there. */
type Middle = Readonly<{ service: RingService; place: Place; way: 'choose' | 'pay' }>;
const COMMAND: Place = { table: 'attempts', before: 'insert' };

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

  /** Of all services together. */
  const allRetried = async (): Promise<number> => {
    const each = await Promise.all(RING_SERVICES.map((service) => retried(world.ring, service)));
    return each.reduce((sum, count) => sum + count, 0);
  };
  /** Providers tell of what was paid until they are heard, and nobody hears them without a database. */
  const allTold = (payments: InFlight, moreThan: number): Promise<boolean> =>
    eventually(async () => (await payments.tellings()).every((times) => times > moreThan), {
      withinMs: WITHIN_MS,
      what: `each provider to tell more than ${moreThan} times`,
    });

  it.each<Middle>([
    { service: 'routing', place: { table: 'attempt', before: 'insert' }, way: 'choose' },
    { service: 'wechat-gateway', place: COMMAND, way: 'choose' },
    { service: 'alipay-gateway', place: COMMAND, way: 'choose' },
    { service: 'unionpay-gateway', place: COMMAND, way: 'choose' },
    { service: 'checkout', place: { table: 'receipt', before: 'insert' }, way: 'pay' },
    { service: 'ledger', place: { table: 'ledger_event', before: 'insert' }, way: 'pay' },
  ])(
    'goes on after all sessions of $service were cut, one of them in the middle of a transaction',
    (middle) => played(() => cutIn(middle))(),
    SCENE_WITHIN_MS,
  );

  async function cutIn({ service, place, way }: Middle): Promise<void> {
    const { ring, shops } = world;
    const [shop] = shops;
    const before = await agreed(world, WITHIN_MS);
    const address = ring.databaseOf(service);
    await using gate = await Gate.build(address, place);
    const provider = providerBehind(service);
    const payment = way === 'choose' ? await ordered(shop) : await shown(shop, provider);
    const tried = await retried(ring, service);
    await gate.shut();
    const choice = way === 'choose' ? chosen(shop, payment, provider) : payShown(world, payment);
    const standing = await firstAt(gate, `${service} in the middle of a transaction`);

    const cut = await cutSessions(address);
    await gate.open();

    expect(cut).toContainEqual({ ...standing, inTransaction: true });
    await choice;
    await eventually(async () => (await retried(ring, service)) > tried, {
      withinMs: WITHIN_MS,
      what: `${service} to try again`,
    });
    if (way === 'choose') await payShown(world, await shownOf(shop, payment.paymentId));
    await shop.seeUntil(payment.paymentId, 'paid', WITHIN_MS);
    expect((await agreed(world, WITHIN_MS)).withMoney).toBe(before.withMoney + 1);
  }

  it(
    'refuses while its database is away, and goes on when it is back',
    played(async () => {
      const payments = await InFlight.prepare(world);
      const before = await agreed(world, WITHIN_MS);

      await database.stop();
      const answers = await payments.goOn();
      await allTold(payments, 0);
      await database.restart();

      await allTold(payments, 1);
      expect(refusalsIn(answers)).toEqual(
        Object.values(answers)
          .flat()
          .map(() => AWAY),
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
      const tried = await allRetried();

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
      expect(await allRetried()).toBeGreaterThan(tried);
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
      await allTold(payments, 0);
      await small.free();
      await database.kill();
      await database.restart();

      await allTold(payments, 1);
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
