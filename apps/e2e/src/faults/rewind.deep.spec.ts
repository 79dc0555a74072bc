import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { readRows, type PaymentView, type RingService } from '@hutong/world';
import { dealtWithBy, startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { runOf } from './service-command.examples.js';
import {
  bringBackRows,
  discard,
  putBack,
  rowsOf,
  takeSnapshot,
  type Snapshot,
} from './snapshot.examples.js';
import {
  chosen,
  offeredOf,
  ordered,
  paid,
  payShown,
  shown,
  shownOf,
  WITHIN_MS,
  type WayName,
} from './ways.examples.js';
import { parkedIn, wholeBooks } from './whole-books.examples.js';

type Row = Readonly<{ service: RingService; table: string; key: string; way: WayName }>;
/**
 * Whose database is put back, what is counted in it, and by which provider its payments are paid. Alipay's
 * comes before anything of Alipay's is given back in full: of that it says what it says of an order that
 * nobody paid (docs/operations.md).
 */
const PUT_BACK: readonly Row[] = [
  { service: 'alipay-gateway', table: 'attempts', key: 'attempt_id', way: 'alipay' },
  { service: 'wechat-gateway', table: 'attempts', key: 'attempt_id', way: 'wechat' },
  { service: 'routing', table: 'payment', key: 'payment_id', way: 'alipay' },
  { service: 'ledger', table: 'ledger_event', key: 'event_id', way: 'wechat' },
  { service: 'checkout', table: 'payment', key: 'payment_id', way: 'wechat' },
];

/** UnionPay cannot be asked by the number alone: what its gateway has forgotten is left to people. */
const BY_HAND: Row = {
  service: 'unionpay-gateway',
  table: 'attempts',
  key: 'attempt_id',
  way: 'unionpay',
};
const EACH = [...PUT_BACK, BY_HAND];

const running = new AsyncDisposableStack();
let world: FaultWorld;
let snapshots: ReadonlyMap<RingService, Snapshot>;
let lost: ReadonlyMap<RingService, LostTime>;

/** All are copied at one moment, and lose what is played behind it one after another. */
beforeAll(async () => {
  world = await startFaultWorld(running);
  const { ring, shops } = world;
  const open = await forEach(({ way }) => shown(shops[0], way));
  await wholeBooks(world, WITHIN_MS);
  await forEach(({ service }) => stop(service));
  snapshots = await forEach(async ({ service }) => {
    const snapshot = await takeSnapshot(ring, service);
    running.defer(() => discard(ring, service, snapshot)); // if it was never put back
    return snapshot;
  });
  await forEach(({ service }) => ring.restart(service));
  lost = await forEach(({ service, way }) => lostTime(of(open, service), way));
  await wholeBooks(world, WITHIN_MS);
}, 6 * WITHIN_MS);
afterAll(() => running.disposeAsync(), 120_000);

async function forEach<T>(work: (row: Row) => Promise<T>): Promise<ReadonlyMap<RingService, T>> {
  return new Map(
    await Promise.all(EACH.map(async (row) => [row.service, await work(row)] as const)),
  );
}

function of<T>(each: ReadonlyMap<RingService, T>, service: RingService): T {
  const own = each.get(service);
  if (own === undefined) throw new Error(`nothing of ${service}`);
  return own;
}

const stop = (service: RingService) =>
  Promise.all(world.ring.instancesOf(service).map((one) => one.stop()));

async function pay(payment: PaymentView): Promise<PaymentView> {
  await payShown(world, payment);
  return world.shops[0].seeUntil(payment.paymentId, 'paid', WITHIN_MS);
}

/** What is shown by now: a code from before the loss may be dead, and another one there instead of it. */
async function payWhatIsShown({ paymentId }: PaymentView): Promise<PaymentView> {
  const [shop] = world.shops;
  const scan = async () => {
    await payShown(world, await shop.see(paymentId));
    return true;
  };
  await eventually(scan, { withinMs: WITHIN_MS, what: 'a code that can be paid' });
  return shop.seeUntil(paymentId, 'paid', WITHIN_MS);
}

type LostTime = Awaited<ReturnType<typeof lostTime>>;

/** What goes on behind the snapshot, every kind of end included, and what is under way at the loss. */
async function lostTime(open: PaymentView, way: WayName) {
  const [shop] = world.shops;
  await pay(open);
  const refunded = await paid(world, shop, way);
  await shop.refund(refunded.paymentId, '2800');
  await shop.seeUntil(refunded.paymentId, 'partly_refunded', WITHIN_MS);
  // A code of the others that nobody has scanned ends by its time alone.
  if (way === 'wechat') {
    const closed = await shown(shop, way);
    await shop.close(closed.paymentId);
    await shop.seeUntil(closed.paymentId, 'closed', WITHIN_MS);
  }
  const underWay = await shown(shop, way);
  const offered = await offeredOf(shop, (await ordered(shop)).paymentId);
  return { refunded, underWay, offered };
}

const rowsIn = async ({ service, table, key }: Row): Promise<number> =>
  (await readRows(world.ring.databaseOf(service), { [table]: key }))[table]?.length ?? 0;

/** Stopped, put back, rewound and running again, once everything that it is to hear again was dealt with. */
async function loseAndRewind(row: Row): Promise<void> {
  const { ring } = world;
  const { service } = row;
  const snapshot = of(snapshots, service);
  const rewind = ['rewind', '--to', snapshot.at.toISOString(), '--margin', '5'];
  const alive = await runOf(ring, service, rewind);
  expect([alive.exitCode, alive.out]).toEqual([1, expect.stringContaining('are alive')]);

  await stop(service);
  const had = await rowsIn(row);
  await putBack(ring, service, snapshot);
  expect(await rowsIn(row)).toBeLessThan(had); // the loss is real
  const dry = await runOf(ring, service, rewind);
  expect([dry.exitCode, dry.out]).toEqual([0, expect.stringMatching(/dry run.* [1-9]\d* records/)]);
  const done = await runOf(ring, service, [...rewind, '--apply', '--by', 'wang']);
  expect([done.exitCode, done.out]).toEqual([0, expect.stringMatching(/[1-9]\d* records will/)]);
  const promised = Number(/(\d+) records will/.exec(done.out)?.[1]);
  await ring.restart(service);
  // Counted anew since the start, and nobody does anything before all of it was heard.
  await eventually(async () => (await dealtWithBy(ring, service)) >= promised, {
    withinMs: WITHIN_MS,
    what: `${service} to hear ${promised} records again`,
  });
}

/** What was under way goes on, and what is over can still be given back. */
async function goOn({ refunded, underWay, offered }: LostTime, way: WayName): Promise<void> {
  const [shop] = world.shops;
  await payWhatIsShown(underWay);
  await shop.refund(refunded.paymentId, '10000');
  await shop.seeUntil(refunded.paymentId, 'refunded', WITHIN_MS);
  await chosen(shop, await offeredOf(shop, offered.paymentId), way);
  await pay(await shownOf(shop, offered.paymentId));
}

/** Two of each lost time were paid, and two more of those that have gone on. */
async function expectWholeBooks(goneOn: number): Promise<void> {
  const { withMoney } = await wholeBooks(world, WITHIN_MS);
  expect(withMoney).toBe(2 * EACH.length + 2 * goneOn);
}

it.each(PUT_BACK.map((row, n) => ({ ...row, goneOn: n + 1 })))(
  'lets $service catch up whose database was put back: nothing is lost, nothing is done twice',
  async ({ goneOn, ...row }) => {
    const had = await rowsIn(row);

    await loseAndRewind(row);

    await goOn(of(lost, row.service), row.way);
    await expectWholeBooks(goneOn);
    expect(await parkedIn(world)).toEqual([]);
    expect(await rowsIn(row)).toBeGreaterThanOrEqual(had);
  },
  6 * WITHIN_MS,
);

it(
  'leaves to people what UnionPay cannot be asked for, and goes on once they have looked it up',
  async () => {
    const { service, way } = BY_HAND;
    const { ring } = world;
    const { refunded, underWay } = of(lost, service);
    const lookedUp = await rowsOf(ring, service, ['attempts', 'refunds']);

    await loseAndRewind(BY_HAND);

    const parked = await parkedIn(world);
    for (const { paymentId } of [refunded, underWay]) {
      expect(parked).toContainEqual(expect.stringMatching(`^gateway\\.unionpay\\S* ${paymentId}:`));
    }
    expect(await bringBackRows(ring, service, lookedUp)).toBeGreaterThan(0);
    const redrive = ['redrive', '--apply', '--by', 'wang', '--wait', `${WITHIN_MS / 1_000}`];
    const done = await runOf(ring, service, redrive);
    expect([done.exitCode, done.out]).toEqual([0, expect.stringContaining('is dealt with')]);
    await goOn(of(lost, service), way);
    await expectWholeBooks(EACH.length);
  },
  6 * WITHIN_MS,
);
