import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { CHECKOUT_PAYMENTS, type PaymentId } from '@hutong/domain-events';
import { aCloseRequested, anEventId, aPaymentId, eventually } from '@hutong/testing';
import { park, type Disposition } from '../disposition.js';
import type { Listener } from '../listener.examples.js';
import { aRecord, World } from '../world.examples.js';
import type { Chosen } from './parked-copy.js';
import { Redrive, type Applying } from './redrive.js';

/** What handling does for a payment before its effect, if not nothing. */
const trouble = new Map<PaymentId, () => Promise<Disposition | undefined>>();
const refuses = async () => park('its cause is still there');

let world: World;
let listener: Listener;
const listen = async () => {
  listener = await world.listener({
    before: async ({ event }) => trouble.get(event.paymentId)?.(),
  });
};
const lines: string[] = [];
const redrive = () =>
  new Redrive({
    service: 'routing',
    settings: world.kafka,
    pool: world.db.pool,
    clock: systemClock,
    report: (line) => lines.push(line),
  });
const of = (key: PaymentId): Chosen => ({ topics: [CHECKOUT_PAYMENTS], key });
const now: Applying = { by: 'wang', rate: 1_000, again: false, waitMs: 30_000 };
const standings = (listing: Awaited<ReturnType<Redrive['list']>>) =>
  listing.parked.map(({ standing }) => standing);

/** A payment, three events of which were parked, one after another. */
async function aParkedPayment() {
  const paymentId = aPaymentId();
  trouble.set(paymentId, refuses);
  const ids = [anEventId(), anEventId(), anEventId()];
  const records = ids.map((id) => aRecord(aCloseRequested({ paymentId }), id));
  await world.produce(...records);
  await eventually(
    async () => (await world.parked()).filter(({ key }) => key === paymentId).length === 3,
    { withinMs: 30_000, what: 'three parked records' },
  );
  return { paymentId, ids, records };
}

const effectsOf = (paymentId: PaymentId) =>
  world.db.query<{ event_id: string }>(
    'select event_id::text from effects where payment_id = $1 order by id',
    [paymentId],
  );
const audited = (paymentId: PaymentId) =>
  world.db.query<{ ordered_by: string; outcome: string }>(
    'select ordered_by, outcome, error_code from redrives where key = $1 order by id',
    [paymentId],
  );

beforeAll(async () => {
  world = await World.start();
  await listen();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose](), 30_000);

it('says what is parked and why, and changes nothing', async () => {
  const { paymentId } = await aParkedPayment();
  const listing = await redrive().list(of(paymentId));
  expect(listing.parked).toMatchObject(
    Array.from({ length: 3 }, () => ({
      standing: 'ready',
      copy: { errorCode: 'handler_parked', detail: 'its cause is still there', key: paymentId },
    })),
  );
  const other = await redrive().list({ ...of(paymentId), errorCode: 'not_json' });
  expect(other.parked).toEqual([]);
  const later = await redrive().list({ ...of(paymentId), since: new Date(Date.now() + 60_000) });
  expect(later.parked).toEqual([]);
  expect([await effectsOf(paymentId), await audited(paymentId)]).toEqual([[], []]);
}, 60_000);

it('puts back what was parked, in its order, for its group, as the same events, and says who had it done', async () => {
  const { paymentId, ids } = await aParkedPayment();
  trouble.delete(paymentId);
  const told = (await world.probe.records(CHECKOUT_PAYMENTS)).length;

  const listing = await redrive().apply(of(paymentId), now);

  expect(standings(listing)).toEqual(['handled', 'handled', 'handled']);
  expect((await effectsOf(paymentId)).map((row) => row.event_id)).toEqual(ids);
  expect(await audited(paymentId)).toEqual(
    ids.map(() => ({ ordered_by: 'wang', outcome: 'handled', error_code: 'handler_parked' })),
  );
  expect(lines.filter((line) => line.includes(paymentId))).toHaveLength(3);
  expect(await world.probe.records(CHECKOUT_PAYMENTS)).toHaveLength(told);

  // A second time there is nothing to do.
  expect(standings(await redrive().apply(of(paymentId), now))).not.toContain('ready');
  expect(await effectsOf(paymentId)).toHaveLength(3);
}, 60_000);

