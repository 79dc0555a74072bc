import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  merchantId,
  PAYMENT_OUTCOMES,
  platformId,
  type PaymentFacts,
  type PaymentOutcome,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  aPaymentAttemptClosed,
  aPaymentAttemptFailed,
  aPaymentClosed,
  aPaymentPaid,
  aPaymentRefunded,
  aPaymentRefundFailed,
  aSurplusRefunded,
  aSurplusTaken,
  someAttemptFacts,
  somePaymentFacts,
} from '@hutong/testing';
import { dayOf, formatDay, type Day } from './posting/day.js';
import { World } from './world.examples.js';

const ANYONE = 'entity=payer&instrument=any&from=2020-01-01&to=2030-01-09';
let shops = 0;

/** Payments on a platform that no other spec knows, so that its numbers are this spec's own. */
const aShop = () => {
  const platform = platformId(`shop_${(shops += 1)}`);
  const on = (facts: Partial<PaymentFacts> = {}) => somePaymentFacts({ ...facts, platform });
  return { platform, on };
};

describe('the ledger', () => {
  let world: World;
  /** From yesterday up to the day after tomorrow: midnight may pass while the specs run. */
  let days: string;

  beforeAll(async () => {
    world = await World.start('all', 'all');
    const today = dayOf(new Date());
    const day = (number: number) => formatDay(number as Day);
    days = `from=${day(today - 1)}&to=${day(today + 2)}`;
  }, 120_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, 60_000);

  const booked = async (...outcomes: readonly PaymentOutcome[]) => {
    for (const outcome of outcomes) await world.tell(outcome);
    await world.settled();
  };
  const uniques = async (entity: string, platform: string, instrument = 'any') => {
    const who = `entity=${entity}&instrument=${instrument}&platform=${platform}`;
    const { body } = await world.ask(`/adoption/range?${who}&${days}`, { at: 1 });
    return body['uniques'];
  };
  const volumes = async (platform: string) =>
    (await world.ask(`/volumes?platform=${platform}`)).body;
  const balance = async (account: string) =>
    (await world.ask(`/accounts/${account}:CNY`)).body['balance'];

  it('books a payment balanced, in its volume, and counts its payer', async () => {
    const { platform, on } = aShop();
    const paid = aPaymentPaid({ payment: on() });
    const eventId = await world.tell(paid);
    await world.settled();

    const path = `/entries?attempt=${paid.attempt.attemptId}`;
    const seen = await world.ask(path);
    expect(seen).toMatchObject({ status: 200, body: (await world.ask(path, { at: 1 })).body });
    const records = await world.probe.records(PAYMENT_OUTCOMES);
    const record = records.find(({ key }) => key === paid.paymentId);
    const cny = (minor: string) => ({ currency: 'CNY', minor });
    const ref = (name: string) => ({ accountId: `${name}:CNY`, account: name });
    expect(seen.body).toEqual({
      entries: [
        {
          eventId,
          type: 'payment.paid',
          platform,
          provider: 'wechat',
          instrument: 'wechat_pay',
          presentation: 'qr',
          gross: cny('12800'),
          fee: cny('77'),
          occurredAt: paid.occurredAt.toISOString(),
          bookedAt: record?.appendedAt.toISOString(),
          bookedDay: formatDay(dayOf(record?.appendedAt ?? new Date(0))),
          partition: record?.partition,
          offset: record?.offset.toString(),
          postings: [
            { ...ref(`clearing:wechat:${platform}`), amount: cny('12800') },
            { ...ref(`merchant:${platform}:m-1`), amount: cny('-12723') },
            { ...ref('fee:wechat'), amount: cny('-77') },
          ],
          sum: '0',
        },
      ],
    });
    expect(await volumes(platform)).toMatchObject({
      platform: [platform],
      provider: ['wechat'],
      instrument: ['wechat_pay'],
      presentation: ['qr'],
      currency: ['CNY'],
      ok: [1],
      gross: ['12800'],
      fee: ['77'],
      refunds: [0],
      refunded: ['0'],
    });
    expect([await uniques('payer', platform), await uniques('merchant', platform)]).toEqual([1, 1]);
    expect(await balance(`merchant:${platform}:m-1`)).toBe('-12723');
    const labels = { provider: 'wechat', platform };
    const outcome = { ...labels, outcome: 'payment.paid' };
    expect(await world.metric('payments_processed_total', outcome)).toBe(1);
    expect(await world.metric('payments_amount_minor_units_total', labels)).toBe(12_800);
  });

  it('counts a payer and a merchant once, however often they pay and by whatever', async () => {
    const { platform, on } = aShop();
    const first = on({ merchantId: merchantId('tea-house') });
    const alipay = someAttemptFacts({ provider: 'unionpay', instrument: 'alipay' });
    await booked(
      aPaymentPaid({ payment: first }),
      aPaymentPaid({ payment: first, attempt: alipay }),
      aPaymentPaid({ payment: { ...first, merchantId: merchantId('inn') } }),
      aPaymentPaid({ payment: on({ merchantId: merchantId('inn') }), amount: money(1n, 'HKD') }),
    );
    expect([await uniques('payer', platform), await uniques('merchant', platform)]).toEqual([2, 2]);
    expect(await uniques('payer', platform, 'wechat_pay')).toBe(2);
    expect(await uniques('payer', platform, 'alipay')).toBe(1);
    expect(await uniques('payer', platform, 'unionpay')).toBe(0);
    expect(await volumes(platform)).toMatchObject({
      provider: ['wechat', 'wechat', 'unionpay'],
      instrument: ['wechat_pay', 'wechat_pay', 'alipay'],
      currency: ['CNY', 'HKD', 'CNY'],
      ok: [2, 1, 1],
    });
  });

  it('gives back what was taken: refunds with their fee, surplus without one', async () => {
    const { platform, on } = aShop();
    const about = { payment: on(), attempt: someAttemptFacts() };
    const another = { ...about, payment: on() };
    await booked(aPaymentPaid(about), aSurplusTaken(another));
    expect(await balance(`clearing:wechat:${platform}`)).toBe('25600');
    const half = { ...about, amount: money(6_400n, 'CNY') };
    const refunded = aPaymentRefunded(half);
    await booked(refunded, aPaymentRefunded(half), aSurplusRefunded(another));
    expect(await balance(`clearing:wechat:${platform}`)).toBe('0');
    expect(await volumes(platform)).toMatchObject({
      ok: [1],
      gross: ['12800'],
      refunds: [2],
      refunded: ['12800'],
      feeBack: ['76'],
    });
    expect(await uniques('payer', platform)).toBe(1);
    const { body } = await world.ask(`/entries?refund=${refunded.refundId}`);
    expect(body).toMatchObject({ entries: [{ type: 'payment.refunded', sum: '0' }] });
  });

  it('holds surplus in suspense until it is back', async () => {
    const attempt = someAttemptFacts({ provider: 'alipay', instrument: 'alipay' });
    const { on } = aShop();
    const about = { payment: on(), attempt, amount: money(500n, 'HKD') };
    const suspense = async () =>
      (await world.ask('/accounts?kind=surplus', { at: 1 })).body['accounts'];
    await booked(aSurplusTaken(about));
    const account = { accountId: 'surplus:alipay:HKD', account: 'surplus:alipay' };
    const held = { ...account, kind: 'surplus', currency: 'HKD', debits: '0', credits: '500' };
    expect(await suspense()).toContainEqual({ ...held, balance: '-500' });
    await booked(aSurplusRefunded(about));
    expect(await suspense()).toContainEqual({ ...held, debits: '500', balance: '0' });
  });

  it('shows how an instrument is adopted: each day, against its launch, among all', async () => {
    const { platform, on } = aShop();
    const bank = someAttemptFacts({ provider: 'alipay', instrument: 'bank_app:0102' });
    await booked(
      aPaymentPaid({ payment: on(), attempt: bank }),
      aPaymentPaid({ payment: on() }),
      aPaymentPaid({ payment: on() }),
      aPaymentPaid({ payment: on() }),
    );
    const who = `entity=payer&instrument=unionpay&platform=${platform}&${days}`;
    const { body: share } = await world.ask(`/adoption/share?${who}`);
    expect(share).toMatchObject({ uniques: 1, among: 4, share: 0.25, watermark: {} });
    expect(share['elsewhere']).toMatchObject({ uniques: expect.any(Number) });
    const { body: series } = await world.ask(`/adoption/series?${who}&window=1`, { at: 1 });
    const { uniques: each } = series;
    expect(series).toMatchObject({ window: '1', day: expect.any(Array) });
    expect(Array.isArray(each) && each.filter((n) => n === 1)).toEqual([1]);
    const { body: growth } = await world.ask(`/adoption/growth?${who}&window=cumulative`);
    expect(growth).toMatchObject({ window: 'cumulative', launch: { uniques: 1 } });
    expect(growth['growth']).toEqual(growth['uniques']);
    const longAgo = formatDay((dayOf(new Date()) - 40) as Day);
    const { body: early } = await world.ask(`/adoption/growth?${who}&launch=${longAgo}`);
    expect(early).toMatchObject({ window: '30', launch: { from: longAgo, uniques: 0 } });
    expect(early['growth']).toEqual([null, null, null]);
  });

  it('counts what moved no money with its reason', async () => {
    const { platform, on } = aShop();
    const payment = on();
    await booked(
      aPaymentAttemptFailed({ payment, reason: 'limit' }),
      aPaymentAttemptFailed({ payment, reason: 'limit' }),
      aPaymentAttemptClosed({ payment, reason: 'cancelled' }),
      aPaymentClosed({ payment, reason: 'expired' }),
      aPaymentRefundFailed({ payment, reason: 'rejected' }),
    );
    const { body } = await world.ask(`/reasons?platform=${platform}`);
    expect(body).toMatchObject({
      provider: [null, 'wechat', 'wechat', 'wechat'],
      outcome: [
        'payment.closed',
        'payment.attempt_failed',
        'payment.attempt_closed',
        'payment.refund_failed',
      ],
      reason: ['expired', 'limit', 'cancelled', 'rejected'],
      count: [1, 2, 1, 1],
    });
    expect(await uniques('payer', platform)).toBe(0);
  });

  it('books an event once, however often it is told', async () => {
    const { platform, on } = aShop();
    const paid = aPaymentPaid({ payment: on() });
    const failed = aPaymentAttemptFailed({ payment: on() });
    const duplicates = await world.metric('ledger_ingest_duplicates_total');
    const ids = [await world.tell(paid), await world.tell(failed)] as const;
    await world.tell(paid, ids[0]);
    await world.tell(failed, ids[1]);
    await world.settled();
    expect(await volumes(platform)).toMatchObject({ ok: [1], gross: ['12800'] });
    const { body } = await world.ask(`/reasons?platform=${platform}`);
    expect(body['count']).toEqual([1]);
    expect(await world.metric('ledger_ingest_duplicates_total')).toBe(duplicates + 2);
    expect(await world.parked()).toEqual([]);
  });

  it('parks an event id that comes again with other content, and keeps the first', async () => {
    const { platform, on } = aShop();
    const paid = aPaymentPaid({ payment: on() });
    const id = await world.tell(paid);
    await world.settled();
    const dearer = { ...paid, amount: money(12_801n, 'CNY') };
    const elsewhere = aPaymentPaid({ payment: on({ merchantId: merchantId('stranger') }) });
    const moneyless = aPaymentClosed({ payment: on() });
    for (const other of [dearer, elsewhere, moneyless]) await world.tell(other, id);
    await world.settled();
    const parked = await world.parked();
    for (const { paymentId } of [dearer, elsewhere, moneyless]) {
      expect(parked).toContainEqual([paymentId, 'an event id came again with other content']);
    }
    expect(await volumes(platform)).toMatchObject({ ok: [1], gross: ['12800'] });
    expect((await world.ask(`/accounts/merchant:${platform}:stranger:CNY`)).status).toBe(404);
  });

  it('parks a money outcome without money', async () => {
    const nothing = aPaymentPaid({ payment: aShop().on(), amount: money(0n, 'CNY') });
    await booked(nothing);
    expect(await world.parked()).toContainEqual([nothing.paymentId, 'no money in a money outcome']);
  });

  it('splits volume by days in Beijing', async () => {
    const { platform, on } = aShop();
    const at = (text: string) => aPaymentPaid({ payment: on(), occurredAt: new Date(text) });
    await booked(
      at('2026-11-24T15:59:59.999Z'),
      at('2026-11-24T16:00:00.000Z'),
      at('2026-11-25T15:59:59.999Z'),
    );
    const { body } = await world.ask(`/volumes?platform=${platform}&grain=day`);
    expect(body).toMatchObject({
      bucket: ['2026-11-23T16:00:00.000Z', '2026-11-24T16:00:00.000Z'],
      ok: [1, 2],
    });
    const of = async (from: string, to: string) =>
      (await world.ask(`/volumes?platform=${platform}&from=${from}&to=${to}`)).body['ok'];
    expect(await of('2026-11-24', '2026-11-25')).toEqual([1]);
    expect(await of('2026-11-25', '2026-11-26')).toEqual([2]);
    const hours = await world.ask(`/volumes?platform=${platform}&grain=hour`);
    expect(hours.body['ok']).toEqual([1, 1, 1]);
  });

  it.each([
    ['without a token', '/volumes', '', 401, 'unauthenticated'],
    ['with a token nobody issued', '/volumes', 'x'.repeat(32), 401, 'unauthenticated'],
    ['of nothing in particular', '/entries', undefined, 400, 'one_order_wanted'],
    ['of an attempt that is none', '/entries?attempt=1', undefined, 400, 'invalid_request'],
    ['of an account nobody has', '/accounts/cash', undefined, 404, 'account_unknown'],
    ['of an account nobody can have', '/accounts/%00', undefined, 404, 'account_unknown'],
    ['for a field of all objects', '/volumes?constructor=1', undefined, 400, 'invalid_request'],
    ['for a field that is none', '/volumes?platfrom=jd', undefined, 400, 'invalid_request'],
    ['for a day that is none', '/volumes?from=2026-02-30', undefined, 400, 'invalid_request'],
    [
      'for days backwards',
      '/volumes?from=2026-02-02&to=2026-02-02',
      undefined,
      422,
      'period_empty',
    ],
    ['for half a period', '/adoption/range?entity=payer', undefined, 400, 'invalid_request'],
    ['for all merchants', '/accounts?kind=merchant', undefined, 400, 'invalid_request'],
    ['for no window', `/adoption/series?${ANYONE}&window=0`, undefined, 400, 'invalid_request'],
    ['for too many days', `/adoption/growth?${ANYONE}`, undefined, 422, 'period_too_long'],
    [
      'for the window of a period',
      `/adoption/share?${ANYONE}&window=1`,
      undefined,
      400,
      'invalid_request',
    ],
  ])('refuses a question %s', async (_, path, token, status, code) => {
    const answer = await world.ask(path, { ...(token !== undefined && { token }) });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('refuses a token that may do something else', async () => {
    const adoption = ['range', 'series', 'share', 'growth'].map((name) => `/adoption/${name}`);
    const paths = ['/entries', '/volumes', '/reasons', '/accounts', '/accounts/x', ...adoption];
    for (const path of paths) {
      const { status, body } = await world.ask(path, { token: world.weakToken });
      expect([path, status, body['code']]).toEqual([path, 403, 'scope_missing']);
    }
  });

  it('books nothing twice when its group starts over', async () => {
    const { platform, on } = aShop();
    await booked(aPaymentPaid({ payment: on() }), aPaymentAttemptFailed({ payment: on() }));
    const before = await rowsOfTheLog();

    await world.restart(() => world.probe.rewind('ledger'));
    await booked(aPaymentPaid({ payment: on() }));

    expect(await world.metric('ledger_ingest_duplicates_total')).toBeGreaterThanOrEqual(
      before.length,
    );
    expect(await rowsOfTheLog()).toEqual([...before, expect.anything()]);
    expect(await volumes(platform)).toMatchObject({ ok: [2] });
    expect(await uniques('payer', platform)).toBe(2);
  }, 60_000);

  /** Everything in both tables, as text, in the order in which it was booked. */
  const rowsOfTheLog = async () =>
    world.db.query(
      `select row from (select e::text as row, booked_at from ledger_event e
        union all select o::text, booked_at from outcome_log o) log order by booked_at, row`,
    );
});
