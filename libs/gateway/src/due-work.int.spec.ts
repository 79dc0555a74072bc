import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { migrate, RawDatabase, type Transaction } from '@hutong/database';
import { platformId } from '@hutong/domain-events';
import { createLogger } from '@hutong/telemetry';
import { FixedClock, freshDatabase, type FreshDatabase } from '@hutong/testing';
import { SharedPace } from './shared-pace.repository.js';
import { migrationsOfGateway } from './start-gateway.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
const NOW = '2026-11-24T08:00:00.000Z';
const LATER = '2026-11-24T12:00:00.000Z';
const ENDED = 2_000;
const ACCOUNT = {
  account: 'toys',
  platform: platformId('taobao'),
  merchants: [],
  requestsPerSecond: 1_000,
  concurrency: 8,
  refundGapMs: 0,
};
const PASSES = 3;

let database: FreshDatabase;
let db: RawDatabase;

beforeAll(async () => {
  database = await freshDatabase('gateway', (config) =>
    migrate(config, migrationsOfGateway, { logger }),
  );
  // Over a connection of its own: what one has counted shows for a while in its next transactions.
  await using before = RawDatabase.connect(database.config, { logger });
  await before.query(
    `insert into attempts (attempt_id, payment_id, platform, merchant_id, method, currency, amount_minor,
       description, channel, expires_at, not_after, requested_at, account, status, close_reason)
     select 'ended ' || n, gen_random_uuid(), 'taobao', 'shop', 'wechat/wechat_pay/qr', 'CNY', 1,
       'tea', 'pc_browser', $1, $1, $1, 'toys', 'closed', 'expired' from generate_series(1, $2::int) n`,
    [new Date(NOW), ENDED],
  );
  await before.query(
    `insert into refunds (refund_id, attempt_id, payment_id, currency, amount_minor, requested_at, account,
       status, failure_reason)
     select 'ended ' || n, 'ended ' || n, gen_random_uuid(), 'CNY', 1, $1, 'toys', 'failed', 'refused'
     from generate_series(1, $2::int) n`,
    [new Date(NOW), ENDED],
  );
  // Of what has ended a provider is asked once more, later; of one it is time.
  for (const table of ['attempts', 'refunds']) {
    await before.query(
      `update ${table} set due_action = 'query', due_at = $1::timestamptz + random() * interval '1 day'`,
      [new Date(LATER)],
    );
    await before.query(`analyze ${table}`);
  }
  await before.query(`update attempts set due_at = $1 where attempt_id = 'ended 1'`, [
    new Date(NOW),
  ]);
  // As a connection plans once it has run a statement a few times: for any values.
  await before.query(
    `do $$ begin
       execute format('alter database %I set plan_cache_mode = force_generic_plan', current_database());
     end $$`,
  );
  db = RawDatabase.connect({ ...database.config, poolSize: 1 }, { logger });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** Rows of these tables that the transaction has read one after another, without an index. */
const readThrough = async (tx: Transaction): Promise<number> => {
  const [row] = await tx.query<{ count: number }>(
    `select sum(seq_tup_read)::int as count from pg_stat_xact_user_tables
     where relname in ('attempts', 'refunds')`,
  );
  return row?.count ?? NaN;
};

it('looks for what is due without reading what has ended, however often it looks', async () => {
  const pace = new SharedPace({
    db,
    clock: new FixedClock(NOW),
    worker: '0193b4f4-0000-7000-8000-000000000001',
    holdMs: 60_000,
    nowMs: () => performance.now(),
  });
  const read: number[] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const look = async (tx: Transaction) => {
      read.push(await readThrough(tx));
      return [];
    };
    await pace.take([ACCOUNT], [['asks', look]]);
  }
  expect(read).toEqual(Array.from({ length: PASSES }, () => 0));
});
