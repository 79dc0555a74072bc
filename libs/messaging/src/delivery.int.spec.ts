import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  CHECKOUT_PAYMENTS,
  MAX_BATCH_BYTES,
  parkedTopic,
  type PaymentId,
} from '@hutong/domain-events';
import { aCloseRequested, anEventId, aPaymentId, eventually } from '@hutong/testing';
import { hold, park, type Disposition } from './disposition.js';
import type { Listener } from './listener.examples.js';
import { SendRejected } from './sender.js';
import { TopicProbe } from './topic-probe.js';
import { aRecord, numbers, World } from './world.examples.js';

/** What handling does for a payment before its effect, if not nothing. */
const trouble = new Map<PaymentId, () => Promise<Disposition | undefined>>();

let world: World;
let listener: Listener;
const listen = async () => {
  listener = await world.listener({
    before: async ({ event }) => trouble.get(event.paymentId)?.(),
  });
  return listener;
};

beforeAll(async () => {
  world = await World.start();
  world.relay();
  await listen();
});
afterAll(() => world[Symbol.asyncDispose]());

const effectsOf = (id: PaymentId, count: number) =>
  eventually(async () => {
    const seen = await world.sequencesOf(id);
    return seen.length >= count && seen;
  });
const parkedKeys = () =>
  world.db.query<{ key: string; attempts: number; error_class: string }>(
    'select key, attempts, error_class from parked_keys',
  );

it('has the effect of an event once, however often it is delivered', async () => {
  const paymentId = aPaymentId();
  const [id, event] = [anEventId(), aCloseRequested({ paymentId })];
  await world.produce(aRecord(event, id), aRecord(event, id)); // the relay sends again
  await world.tell(event); // another event of the same content is another event
  await world.settled();
  expect(await world.sequencesOf(paymentId)).toHaveLength(2);

  await listener.stop();
  await world.probe.rewind('routing');
  await listen();
  await world.settled();
  expect(await world.sequencesOf(paymentId)).toHaveLength(2);
});

it('parks what nobody can read with its bytes and where it came from; what is good goes on', async () => {
  const refused = aPaymentId();
  trouble.set(refused, async () => park('not of this ring'));
  const [before, after] = [aRecord(), aRecord()];
  const { key, value } = aRecord();
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const poison = {
    not_utf8: { key, value: Buffer.from([0xff, 0xfe, 0x00]), headers },
    not_json: { key, value: '{' },
    envelope_invalid: { key, value: '{}' },
    type_unknown: { key, value: value.replace('.close_requested.', '.never_heard_of.') },
    version_unknown: { key, value: value.replace('.v1"', '.v99"') },
    tombstone: { key, value: null },
    key_misplaced: { key: null, value },
    handler_parked: aRecord(aCloseRequested({ paymentId: refused })),
  };
  // On one partition, so that each stands in the way of the next.
  const told = [before, ...Object.values(poison), after];
  await world.produce(...told.map((record) => ({ ...record, partition: 1 })));
  await world.settled();

  const paid = (await world.effects()).map((effect) => effect.payment_id);
  expect(paid).toEqual(expect.arrayContaining([before.key, after.key]));
  expect(paid).not.toContain(refused);
  const parked = await world.parked();
  const codes = new Set(parked.map((record) => record.headers['dlt.error-code']));
  expect(codes).toEqual(new Set(Object.keys(poison)));
  const byCode = (code: string) =>
    parked.find((record) => record.headers['dlt.error-code'] === code);
  expect(byCode('not_utf8')).toMatchObject({
    key,
    bytes: poison.not_utf8.value,
    headers: {
      ...headers,
      'dlt.original-topic': CHECKOUT_PAYMENTS,
      'dlt.original-partition': '1',
      'dlt.original-offset': expect.stringMatching(/^\d+$/),
      'dlt.original-timestamp': expect.stringMatching(/^20.*Z$/),
      'dlt.group': 'routing',
      'dlt.error-class': 'unreadable',
      'dlt.attempts': '1',
      'dlt.first-failed-at': expect.stringMatching(/^20.*Z$/),
    },
  });
  expect(byCode('tombstone')).toMatchObject({ key, value: null });
  expect(byCode('key_misplaced')).toMatchObject({ key: null, value });
  expect(byCode('handler_parked')).toMatchObject({
    key: refused,
    value: poison.handler_parked.value,
    headers: { 'dlt.error-class': 'refused', 'dlt.error-detail': 'not of this ring' },
  });
});

it('parks the longest record that its topic takes, whole, and goes on', async () => {
  const { key } = aRecord();
  const next = aRecord();
  // Where it came from and why take some hundreds of bytes more.
  const value = 'x'.repeat(MAX_BATCH_BYTES - 128);
  await world.produce({ key, value, partition: 1 });
  await world.produce({ ...next, partition: 1 });
  await world.settled();

  const parked = (await world.parked()).find((record) => record.key === key);
  expect(parked?.headers).toMatchObject({ 'dlt.error-code': 'not_json' });
  expect(parked?.bytes?.equals(Buffer.from(value))).toBe(true);
  expect((await world.effects()).map((effect) => effect.payment_id)).toContain(next.key);
});

it('is spared by the broker what would only unpacked be too long', async () => {
  const { key } = aRecord();
  const packed = { key, value: 'x'.repeat(4 * MAX_BATCH_BYTES) };
  const sent = world.probe.producePacked(CHECKOUT_PAYMENTS, packed);
  await expect(sent).rejects.toThrow(SendRejected);

  const good = aRecord();
  await world.probe.producePacked(CHECKOUT_PAYMENTS, good);
  await world.settled();
  expect((await world.effects()).map((effect) => effect.payment_id)).toContain(good.key);
});

