import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refundId, type PaymentId, type RefundId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import { Metrics } from '@hutong/telemetry';
import { eventually } from '@hutong/testing';
import { RETRY_AFTER_MS } from '../payment/surplus.js';
import { AMOUNT, Shop, type Bought } from '../shop.examples.js';
import { OpenWork } from '../store/open-work.repository.js';
import { OPERATOR, PlatformClient, READER, STRANGER } from '../world.examples.js';

describe('surplus', () => {
  const opened = new AsyncDisposableStack();
  let shop: Shop;

  beforeAll(async () => {
    shop = opened.use(await Shop.open());
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  /** The newest refund that routing was asked for, once there are so many. */
  const refundOf = async (id: PaymentId, count: number): Promise<RefundId> => {
    const all = await eventually(
      async () => {
        const refunds = (await shop.asked(id, 1)).filter(
          ({ type }) => type === 'payment.refund_requested',
        );
        return refunds.length >= count ? refunds : undefined;
      },
      { what: `${count} refunds` },
    );
    const last = all.at(-1);
    if (last?.type !== 'payment.refund_requested' || all.length > count) {
      throw new Error(`${all.length} refunds`);
    }
    return last.refundId;
  };
  const surplusIs = (id: PaymentId, status: string) =>
    shop.looks(
      id,
      ({ surplus }) => JSON.stringify(surplus).includes(`"status":"${status}","reason"`),
      `surplus that is ${status}`,
    );

  it.each([
    ['second_success', AMOUNT, 'paid'],
    ['wrong_amount', money(12_799n, 'CNY'), 'paid'],
    ['after_close', AMOUNT, 'closed'],
  ] as const)(
    '%s goes back by itself, once, with two instances at it',
    async (reason, amount, end) => {
      const bought = end === 'paid' ? await shop.paid(2) : await shop.chosen(2);
      const { paymentId: id } = bought;
      if (end === 'closed') {
        await shop.here.post(`/payments/${id}/close`, {});
        await shop.reportAll(shop.closed(bought, 0), shop.closed(bought, 1));
      }
      const success = shop.success(bought, { of: 1, amount });
      await shop.reportAll(success);
      const refund = await refundOf(id, 1);
      const told = await shop.asked(id, 2);
      expect(told.at(-1)).toEqual({
        type: 'payment.refund_requested',
        paymentId: id,
        refundId: refund,
        attemptId: bought.attempts[1],
        provider: 'wechat',
        amount,
      });
      expect(await shop.see(id)).toMatchObject({
        status: end,
        surplus: [{ status: 'refunding', reason, refunds: [{ refundId: refund }] }],
      });
      const reports = shop.refund(bought, refund, { of: 1, amount });
      await shop.reportAll(reports.pending, reports.succeeded, reports.succeeded);
      expect(await shop.see(id)).toMatchObject({
        status: end,
        surplus: [{ status: 'refunded', refunds: [{ status: 'succeeded' }] }],
        refunds: [],
      });
      const outcomes = await shop.outcomes(id, 3);
      expect(outcomes.slice(-2)).toMatchObject([
        { type: 'payment.surplus_taken', reason, providerRef: success.providerRef },
        { type: 'payment.surplus_refunded', refundId: refund, amount },
      ]);
    },
  );

  it('is tried again under a new id after each refusal, and at last by an operator', async () => {
    const bought = await shop.paid(3); // the third stays closing
    const { paymentId: id } = bought;
    const success = shop.success(bought, { of: 1 });
    await shop.reportAll(success);
    const ids = new Set<RefundId>();
    for (const [index, afterMs] of [0, ...RETRY_AFTER_MS].entries()) {
      shop.clock.advance(afterMs);
      const refund = await refundOf(id, index + 1);
      ids.add(refund);
      await shop.report(shop.refund(bought, refund, { of: 1 }).failed);
      await surplusIs(id, index < RETRY_AFTER_MS.length ? 'taken' : 'stuck');
    }
    expect(ids.size).toBe(RETRY_AFTER_MS.length + 1);
    shop.clock.advance(30 * 86_400_000);
    const metrics = new Metrics('checkout');
    await new OpenWork(shop.world.db, shop.clock, metrics).look();
    const shown = await metrics.exposition();
    expect(shown).toMatch(/hutong_checkout_surplus_open\{status="stuck",.*\} 1\n/);
    expect(shown).toMatch(/hutong_checkout_refunds_open\{.*\} 0\n/);
    expect(shown).toMatch(/hutong_checkout_oldest_uncertain_attempt_seconds\{.*\} [1-9]/);

    const operator = new PlatformClient(shop.world.at(), OPERATOR);
    const reader = new PlatformClient(shop.world.at(1), READER);
    const queue = await reader.get('/surplus');
    expect(queue).toMatchObject({
      status: 200,
      body: {
        stuck: [
          {
            paymentId: id,
            platform: 'taobao',
            providerRef: success.providerRef,
            status: 'stuck',
            reason: 'second_success',
            refunds: Array.from(ids, () => ({ status: 'failed', failureReason: 'rejected' })),
          },
        ],
      },
    });
    const narrowed = await reader.get('/surplus?platform=taobao');
    expect([narrowed.status, narrowed.body['code']]).toEqual([400, 'invalid_request']);
    const path = `/surplus/${id}/wechat/${success.providerRef}/refunds`;
    const why = { reason: 'The merchant account was topped up' };
    const key = { 'idempotency-key': crypto.randomUUID() };
    for (const [token, status] of [
      ['', 401],
      ['unknown-token-of-nobody', 401],
      [STRANGER, 403],
      [READER, 403],
    ] as const) {
      const refused = await new PlatformClient(shop.world.at(), token).post(path, why);
      expect(refused.status).toBe(status);
    }
    const platform = await shop.here.get('/surplus');
    expect(platform.status).toBe(401);
    expect((await operator.post(path, {})).body['code']).toBe('invalid_request');

    const retried = await operator.post(path, why, key);
    expect(retried).toMatchObject({ status: 202, body: { status: 'refunding', paymentId: id } });
    expect((await operator.post(path, why, key)).status).toBe(202);
    const late = await operator.post(path, why);
    expect([late.status, late.body['code']]).toEqual([409, 'surplus_not_stuck']);
    const other = await operator.post(`/surplus/${id}/wechat/nothing/refunds`, why);
    expect([other.status, other.body['code']]).toEqual([404, 'surplus_unknown']);

    const last = await refundOf(id, ids.size + 1);
    const audit = await shop.world.db.query(
      'select refund_id, operator, reason from surplus_retry where payment_id = $1::uuid',
      [id],
    );
    expect(audit).toEqual([{ refund_id: last, operator: 'operator', ...why }]);
    await shop.reportAll(shop.refund(bought, last, { of: 1 }).succeeded);
    expect((await operator.get('/surplus')).body).toEqual({ stuck: [] });
    const types = await shop.typesOf(id, 3);
    expect(types).toEqual(['payment.paid', 'payment.surplus_taken', 'payment.surplus_refunded']);
  });

  it.each([
    ['refused', 'given back'],
    ['given back', 'refused'],
  ])('hears of its refund first that it was %s, then %s', async (first) => {
    const bought = await shop.paid(2);
    await shop.reportAll(shop.success(bought, { of: 1 }));
    const { failed, succeeded } = shop.refund(bought, await refundOf(bought.paymentId, 1), {
      of: 1,
    });
    await shop.reportAll(...(first === 'refused' ? [failed, succeeded] : [succeeded, failed]));
    await surplusIs(bought.paymentId, 'refunded');
  });

  it('of which nobody ever asked is an incident', async () => {
    const bought = await shop.paid();
    const stranger = refundId('01HFZ00000000000000000000R');
    await shop.reportAll(shop.refund(bought, stranger).succeeded);
    const parked = await shop.world.parked('gateway.reports');
    expect(parked.filter(({ key }) => key === bought.paymentId)).toHaveLength(1);
  });

  it('that is stuck is shown page by page, whatever goes away meanwhile or cannot be read', async () => {
    type Money = Readonly<{ id: PaymentId; ref: string }>;
    const taken = async (bought: Bought, of = 1): Promise<Money> => {
      const success = shop.success(bought, { of });
      await shop.reportAll(success);
      await refundOf(bought.paymentId, of);
      return { id: bought.paymentId, ref: success.providerRef };
    };
    const broken = await taken(await shop.paid(2));
    const first = await taken(await shop.paid(2));
    const twice = await shop.paid(3);
    const [one, other] = [await taken(twice), await taken(twice, 2)];
    const [lesser, greater] = one.ref < other.ref ? [one, other] : [other, one];
    // What cannot be read is stuck longest; the two of one payment since the same moment.
    for (const [seconds, { id, ref }] of [
      [0, broken],
      [1, first],
      [2, greater],
      [2, lesser],
    ] as const) {
      await shop.world.db.query(
        `update receipt set surplus_status = 'stuck',
                surplus_stuck_at = '2026-11-27T08:00:00Z'::timestamptz + make_interval(secs => $3)
          where payment_id = $1::uuid and provider_ref = $2`,
        [id, ref, seconds],
      );
    }
    await shop.world.db.query(
      `update payment set channel = 'telepathy' where payment_id = $1::uuid`,
      [broken.id],
    );
    const shown = (...all: readonly Money[]) =>
      all.map(({ id, ref }) => ({ paymentId: id, providerRef: ref }));
    const reader = new PlatformClient(shop.world.at(0), READER);
    const page = async (limit: number, { next }: Record<string, unknown> = {}) => {
      const after = typeof next === 'string' ? `&after=${encodeURIComponent(next)}` : '';
      const { status, body } = await reader.get(`/surplus?limit=${limit}${after}`);
      expect(status).toBe(200);
      return body;
    };

    const all = await reader.get('/surplus');
    expect(all.body).toMatchObject({ stuck: shown(first, lesser, greater) });
    expect(all.body).not.toHaveProperty('next');
    const two = await page(2);
    expect(two).toMatchObject({ stuck: shown(first), next: expect.any(String) });
    const gone = `/surplus/${first.id}/wechat/${first.ref}/refunds`;
    const retried = await new PlatformClient(shop.world.at(), OPERATOR).post(gone, {
      reason: 'The merchant account was topped up',
    });
    expect(retried.status).toBe(202);
    const third = await page(1, two);
    expect(third).toMatchObject({ stuck: shown(lesser), next: expect.any(String) });
    const last = await page(1, third);
    expect(last).toMatchObject({ stuck: shown(greater) });
    expect(last).not.toHaveProperty('next');
    // A page of which nothing can be read leads on all the same.
    expect(await page(1)).toMatchObject({ stuck: [], next: expect.any(String) });

    for (const query of [
      'limit=0',
      'limit=201',
      'limit=1&limit=1',
      'after=',
      'after=1',
      'since=1',
    ]) {
      const refused = await reader.get(`/surplus?${query}`);
      expect([query, refused.status, refused.body['code']]).toEqual([
        query,
        400,
        'invalid_request',
      ]);
    }
  });
});
