import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { merchantId, payerKey, paymentId, platformId, type PaymentId } from '@hutong/domain-events';
import { Outbox } from '@hutong/messaging';
import { money } from '@hutong/money';
import { createLogger, Metrics } from '@hutong/telemetry';
import { FixedClock } from '@hutong/testing';
import { openDatabase, type CheckoutDatabase } from '../store/database.repository.js';
import { OpenWork } from '../store/open-work.repository.js';
import { Payments } from '../store/payment.repository.js';
import { Steps } from '../store/steps.repository.js';
import { migrated } from '../world.examples.js';
import { ExpiredPayments } from './expired-payments.repository.js';

const TAOBAO = platformId('taobao');

/** What was logged as an error. */
const complaints: string[] = [];
const destination = new Writable({
  write: (line: Buffer, _, done) => {
    complaints.push(line.toString());
    done();
  },
});
const logger = createLogger({ service: 'checkout', level: 'error', destination });

describe('sweeping expired payments', () => {
  const opened = new AsyncDisposableStack();
  const clock = new FixedClock('2026-11-24T08:00:00.000Z');
  let db: CheckoutDatabase;
  let payments: Payments;
  let sweeps: readonly [ExpiredPayments, ExpiredPayments];

  beforeAll(async () => {
    const { config } = opened.use(await migrated());
    const another = opened.use(openDatabase(config, logger));
    db = opened.use(openDatabase(config, logger));
    const outbox = new Outbox({ service: 'checkout', clock });
    const steps = new Steps(
      outbox,
      () => undefined,
      async () => undefined,
    );
    payments = new Payments({ db, clock, steps });
    const parts = { clock, logger, steps };
    sweeps = [
      new ExpiredPayments({ ...parts, db }),
      new ExpiredPayments({ ...parts, db: another }),
    ];
  }, 60_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  /** So many payments of which each has expired. */
  const expired = async (count: number): Promise<PaymentId[]> => {
    const ids: PaymentId[] = [];
    for (let i = 0; i < count; i += 1) ids.push(await requested());
    clock.advance(3_600_000);
    return ids;
  };
  const requested = async (): Promise<PaymentId> => {
    const order = {
      orderReference: randomBytes(8).toString('hex'),
      merchantId: merchantId('tea-house'),
      amount: money(12_800n, 'CNY'),
      description: 'Longjing tea, 250 g',
      channel: 'web',
      payer: { hasBoundCard: 'no', hasBalance: 'no' },
    } as const;
    const asking = { platform: TAOBAO, payerKey: payerKey('0'.repeat(32)) };
    const made = await payments.request(order, asking);
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value.paymentId;
  };
  const readable = (ids: readonly PaymentId[], can: boolean) =>
    db.query('update payment set channel = $1 where payment_id = any($2::uuid[])', [
      can ? 'web' : 'telepathy',
      ids,
    ]);
  /** As operators see it. */
  const putOff = async (): Promise<number> => {
    const metrics = new Metrics('checkout');
    await new OpenWork(db, clock, metrics).look();
    return Number(/^hutong_checkout_put_off\{.*\} (\d+)$/m.exec(await metrics.exposition())?.[1]);
  };
  const closed = async (ids: readonly PaymentId[]) =>
    (
      await db.query<{ id: string }>(
        `select payment_id::text as id from payment
          where status = 'closed' and version = 2 and payment_id = any($1::uuid[])`,
        [ids],
      )
    ).map(({ id }) => paymentId(id));

  it('closes at the deadline, and not a millisecond before', async () => {
    const id = await requested();
    clock.advance(15 * 60_000 - 1);
    expect(await sweeps[0].close()).toBe(0);
    clock.advance(1);
    expect(await sweeps[0].close()).toBe(1);
    expect(await closed([id])).toEqual([id]);
  });

  it('closes each once, with several at it, and no more at a time than it is told', async () => {
    const ids = await expired(25);
    const [one, other] = sweeps;
    expect(await one.close(10)).toBe(10);
    const counts = await Promise.all([one.close(), other.close(), one.close(), other.close()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(15);
    expect(await closed(ids)).toHaveLength(25);
    expect(await one.close()).toBe(0);
  });

  it('does not wait for a payment that somebody else moves', async () => {
    const ids = await expired(3);
    const [held] = ids;
    await db.transaction(async (tx) => {
      await tx.query('select 1 as held from payment where payment_id = $1::uuid for update', [
        held,
      ]);
      expect(await sweeps[1].close()).toBe(2);
    });
    expect(complaints).toEqual([]); // waiting for the lock would have run out of time
    expect(await sweeps[1].close()).toBe(1);
    expect(await closed(ids)).toHaveLength(3);
  });

  it('is not held up by one that cannot be read', async () => {
    const ids = await expired(3);
    const [broken] = ids;
    await readable(ids.slice(0, 1), false);
    expect(await sweeps[0].close()).toBe(3);
    expect(await closed(ids)).not.toContain(broken);
    expect(complaints.splice(0)).toEqual([expect.stringContaining(`"paymentId":"${broken}"`)]);
    await readable(ids, true);
    clock.advance(10_000);
    expect(await sweeps[1].close()).toBe(1);
    expect(await closed(ids)).toHaveLength(3);
  });

  it('is not held up by any number that cannot be read, and does them once they can', async () => {
    const broken = await expired(110);
    await readable(broken, false);
    const behind = await expired(2);
    expect([await sweeps[0].close(100), await sweeps[0].close(100)]).toEqual([100, 12]);
    expect((await closed(behind)).toSorted()).toEqual(behind.toSorted());
    const first = complaints.splice(0).length;
    expect([first, await sweeps[1].close(), complaints]).toEqual([110, 0, []]);
    expect(await putOff()).toBe(110);

    clock.advance(10_000);
    expect(await sweeps[0].close(200)).toBe(110);
    clock.advance(10_000);
    expect(await sweeps[0].close(200)).toBe(0); // this time it is put off for twice as long
    await readable(broken, true);
    clock.advance(10_000);
    expect(await sweeps[1].close(200)).toBe(110);
    expect(await closed(broken)).toHaveLength(110);
    expect(await putOff()).toBe(0);
  });

  it('puts off no longer what somebody else closed meanwhile', async () => {
    const [id, other] = await expired(2);
    if (id === undefined || other === undefined) throw new Error('there are two');
    await readable([id, other], false);
    expect(await sweeps[0].close()).toBe(2);
    complaints.splice(0);
    await readable([id, other], true);

    expect(await payments.close({ paymentId: id, platform: TAOBAO })).toMatchObject({ ok: true });
    expect([await sweeps[1].close(), await putOff()]).toEqual([0, 1]);
    clock.advance(10_000);
    expect([await sweeps[1].close(), await putOff()]).toEqual([1, 0]);
  });
});
