import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawDatabase, Sql } from '@hutong/database';
import { PAYMENT_OUTCOMES, type EventId, type PaymentOutcome } from '@hutong/domain-events';
import {
  aPaymentAttemptFailed,
  aPaymentPaid,
  aPaymentRefunded,
  aSurplusRefunded,
  aSurplusTaken,
  anEventId,
  someAttemptFacts,
  somePaymentFacts,
} from '@hutong/testing';
import { Books } from '../post-entry/books.repository.js';
import { openDatabase } from '../store/database.repository.js';
import { migrated, rates, silent } from '../world.examples.js';
import type { Damage, DamageName } from './damage.js';
import { runVerify } from './verify-command.adapter.js';
import { CHECKS, type Check } from './verify.repository.js';

/** Ends a transaction without a trace. */
class Undone extends Error {}

const about = { payment: somePaymentFacts(), attempt: someAttemptFacts() };
const surplus = { payment: somePaymentFacts(), attempt: someAttemptFacts() };
const OUTCOMES: readonly PaymentOutcome[] = [
  aPaymentPaid(about),
  aPaymentRefunded(about),
  aSurplusTaken(surplus),
  aSurplusRefunded(surplus),
  aSurplusTaken(),
  aPaymentAttemptFailed(),
  aPaymentPaid(),
];
const IDS: readonly EventId[] = OUTCOMES.map(() => anEventId()).toSorted();
const [PAID = '', REFUND = '', TAKEN = '', RETURNED = '', , FAILED = '', LAST = ''] = IDS;
const MONTH = `(select tableoid::regclass::text from ledger_event limit 1)`;

/** A row of the log that is like another, apart from what is said. */
const like = (id: string, said: Readonly<Record<string, unknown>>): string =>
  `insert into ledger_event select (jsonb_populate_record(e, '${JSON.stringify(said)}')).*
     from ledger_event e where event_id = '${id}'`;

const UNBALANCED_VIEW = `create or replace view posting as
  select event_id, ccy, occurred_at, 0 as leg, debit_acct as account_id, gross * dir as amount
    from ledger_event`;

type Case = Readonly<{ damage: string; error: DamageName; key: string | RegExp; corrupt: string }>;

