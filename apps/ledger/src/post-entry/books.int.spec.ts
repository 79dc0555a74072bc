import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawDatabase } from '@hutong/database';
import {
  mintEventId,
  PAYMENT_OUTCOMES,
  platformId,
  type PaymentOutcome,
} from '@hutong/domain-events';
import type { Received } from '@hutong/messaging';
import { aPaymentClosed, aPaymentPaid, anEventId, somePaymentFacts } from '@hutong/testing';
import { Adoption } from '../adoption/adoption.repository.js';
import { periodOf } from '../operator-api/period.js';
import type { BookingClock } from '../posting/booked-at.js';
import { openDatabase } from '../store/database.repository.js';
import { migrated, rates, silent } from '../world.examples.js';
import { Books } from './books.repository.js';

describe('the books', () => {
  let database: Awaited<ReturnType<typeof migrated>>;
  let db: RawDatabase;
  let offset = 0n;

  beforeAll(async () => {
    database = await migrated();
    db = openDatabase(database.config, silent);
  }, 120_000);

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const ignore = { booked: () => undefined, duplicate: () => undefined };
  const books = (clock: BookingClock = 'append') => new Books(db, { rates, clock }, ignore);
  const heard = (
    event: PaymentOutcome,
    told: Partial<Received<PaymentOutcome>> = {},
  ): Received<PaymentOutcome> => ({
    event,
    eventId: anEventId(),
    source: 'checkout',
    occurredAt: event.occurredAt,
    sequence: 1,
    appendedAt: new Date('2026-11-24T08:03:00.000Z'),
    topic: PAYMENT_OUTCOMES,
    partition: 0,
    offset: (offset += 1n),
    ...told,
  });
  const bookedAt = async ({ eventId }: Received): Promise<Date | undefined> => {
    const [row] = await db.query<{ at: Date }>(
      `select booked_at as at from ledger_event where event_id = $1::uuid
       union all select booked_at from outcome_log where event_id = $1::uuid`,
      [eventId],
    );
    return row?.at;
  };

  it('have a clock per partition that never runs backwards', async () => {
    const at = (text: string, partition: number) =>
      heard(aPaymentPaid(), { appendedAt: new Date(`2026-11-24T${text}.000Z`), partition });
    const all = [at('09:00:05', 1), at('09:00:01', 1), at('09:00:01', 2), at('09:00:07', 1)];
    for (const one of all) await books().book(one);
    const seen = await Promise.all(all.map(bookedAt));
    expect(seen.map((time) => time?.toISOString().slice(11, 19))).toEqual([
      '09:00:05',
      '09:00:05',
      '09:00:01',
      '09:00:07',
    ]);
    expect(
      await db.query('select part, next_off from ingest_offset where part in (1, 2) order by part'),
    ).toEqual([
      { part: 1, next_off: offset + 1n },
      { part: 2, next_off: offset },
    ]);
  });

  it('count a payer on the day in Beijing on which it was booked', async () => {
    const platform = platformId('by_day');
    const payment = somePaymentFacts({ platform });
    const businessTime = (text: string) => ({ businessTime: new Date(text) });
    for (const told of [
      heard(aPaymentPaid({ payment }), businessTime('2023-11-01T15:59:59.999Z')),
      heard(
        aPaymentPaid({ payment: somePaymentFacts({ platform }) }),
        businessTime('2023-11-01T16:00:00.000Z'),
      ),
      heard(aPaymentPaid({ payment }), businessTime('2023-11-02T15:59:59.999Z')),
    ]) {
      await books('event').book(told);
    }
    const uniques = (from: string, to: string) => {
      const period = periodOf({ from, to });
      if (!period.ok) throw new Error(period.refusal.code);
      const asked = { entity: 'payer', instrument: 'any', platform } as const;
      return new Adoption(db).uniques({ ...asked, period: period.value });
    };
    expect(await uniques('2023-11-01', '2023-11-02')).toBe(1);
    expect(await uniques('2023-11-02', '2023-11-03')).toBe(2);
    expect(await uniques('2023-11-01', '2023-11-03')).toBe(2);
    expect(await uniques('2023-11-03', '2023-11-04')).toBe(0);
  });

  it('keep each event in the partition of the month in its id, and nothing astray', async () => {
    const random = new Uint8Array(16);
    const idAt = (text: string) => mintEventId({ at: new Date(text), random });
    const months = ['2021-07-31T23:59:59.999Z', '2021-08-01T00:00:00.000Z', '2027-01-15T00:00:00Z'];
    for (const text of months) await books().book(heard(aPaymentPaid(), { eventId: idAt(text) }));
    const rows = await db.query<{ name: string }>(
      `select tableoid::regclass::text as name from ledger_event
        where event_id = any($1::uuid[]) order by event_id`,
      [months.map(idAt)],
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'ledger_event_202107',
      'ledger_event_202108',
      'ledger_event_202701',
    ]);
    expect(await db.query('select 1 from ledger_event_stray')).toEqual([]);
  });

  it('give every scope and account one number, however many make it at once', async () => {
    const payment = somePaymentFacts({ platform: platformId('crowded') });
    const event = (partition: number) => heard(aPaymentPaid({ payment }), { partition });
    await Promise.all(Array.from({ length: 8 }, (_, index) => books().book(event(10 + index))));
    const again = Array.from({ length: 8 }, (_, index) => books().book(event(10 + index)));
    await Promise.all(again);
    const [scopes] = await db.query<{ n: bigint; last: number }>(
      'select count(*) as n, max(scope_id) as last from scope',
    );
    expect(scopes?.last).toBeLessThan(Number(scopes?.n) + 8);
    expect(
      await db.query(
        `select external_ref from account where external_ref like '%:crowded%' order by 1`,
      ),
    ).toEqual([
      { external_ref: 'clearing:wechat:crowded:CNY' },
      { external_ref: 'merchant:crowded:m-1:CNY' },
    ]);
    expect(
      await db.query(
        `select count(*) as n from ledger_event e join account a on a.account_id = e.debit_acct
          where a.external_ref = 'clearing:wechat:crowded:CNY'`,
      ),
    ).toEqual([{ n: 16n }]);
  });

  it('book an id once that comes by two partitions at once', async () => {
    const eventId = anEventId();
    const paid = aPaymentPaid();
    const tellings = [20, 21, 22, 23].map((partition) => heard(paid, { eventId, partition }));
    const other = heard(aPaymentClosed(), { eventId, partition: 24 });
    const answers = await Promise.all([...tellings, other].map((one) => books().book(one)));
    expect(answers.filter(({ kind }) => kind === 'booked')).toHaveLength(1);
    const [row] = await db.query<{ n: bigint }>(
      `select (select count(*) from ledger_event where event_id = $1::uuid) +
              (select count(*) from outcome_log where event_id = $1::uuid) as n`,
      [eventId],
    );
    expect(row?.n).toBe(1n);
  });

  describe('only ever grow', () => {
    beforeAll(async () => {
      await books().book(heard(aPaymentPaid()));
      await books().book(heard(aPaymentClosed()));
    });

    it.each([
      'update ledger_event set gross = gross + 1',
      'delete from ledger_event',
      'truncate ledger_event',
      'update ledger_event_202611 set booked_at = now()',
      'delete from ledger_event_202611',
      'truncate ledger_event_202611',
      'truncate ledger_event_stray',
      'update outcome_log set reason = 0',
      'delete from outcome_log',
      'truncate outcome_log',
    ])('%s is refused', async (statement) => {
      await expect(db.query(statement)).rejects.toMatchObject({ code: '23001' });
    });

    it.each([
      ['a fee above the gross', { fee: 12_801 }],
      ['a fee below nothing', { fee: -1 }],
      ['nothing', { gross: 0, fee: 0 }],
      ['a third direction', { dir: 0 }],
      ['one account on both sides', { debit_acct: 1, credit_acct: 1, fee_acct: 2 }],
    ])('an entry of %s is refused', async (_, wrong) => {
      const like = `insert into ledger_event
        select (jsonb_populate_record(e, $1::jsonb)).* from ledger_event e limit 1`;
      const row = { ...wrong, event_id: anEventId() };
      await expect(db.query(like, [row])).rejects.toMatchObject({ code: '23514' });
    });
  });
});
