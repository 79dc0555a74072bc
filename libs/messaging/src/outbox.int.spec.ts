import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { RawDatabase } from '@hutong/database';
import { CHECKOUT_PAYMENTS, decodeEnvelope, type PaymentId } from '@hutong/domain-events';
import { withTraceparent } from '@hutong/telemetry';
import { anEventId, aPaymentId, FixedClock, type FreshDatabase } from '@hutong/testing';
import { firstTime, heardBefore, purgeInbox } from './inbox.js';
import { Outbox } from './outbox.js';
import { aDatabase, anEventOf, numbers, silent } from './world.examples.js';

let fresh: FreshDatabase;
let db: RawDatabase;
let woken = 0;
const onAppended = () => (woken += 1);
const outbox = new Outbox({ service: 'checkout', clock: systemClock, onAppended });

beforeAll(async () => {
  fresh = await aDatabase();
  db = RawDatabase.connect(fresh.config, { logger: silent });
});
afterAll(async () => {
  await db.close();
  await fresh.drop();
});

const effect = (id: PaymentId) =>
  `insert into effects (payment_id, event_id, sequence, instance)
   values ('${id}', gen_random_uuid(), 1, 'spec')`;
const effectsOf = (id: PaymentId) => db.query('select 1 from effects where payment_id = $1', [id]);
/** What waits for the relay of a key, decoded, in the order in which it will be sent. */
async function told(id: PaymentId) {
  const rows = await db.query<{ value: Buffer; headers: object }>(
    'select value, headers from outbox where key = $1 order by id',
    [id],
  );
  return rows.map(({ value, headers }) => {
    const decoded = decodeEnvelope(Buffer.from(value).toString());
    if (!decoded.ok) throw new Error(decoded.refusal.detail);
    return { ...decoded.value, headers };
  });
}

it('commits state and announcement together, and wakes the relay only then', async () => {
  const paymentId = aPaymentId();
  const before = woken;
  await db.transaction(async (tx) => {
    await tx.query(effect(paymentId));
    await outbox.append(tx, anEventOf(paymentId));
    expect(woken).toBe(before);
  });
  expect(woken).toBe(before + 1);
  expect(await effectsOf(paymentId)).toHaveLength(1);
  expect(await told(paymentId)).toMatchObject([{ source: 'checkout', sequence: 1 }]);
});

it('rolls back state, announcement and number together, and wakes nobody', async () => {
  const paymentId = aPaymentId();
  const before = woken;
  const fault = new Error('the state does not allow it');
  const failing = db.transaction(async (tx) => {
    await outbox.append(tx, anEventOf(paymentId));
    await tx.query(effect(paymentId));
    throw fault;
  });
  await expect(failing).rejects.toBe(fault);
  expect(woken).toBe(before);
  expect(await effectsOf(paymentId)).toEqual([]);
  expect(await told(paymentId)).toEqual([]);

  await db.transaction((tx) => outbox.append(tx, anEventOf(paymentId)));
  expect(await told(paymentId)).toMatchObject([{ sequence: 1 }]);
});

it('numbers the events of a key without gaps, in the order of commits, whoever appends', async () => {
  const paymentId = aPaymentId();
  await Promise.allSettled(
    numbers(12).map((n) =>
      db.transaction(async (tx) => {
        await outbox.append(tx, anEventOf(paymentId), anEventOf(paymentId));
        if (n % 4 === 0) throw new Error('rolled back');
      }),
    ),
  );
  const sequences = (await told(paymentId)).map(({ sequence }) => sequence);
  expect(sequences).toEqual(numbers(18));
});

it('lets transactions that tell of the same keys in another order pass', async () => {
  const [one, other] = [aPaymentId(), aPaymentId()];
  await Promise.all(
    numbers(20).map((n) =>
      db.transaction((tx) => {
        const keys = n % 2 === 0 ? [one, other] : [other, one];
        return outbox.append(tx, ...keys.map(anEventOf));
      }),
    ),
  );
  expect((await told(one)).map(({ sequence }) => sequence)).toEqual(numbers(20));
});

it('keeps the time that an announcement names, and the trace that it was made in', async () => {
  const paymentId = aPaymentId();
  const occurredAt = new Date('2026-11-24T08:00:00.000Z');
  const businessTime = new Date('2021-07-01T00:00:00.000Z');
  const trace = '0af7651916cd43dd8448eb211c80319c';
  await withTraceparent(`00-${trace}-b7ad6b7169203331-01`, () =>
    db.transaction((tx) =>
      outbox.append(tx, { ...anEventOf(paymentId), occurredAt, businessTime }),
    ),
  );
  expect(await told(paymentId)).toMatchObject([
    {
      occurredAt,
      businessTime,
      headers: {
        'content-type': 'application/cloudevents+json',
        traceparent: expect.stringContaining(trace),
      },
    },
  ]);
});

it('appends nothing where nothing is announced', async () => {
  const before = woken;
  await db.transaction((tx) => outbox.append(tx));
  expect(woken).toBe(before);
});

it('remembers an event with its effects, and not without them', async () => {
  const eventId = anEventId();
  const remembering = db.transaction(async (tx) => {
    expect(await firstTime(tx, eventId)).toBe(true);
    throw new Error('no effect');
  });
  await expect(remembering).rejects.toThrow('no effect');
  expect(await heardBefore(db, eventId)).toBe(false);

  const answers = await Promise.all(
    numbers(5).map(() => db.transaction((tx) => firstTime(tx, eventId))),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await heardBefore(db, eventId)).toBe(true);
});

it.each<{ days: number; kept: boolean }>`
  days  | kept
  ${44} | ${true}
  ${46} | ${false}
`('after $days days an event is remembered: $kept', async ({ days, kept }) => {
  const eventId = anEventId();
  await db.transaction((tx) => firstTime(tx, eventId));
  const clock = new FixedClock(new Date().toISOString());
  clock.advance(days * 86_400_000);
  await purgeInbox(db.pool, clock);
  expect(await heardBefore(db, eventId)).toBe(kept);
});

it('names the topic that an event is announced on', async () => {
  const paymentId = aPaymentId();
  await db.transaction((tx) => outbox.append(tx, anEventOf(paymentId)));
  const rows = await db.query('select topic from outbox where key = $1', [paymentId]);
  expect(rows).toEqual([{ topic: CHECKOUT_PAYMENTS }]);
});