const cases: readonly Case[] = [
  {
    damage: 'a payer is another one',
    error: 'RowsChanged',
    key: 'partition 0',
    corrupt: `update ledger_event set payer_key = gen_random_uuid() where event_id = '${LAST}'`,
  },
  {
    damage: 'an entry is gone',
    error: 'RowsChanged',
    key: 'partition 0',
    corrupt: `delete from ledger_event where event_id = '${LAST}'`,
  },
  {
    damage: 'an outcome is gone',
    error: 'RowsChanged',
    key: 'partition 0',
    corrupt: `delete from outcome_log`,
  },
  {
    damage: 'an entry was slipped in',
    error: 'RowsChanged',
    key: 'partition 5',
    corrupt: like(PAID, { event_id: anEventId(), part: 5 }),
  },
  {
    damage: 'rows may be changed',
    error: 'AppendOnlyLifted',
    key: 'outcome_log.append_only',
    corrupt: 'alter table outcome_log disable trigger append_only',
  },
  {
    damage: 'one month may be emptied',
    error: 'AppendOnlyLifted',
    key: /^ledger_event_\d{6}\.no_truncate$/,
    corrupt: `do $$ begin execute format('drop trigger no_truncate on %s', ${MONTH}); end $$`,
  },
  {
    damage: 'the trigger refuses nothing any more',
    error: 'AppendOnlyLifted',
    key: 'outcome_log.no_truncate',
    corrupt: `create function allow() returns trigger language plpgsql as $$ begin return null; end $$;
      create or replace trigger no_truncate before truncate on outcome_log
        for each statement execute function allow()`,
  },
  {
    damage: 'an entry is of no month',
    error: 'StrayRow',
    key: 'ffffffff-ffff-7fff-8fff-ffffffffffff',
    corrupt: like(PAID, { event_id: 'ffffffff-ffff-7fff-8fff-ffffffffffff' }),
  },
  {
    damage: 'an event is in both tables',
    error: 'EventTwice',
    key: PAID,
    corrupt: `update outcome_log set event_id = '${PAID}'`,
  },
  {
    damage: 'two rows are of one record',
    error: 'OffsetOverlap',
    key: 'partition 0 offset 6',
    corrupt: 'update outcome_log set off = 6',
  },
  {
    damage: 'a row is of a record that was not heard yet',
    error: 'OffsetAhead',
    key: 'partition 0 offset 6',
    corrupt: 'update ingest_offset set next_off = 6',
  },
  {
    damage: 'a row is of a partition that was never heard',
    error: 'OffsetAhead',
    key: 'partition 7 offset 5',
    corrupt: 'update outcome_log set part = 7',
  },
  {
    damage: 'an instrument is none',
    error: 'UnknownWord',
    key: /^scope \d+$/,
    corrupt: 'update scope set instrument = 9',
  },
  {
    damage: 'a platform is gone',
    error: 'UnknownWord',
    key: /^scope \d+$/,
    corrupt: 'delete from platform',
  },
  {
    damage: 'a scope is gone',
    error: 'UnknownWord',
    key: PAID,
    corrupt: 'delete from scope',
  },
  {
    damage: 'a reason is none',
    error: 'UnknownWord',
    key: FAILED,
    corrupt: 'update outcome_log set reason = 99',
  },
  {
    damage: 'an outcome without money is one with money',
    error: 'UnknownWord',
    key: FAILED,
    corrupt: 'update outcome_log set outcome = 1',
  },
  {
    damage: 'a currency is none',
    error: 'UnknownWord',
    key: LAST,
    corrupt: `update ledger_event set ccy = 999 where event_id = '${LAST}'`,
  },
  {
    damage: 'a refund was booked the wrong way round',
    error: 'IllegalEntry',
    key: REFUND,
    corrupt: `update ledger_event set dir = 1 where event_id = '${REFUND}'`,
  },
  {
    damage: 'surplus costs a fee',
    error: 'IllegalEntry',
    key: TAKEN,
    corrupt: `update ledger_event set fee = 1 where event_id = '${TAKEN}'`,
  },
  {
    damage: 'an entry is of less than nothing',
    error: 'IllegalEntry',
    key: PAID,
    corrupt: `alter table ledger_event drop constraint ledger_event_check;
      update ledger_event set gross = -gross where event_id = '${PAID}'`,
  },
  {
    damage: 'postings leave one side out',
    error: 'UnbalancedEvent',
    key: PAID,
    corrupt: UNBALANCED_VIEW,
  },
  {
    damage: 'there are no postings',
    error: 'UnbalancedEvent',
    key: PAID,
    corrupt: `${UNBALANCED_VIEW} where false`,
  },
  {
    damage: 'an account has another currency than its entries',
    error: 'CurrencyMixed',
    key: PAID,
    corrupt: `update account set ccy = 344 where external_ref = 'fee:wechat:CNY'`,
  },
  {
    damage: 'an account with postings is gone',
    error: 'BooksOutOfBalance',
    key: '156',
    corrupt: `delete from account where external_ref = 'fee:wechat:CNY'`,
  },
  {
    damage: 'a payment is for the suspense account',
    error: 'WrongAccount',
    key: LAST,
    corrupt: `update ledger_event set credit_acct =
      (select account_id from account where external_ref = 'surplus:wechat:CNY')
      where event_id = '${LAST}'`,
  },
  {
    damage: 'a payment is for a merchant of another platform',
    error: 'WrongAccount',
    key: PAID,
    corrupt: `update account set external_ref = replace(external_ref, 'taobao', 'jd')
      where external_ref like 'merchant:%'`,
  },
  {
    damage: 'what one provider took is what another owes',
    error: 'WrongAccount',
    key: PAID,
    corrupt: `update account set external_ref = replace(external_ref, 'wechat', 'alipay')
      where external_ref like 'clearing:%'`,
  },
  {
    damage: 'an attempt was paid twice',
    error: 'OrderRepeated',
    key: LAST,
    corrupt: `update ledger_event set order_ref =
      (select order_ref from ledger_event where event_id = '${PAID}') where event_id = '${LAST}'`,
  },
  {
    damage: 'more was refunded than paid',
    error: 'RefundedMoreThanPaid',
    key: REFUND,
    corrupt: `update ledger_event set gross = gross + 1 where event_id = '${REFUND}'`,
  },
  {
    damage: 'what was refunded was never paid',
    error: 'RefundedMoreThanPaid',
    key: REFUND,
    corrupt: `delete from ledger_event where event_id = '${PAID}'`,
  },
  {
    damage: 'surplus went back to somebody else',
    error: 'SurplusOverReturned',
    key: RETURNED,
    corrupt: `update ledger_event set payer_key = gen_random_uuid() where event_id = '${RETURNED}'`,
  },
  {
    damage: 'a query loses payers',
    error: 'UniqueMismatch',
    key: /^payer any any platform, window 1 on \d{4}-\d\d-\d\d$/,
    corrupt: 'delete from platform',
  },
  {
    damage: 'an instrument is nobody’s',
    error: 'UniqueMismatch',
    key: /^payer any any platform, window 1 on \d{4}-\d\d-\d\d$/,
    corrupt: 'update scope set instrument = 9',
  },
];

