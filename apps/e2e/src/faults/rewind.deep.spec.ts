import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { readRows, type PaymentView, type RingService } from '@hutong/world';
import { dealtWithBy, startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { runOf } from './service-command.examples.js';
import { putBack, takeSnapshot } from './snapshot.examples.js';
import {
  chosen,
  offeredOf,
  ordered,
  paid,
  payShown,
  shown,
  shownOf,
  WITHIN_MS,
} from './ways.examples.js';
import { parkedIn, wholeBooks } from './whole-books.examples.js';

const running = new AsyncDisposableStack();
let world: FaultWorld;

beforeAll(async () => {
  world = await startFaultWorld(running);
}, 300_000);
afterAll(() => running.disposeAsync(), 120_000);

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

/** What goes on behind the snapshot, every kind of end included, and what is under way at the loss. */
async function lostTime(open: PaymentView) {
  const [shop] = world.shops;
  await pay(open);
  const refunded = await paid(world, shop, 'wechat');
  await shop.refund(refunded.paymentId, '2800');
  await shop.seeUntil(refunded.paymentId, 'partly_refunded', WITHIN_MS);
  const closed = await shown(shop, 'wechat');
  await shop.close(closed.paymentId);
  await shop.seeUntil(closed.paymentId, 'closed', WITHIN_MS);
  const underWay = await shown(shop, 'wechat');
  const offered = await offeredOf(shop, (await ordered(shop)).paymentId);
  return { refunded, underWay, offered };
}

type Row = Readonly<{ service: RingService; table: string; key: string }>;
it.each<Row>`
  service             | table         | key
  ${'wechat-gateway'} | ${'attempts'} | ${'attempt_id'}
  ${'checkout'}       | ${'payment'}  | ${'payment_id'}
`(
  'lets $service catch up whose database was put back: nothing is lost, nothing is done twice',
  async ({ service, table, key }) => {
    const { ring } = world;
    const [shop] = world.shops;
    const open = await shown(shop, 'wechat');
    await wholeBooks(world, WITHIN_MS);
    const stop = () => Promise.all(ring.instancesOf(service).map((one) => one.stop()));
    const rows = async () =>
      (await readRows(ring.databaseOf(service), { [table]: key }))[table]?.length ?? 0;

    await stop();
    const snapshot = await takeSnapshot(ring, service);
    await ring.restart(service);
    const { refunded, underWay, offered } = await lostTime(open);
    await wholeBooks(world, WITHIN_MS);
    const rewind = ['rewind', '--to', snapshot.at.toISOString(), '--margin', '5'];
    const alive = await runOf(ring, service, rewind);
    expect([alive.exitCode, alive.out]).toEqual([1, expect.stringContaining('are alive')]);

    await stop();
    const had = await rows();
    await putBack(ring, service, snapshot);
    expect(await rows()).toBeLessThan(had); // the loss is real
    const dry = await runOf(ring, service, rewind);
    expect([dry.exitCode, dry.out]).toEqual([
      0,
      expect.stringMatching(/dry run.* [1-9]\d* records/),
    ]);
    const done = await runOf(ring, service, [...rewind, '--apply', '--by', 'wang']);
    expect([done.exitCode, done.out]).toEqual([0, expect.stringMatching(/[1-9]\d* records will/)]);
    const promised = Number(/(\d+) records will/.exec(done.out)?.[1]);
    await ring.restart(service);
    // Counted anew since the start, and nobody does anything before all of it was heard.
    await eventually(async () => (await dealtWithBy(ring, service)) >= promised, {
      withinMs: WITHIN_MS,
      what: `${service} to hear ${promised} records again`,
    });

    // What was under way goes on, and what is over can still be given back.
    await payWhatIsShown(underWay);
    await shop.refund(refunded.paymentId, '10000');
    await shop.seeUntil(refunded.paymentId, 'refunded', WITHIN_MS);
    await chosen(shop, offered, 'wechat');
    await pay(await shownOf(shop, offered.paymentId));
    const compared = await wholeBooks(world, WITHIN_MS);
    expect(await parkedIn(world)).toEqual([]);
    expect(compared.withMoney).toBeGreaterThanOrEqual(4);
    expect(await rows()).toBeGreaterThanOrEqual(had);
  },
  6 * WITHIN_MS,
);
