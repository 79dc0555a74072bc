import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@hutong/telemetry';
import { eventually } from '@hutong/testing';
import {
  anOffer,
  attemptsBy,
  FIRST,
  PAYMENT,
  paymentsBy,
  SECOND,
  terms,
} from '../payment/payment.examples.js';
import type { MovedPayment, Payment, Requested } from '../payment/payment.js';
import { migrated } from '../world.examples.js';
import {
  openDatabase,
  type CheckoutDatabase,
  type CheckoutTransaction,
} from './database.repository.js';
import {
  findPayment,
  insertPayment,
  lockPayment,
  savePayment,
} from './saved-payment.repository.js';

const requested: Requested = { ...terms, status: 'requested' };
const moved = (payment: Payment): MovedPayment[] =>
  payment.status === 'requested' ? [] : [payment];

const opened = new AsyncDisposableStack();
let db: CheckoutDatabase;

beforeAll(async () => {
  const { config } = opened.use(await migrated());
  db = opened.use(openDatabase(config, createLogger({ service: 'checkout', level: 'silent' })));
}, 60_000);

afterAll(() => opened.disposeAsync(), 60_000);

class RolledBack extends Error {}

/** What `work` returns; nothing of what it wrote is left. */
async function withoutTrace<T>(
  work: (tx: CheckoutTransaction) => Promise<T>,
): Promise<T | undefined> {
  let result: T | undefined;
  const done = db.sql.transaction(async (tx) => {
    result = await work(tx);
    throw new RolledBack();
  });
  await expect(done).rejects.toThrow(RolledBack);
  return result;
}

describe('a payment that was saved', () => {
  it.each(Object.keys(attemptsBy(SECOND)))(
    'is read as it was, with one more attempt %s',
    async (at) => {
      const second = Object.values(attemptsBy(SECOND)).find(({ status }) => status === at);
      if (second === undefined) throw new Error(at);
      for (const payment of Object.values(paymentsBy(second)).flatMap(moved)) {
        const saved = await withoutTrace(async (tx) => {
          await insertPayment(tx, requested);
          const version = await savePayment(tx, requested, payment);
          return {
            version,
            found: await findPayment(tx, PAYMENT),
            locked: await lockPayment(tx, PAYMENT),
          };
        });
        expect(saved).toEqual({
          version: 2,
          found: { payment, version: 2, links: [] },
          locked: payment,
        });
      }
    },
  );

  it('is read by whoever waited for its lock as the last one left it, with all that belongs to it', async () => {
    const { accepted, awaiting_payer: shown } = attemptsBy(FIRST);
    const offered = { ...terms, decision: anOffer(), surplus: [] };
    const before: MovedPayment = { ...offered, status: 'paying', attempts: [accepted] };
    const after: MovedPayment = { ...offered, status: 'paying', attempts: [shown] };
    await db.sql.transaction(async (tx) => {
      await insertPayment(tx, requested);
      await savePayment(tx, requested, before);
    });
    const waiting = await db.sql.transaction(async (tx) => {
      await lockPayment(tx, PAYMENT);
      const next = db.sql.transaction((other) => lockPayment(other, PAYMENT));
      await eventually(
        async () => {
          const waits = await db.query(
            `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          );
          return waits.length === 1;
        },
        { what: 'the next one to wait for the lock' },
      );
      await savePayment(tx, before, after);
      return { next };
    });
    expect(await waiting.next).toEqual(after);
  });
});