it('says what its group parks again, and leaves it until it is asked for once more', async () => {
  const { paymentId } = await aParkedPayment();
  const again = Array.from({ length: 3 }, () => 'parked_again');
  expect(standings(await redrive().apply(of(paymentId), now))).toEqual(again);
  expect(await audited(paymentId)).toHaveLength(3);

  expect(standings(await redrive().apply(of(paymentId), now))).toEqual(again);
  expect(await audited(paymentId)).toHaveLength(3);

  trouble.delete(paymentId);
  const third = await redrive().apply(of(paymentId), { ...now, again: true });
  expect(standings(third)).toEqual(['handled', 'handled', 'handled']);
  expect((await audited(paymentId)).map(({ outcome }) => outcome)).toEqual([
    ...again,
    ...['handled', 'handled', 'handled'],
  ]);
}, 60_000);

it('goes on where it was killed, and has every effect once', async () => {
  const { paymentId, ids } = await aParkedPayment();
  trouble.delete(paymentId);
  await listener.stop();
  const killed = await redrive().apply(of(paymentId), { ...now, waitMs: 0 });
  expect(standings(killed)).toEqual(['queued', 'queued', 'queued']);
  const resumed = await redrive().apply(of(paymentId), { ...now, waitMs: 0 });
  expect(standings(resumed)).toEqual(['queued', 'queued', 'queued']);
  expect(await audited(paymentId)).toHaveLength(3);

  await listen();
  expect(standings(await redrive().apply(of(paymentId), { ...now, waitMs: 0 }))).toBeDefined();
  await eventually(async () => (await effectsOf(paymentId)).length === 3, { withinMs: 30_000 });
  await redrive().apply(of(paymentId), now);
  expect((await effectsOf(paymentId)).map((row) => row.event_id)).toEqual(ids);
  expect((await audited(paymentId)).map(({ outcome }) => outcome)).toEqual(
    ids.map(() => 'handled'),
  );
}, 60_000);

it('puts it in front of what was told later and queues', async () => {
  const { paymentId, ids } = await aParkedPayment();
  const passes = Promise.withResolvers<void>();
  let isBroken = true;
  trouble.set(paymentId, async () => {
    if (isBroken) throw new Error('not now');
    await passes.promise;
    return undefined;
  });
  const later = [anEventId(), anEventId()];
  await world.produce(...later.map((id) => aRecord(aCloseRequested({ paymentId }), id)));
  await eventually(async () => (await redrive().list(of(paymentId))).keys[0]?.queued === 2, {
    withinMs: 30_000,
    what: 'a queue of two',
  });
  await listener.stop();
  await redrive().apply(of(paymentId), { ...now, waitMs: 0 });
  isBroken = false;
  passes.resolve();
  await listen();
  await eventually(async () => (await effectsOf(paymentId)).length === 5, { withinMs: 30_000 });
  expect((await effectsOf(paymentId)).map((row) => row.event_id)).toEqual([...ids, ...later]);
}, 90_000);

it('leaves what this release cannot read either', async () => {
  const { key, value } = aRecord();
  await world.produce({ key, value: value.replace('.v1"', '.v99"') });
  await world.settled();
  const chosen = { topics: [CHECKOUT_PAYMENTS], key } as const;
  const listing = await redrive().apply(chosen, now);
  expect(listing.parked).toMatchObject([
    { standing: 'unreadable', copy: { reads: { unreadable: 'version_unknown' } } },
  ]);
  expect(await world.db.query('select 1 from redrives where key = $1', [key])).toEqual([]);
}, 60_000);

it('keeps to its rate, and lets no other run beside it', async () => {
  const { paymentId } = await aParkedPayment();
  trouble.delete(paymentId);
  const began = performance.now();
  const first = redrive().apply(of(paymentId), { ...now, rate: 4 });
  await eventually(async () => (await audited(paymentId)).length > 0, { withinMs: 30_000 });
  await expect(redrive().list(of(paymentId))).rejects.toThrow('another redrive');
  await first;
  expect(performance.now() - began).toBeGreaterThan(500);
}, 60_000);