it('queues a key in trouble behind itself while others flow, and drains it in order', async () => {
  const [troubled, other] = [aPaymentId(), aPaymentId()];
  let calls = 0;
  trouble.set(troubled, async () => {
    calls += 1;
    throw new TypeError('this message may quote a payer');
  });
  // More than nine, so that the order of numbers is not that of texts.
  const events = numbers(12).map(() => aRecord(aCloseRequested({ paymentId: troubled })));
  const others = numbers(3).map(() => aRecord(aCloseRequested({ paymentId: other })));
  await world.produce(...[...events, ...others].map((record) => ({ ...record, partition: 2 })));
  await world.settled();

  await effectsOf(other, 3);
  expect(await world.sequencesOf(troubled)).toEqual([]);
  const [key] = await eventually(async () => {
    const keys = await parkedKeys();
    return (keys[0]?.attempts ?? 0) >= 2 && keys;
  });
  expect(key).toMatchObject({ key: troubled, error_class: 'TypeError' });
  expect(calls).toBeLessThan(events.length); // the first is tried, the rest wait behind it
  expect(await world.db.query('select 1 from parked_messages')).toHaveLength(events.length);

  trouble.delete(troubled);
  const drained = await effectsOf(troubled, events.length);
  expect(drained).toEqual(drained.toSorted((a, b) => a - b));
  expect(drained).toHaveLength(events.length);
  await eventually(async () => (await parkedKeys()).length === 0);
  // Behind an empty queue nothing waits any more.
  await world.produce(aRecord(aCloseRequested({ paymentId: troubled })));
  await effectsOf(troubled, events.length + 1);
});

it('lets records queue behind a key while that key is being handled', async () => {
  const [slow, other] = [aPaymentId(), aPaymentId()];
  const { promise: freed, resolve: free } = Promise.withResolvers<undefined>();
  let calls = 0;
  trouble.set(slow, async () => {
    calls += 1;
    if (calls <= 2) throw new Error('once more'); // in hand, and once more
    return freed;
  });
  const one = (paymentId: PaymentId) => ({
    ...aRecord(aCloseRequested({ paymentId })),
    partition: 0,
  });
  await world.produce(one(slow));
  await eventually(() => calls === 3, { what: 'a turn of the parked key' });

  await world.produce(one(slow), one(other));
  await world.settled(4_000); // less than a lock is waited for
  expect(await world.sequencesOf(other)).toHaveLength(1);

  free(undefined);
  await effectsOf(slow, 2);
});

it('parks a record of a parked key that its handler refuses, and goes on behind it', async () => {
  const paymentId = aPaymentId();
  const answers: (() => Disposition | undefined)[] = [
    () => {
      throw new Error('in hand');
    },
    () => {
      throw new Error('once more');
    },
    () => park('seen only later'),
  ];
  trouble.set(paymentId, async () => answers.shift()?.());
  const records = numbers(2).map(() => aRecord(aCloseRequested({ paymentId })));
  await world.produce(...records);
  await effectsOf(paymentId, 1);
  const parked = await world.parked();
  expect(parked.find(({ key }) => key === paymentId)).toMatchObject({
    value: records[0]?.value,
    headers: { 'dlt.error-detail': 'seen only later', 'dlt.attempts': '1' },
  });
});

it('counts what became of each event', async () => {
  const text = await listener.metrics.exposition();
  expect(text).toMatch(/hutong_consumer_events_total\{[^}]*outcome="key_parked"[^}]*\} 3/);
  expect(text).toMatch(/hutong_consumer_joined\{[^}]*\} 1/);
});

it('lets others go before one that is held, and the key of that one wait', async () => {
  const [full, others] = [aPaymentId(), [aPaymentId(), aPaymentId()]];
  let asked = 0;
  trouble.set(full, async () => {
    asked += 1;
    return hold;
  });
  const one = (paymentId: PaymentId) => ({
    ...aRecord(aCloseRequested({ paymentId })),
    partition: 1,
  });
  await world.settled();
  const lag = async () => {
    const all = await world.probe.offsets(CHECKOUT_PAYMENTS, 'routing');
    return all.reduce((sum, { committed, end }) => sum + Number(end - committed), 0);
  };
  const records = [full, ...others, full, ...others].map(one);
  await world.produce(...records);
  for (const other of others) await effectsOf(other, 2);
  await eventually(() => asked >= 3, { what: 'a held record that is asked about again' });
  await world.produce(...others.map(one)); // behind what is held, in a fetch of its own
  for (const other of others) await effectsOf(other, 3);
  expect(await world.sequencesOf(full)).toEqual([]);
  expect(await lag()).toBe(records.length + others.length);

  // In the middle of it another instance takes over, from the first that was held.
  await listener.stop();
  await listen();
  await eventually(() => asked >= 6, { what: 'a held record that is asked about by the next' });
  trouble.delete(full);
  await world.settled();
  expect(await world.sequencesOf(full)).toHaveLength(2);
  for (const other of others) expect(await world.sequencesOf(other)).toHaveLength(3);
});

it("leaves the modules' hooks to the application", () => {
  expect(listener.initialized).toEqual(['hooks']);
});

it('writes parked records to a topic that is named after both topic and group', async () => {
  expect(parkedTopic(CHECKOUT_PAYMENTS, 'routing')).toBe('checkout.payments.routing.parked');
  await using elsewhere = await TopicProbe.connect(world.kafka);
  expect((await elsewhere.records('checkout.payments.routing.parked')).length).toBeGreaterThan(8);
});