describe('verify', () => {
  let database: Awaited<ReturnType<typeof migrated>>;
  let db: RawDatabase;

  beforeAll(async () => {
    database = await migrated();
    db = openDatabase(database.config, silent);
    const ignore = { booked: () => undefined, duplicate: () => undefined };
    const books = new Books(db, { rates, clock: 'append' }, ignore);
    for (const [index, event] of OUTCOMES.entries()) {
      const { occurredAt } = event;
      await books.book({
        event,
        eventId: IDS[index] ?? anEventId(),
        source: 'checkout',
        occurredAt,
        sequence: 1,
        appendedAt: occurredAt,
        topic: PAYMENT_OUTCOMES,
        partition: 0,
        offset: BigInt(index),
      });
    }
  }, 120_000);

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  /** What these checks find after a corruption, which leaves no trace. */
  const damagesAfter = async (corrupt: string, checks: readonly Check[]) => {
    const damages: Damage[] = [];
    const work = async (tx: Sql) => {
      await tx.query('set local session_replication_role = replica'); // no trigger stands in the way
      await tx.query(corrupt);
      for (const { look } of checks) {
        const damage = await look(tx);
        if (damage !== undefined) damages.push(damage);
      }
      throw new Undone();
    };
    await expect(db.transaction(work)).rejects.toThrow(Undone);
    return damages;
  };

  it('finds nothing wrong with books that are whole', async () => {
    expect(await damagesAfter('select 1', CHECKS)).toEqual([]);
  });

  it.each<Case>(cases)('says $error when $damage', async ({ error, key, corrupt }) => {
    const checks = CHECKS.filter((check) => check.error === error);
    const place = typeof key === 'string' ? key : expect.stringMatching(key);
    const damage = { error, key: place, found: expect.any(String) };
    expect(await damagesAfter(corrupt, checks)).toEqual([damage]);
  });

  it('also knows what was written before it was counted', async () => {
    const { pathname } = new URL(
      '../../prisma/migrations/0002_totals/migration.sql',
      import.meta.url,
    );
    const migration = await readFile(pathname, 'utf8');
    const count = migration.slice(migration.lastIndexOf('update ingest_offset'));
    const forget = `update ingest_offset set entries = 0, outcomes = 0, digest = repeat('0', 256)::bit(256)`;
    expect(await damagesAfter(forget, CHECKS)).toMatchObject([{ error: 'RowsChanged' }]);
    expect(await damagesAfter(`${forget}; ${count}`, CHECKS)).toEqual([]);
  });

  it('can be made to say everything that it may say', () => {
    const said = new Set(cases.map(({ error }) => error));
    expect([...said].toSorted()).toEqual(CHECKS.map(({ error }) => error).toSorted());
  });

  describe('as a command', () => {
    const run = async (json: boolean) => {
      const out: string[] = [];
      const progress: string[] = [];
      const output = {
        out: (line: string) => void out.push(line),
        progress: (line: string) => void progress.push(line),
      };
      return { whole: await runVerify(db, { json }, output), out, progress };
    };

    it('tells as it goes, and at last', async () => {
      const { whole, out, progress } = await run(false);
      expect(whole).toBe(true);
      expect(progress).toHaveLength(CHECKS.length);
      expect(progress.every((line) => line.startsWith('ok '))).toBe(true);
      expect(out).toEqual([
        'heard up to 0:7; 0 offsets have no row',
        'surplus that waits to go back: surplus:wechat:CNY 12800',
        'the books are whole',
      ]);
    });

    it('names the first damaged place, in words and in JSON', async () => {
      await db.query('update ingest_offset set entries = entries + 1, next_off = 9');
      const { whole, progress, out } = await run(false);
      expect(whole).toBe(false);
      const found = '6 entries and 1 outcomes, of 7 and 1 that were written';
      expect(progress[0]).toBe(
        `FAILED  rows are as they were written, and all there: RowsChanged at partition 0: ${found}`,
      );
      expect(out.at(-1)).toBe('the books are damaged: 1 of 16 checks failed');

      const json: unknown = JSON.parse((await run(true)).out.join(''));
      expect(json).toMatchObject({
        ok: false,
        watermark: { nextOffsets: { 0: '9' } },
        notes: { offsetsWithoutRow: '1', surplusHeld: { 'surplus:wechat:CNY': '12800' } },
      });
      expect(json).toMatchObject({
        checks: expect.arrayContaining([
          expect.objectContaining({
            ok: false,
            damage: { error: 'RowsChanged', key: 'partition 0', found },
          }),
          expect.objectContaining({ ok: true, check: 'an event is booked once' }),
        ]),
      });
    });
  });
});
