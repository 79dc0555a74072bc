import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Payer, readRows, type PaymentView, type RingService } from '@hutong/world';
import { startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { runOf } from './service-command.examples.js';
import { putBack, takeSnapshot } from './snapshot.examples.js';
import { parkedIn, wholeBooks } from './whole-books.examples.js';

const WITHIN_MS = 150_000;
const QR = 'wechat/wechat_pay/qr';
const MINOR = '12800';

const running = new AsyncDisposableStack();
let world: FaultWorld;
let payer: Payer;

beforeAll(async () => {
  world = await startFaultWorld(running);
  payer = new Payer(world.ring.sandbox);
}, 180_000);
afterAll(() => running.disposeAsync(), 60_000);

const request = (): Promise<PaymentView> =>
  world.shops[0].request({ orderReference: randomUUID(), minor: MINOR });

/** A payment whose payer looks at a code. */
async function awaiting() {
  const [shop] = world.shops;
  const { paymentId, offer } = await request();
  const { action } = await shop.choose(paymentId, offer?.number ?? 0, QR);
  return { paymentId, code: action?.content ?? '' };
}

async function pay({ paymentId, code }: Awaited<ReturnType<typeof awaiting>>) {
  await payer.scanAndPay(code);
  return world.shops[0].seeUntil(paymentId, 'paid', WITHIN_MS);
}

/** What goes on behind the snapshot, every kind of end included, and what is under way at the loss. */
async function lostTime(open: Awaited<ReturnType<typeof awaiting>>) {
  const [shop] = world.shops;
  await pay(open);
  const refunded = await pay(await awaiting());
  await shop.refund(refunded.paymentId, '2800');
  await shop.seeUntil(refunded.paymentId, 'partly_refunded', WITHIN_MS);
  const closed = await awaiting();
  await shop.close(closed.paymentId);
  await shop.seeUntil(closed.paymentId, 'closed', WITHIN_MS);
  return { refunded, shown: await awaiting(), offered: await request() };
}

type Row = Readonly<{ service: RingService; table: string; key: string }>;
it.each<Row>`
  service             | table            | key
  ${'ledger'}         | ${'outcome_log'} | ${'event_id'}
  ${'routing'}        | ${'payment'}     | ${'payment_id'}
  ${'wechat-gateway'} | ${'attempts'}    | ${'attempt_id'}
  ${'checkout'}       | ${'payment'}     | ${'payment_id'}
`(
  'lets $service catch up whose database was put back: nothing is lost, nothing is done twice',
  async ({ service, table, key }) => {
    const { ring } = world;
    const [shop] = world.shops;
    const open = await awaiting();
    await wholeBooks(world, WITHIN_MS);
    const stop = () => Promise.all(ring.instancesOf(service).map((one) => one.stop()));
    const rows = async () =>
      (await readRows(ring.databaseOf(service), { [table]: key }))[table]?.length ?? 0;

    await stop();
    const snapshot = await takeSnapshot(ring, service);
    await ring.restart(service);
    const { refunded, shown, offered } = await lostTime(open);
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
    await ring.restart(service);

    // What was under way goes on, and what is over can still be given back.
    await pay(shown);
    await shop.refund(refunded.paymentId, '10000');
    await shop.seeUntil(refunded.paymentId, 'refunded', WITHIN_MS);
    const { action } = await shop.choose(offered.paymentId, offered.offer?.number ?? 0, QR);
    await pay({ paymentId: offered.paymentId, code: action?.content ?? '' });
    const compared = await wholeBooks(world, WITHIN_MS);
    expect(await parkedIn(world)).toEqual([]);
    expect(compared.withMoney).toBeGreaterThanOrEqual(4);
    expect(await rows()).toBeGreaterThanOrEqual(had);
  },
  6 * WITHIN_MS,
);
