import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTING_DECISIONS, type GatewayReport, type PaymentId } from '@hutong/domain-events';
import { anAttemptRefused, anEventId, WECHAT_QR } from '@hutong/testing';
import { Shop, type Bought } from '../shop.examples.js';
import { anOrder, PlatformClient } from '../world.examples.js';

describe('closing a payment', () => {
  const opened = new AsyncDisposableStack();
  let shop: Shop;

  beforeAll(async () => {
    shop = opened.use(await Shop.open());
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  const close = (id: PaymentId, headers: Record<string, string> = {}) =>
    shop.there.post(`/payments/${id}/close`, undefined, headers);
  const closing = async (count = 1): Promise<Bought> => {
    const bought = await shop.chosen(count);
    expect(await close(bought.paymentId)).toMatchObject({
      status: 202,
      body: { status: 'closing', reason: 'cancelled' },
    });
    return bought;
  };

  it.each(['requested', 'offered'] as const)(
    'that is %s ends at once, and frees its order',
    async (status) => {
      const order = anOrder();
      const id = await shop[status](order);
      const answer = await close(id);
      expect(answer).toMatchObject({
        status: 202,
        body: { status: 'closed', reason: 'cancelled', attempts: [] },
      });
      expect(await shop.outcomes(id, 1)).toMatchObject([
        { type: 'payment.closed', reason: 'cancelled', payment: { platform: 'taobao' } },
      ]);
      expect(await shop.requested(order)).not.toBe(id);
      const choice = { offer: 1, method: 'wechat/wechat_pay/qr' };
      const chosen = await shop.here.post(`/payments/${id}/attempts`, choice);
      expect([chosen.status, chosen.body['code']]).toEqual([409, 'payment_closed']);
    },
  );

  it('with open attempts waits for each provider, and keeps its order', async () => {
    const order = anOrder();
    const bought = await shop.chosen(3, order);
    const { paymentId: id, attempts } = bought;
    await shop.reportAll(shop.failed(bought, 0));
    await close(id);
    expect(await shop.asked(id, 1)).toEqual([
      {
        type: 'payment.close_requested',
        paymentId: id,
        attempts: attempts.slice(1),
        reason: 'cancelled',
      },
    ]);
    await shop.reportAll(shop.closed(bought, 1));
    expect(await shop.see(id)).toMatchObject({
      status: 'closing',
      attempts: [{ status: 'failed' }, { status: 'closed' }, { status: 'closing' }],
    });
    expect((await shop.here.post('/payments', order)).status).toBe(409);
    await shop.reportAll(shop.failed(bought, 2));
    expect(await shop.see(id)).toMatchObject({ status: 'closed' });
    expect(await shop.typesOf(id, 4)).toEqual([
      'payment.attempt_failed',
      'payment.attempt_closed',
      'payment.attempt_failed',
      'payment.closed',
    ]);
  });

  it('has its effect once: repeated, at two instances, and redelivered', async () => {
    const bought = await shop.chosen();
    const { paymentId: id } = bought;
    const key = { 'idempotency-key': crypto.randomUUID() };
    const twice = await Promise.all([close(id), shop.here.post(`/payments/${id}/close`, {})]);
    expect(twice.map(({ status }) => status)).toEqual([202, 202]);
    expect((await close(id, key)).status).toBe(202);
    const event = anEventId();
    await shop.report(shop.closed(bought), event);
    await shop.report(shop.closed(bought), event);
    await shop.reportAll(shop.closed(bought));
    expect(await close(id, key)).toMatchObject({ status: 202, body: { status: 'closed' } });
    expect(await shop.asked(id, 1)).toHaveLength(1);
    expect(await shop.typesOf(id, 2)).toEqual(['payment.attempt_closed', 'payment.closed']);
  });

  type Crossing = [string, (bought: Bought) => readonly GatewayReport[]];
  it.each<Crossing>([
    ['the success first', (b) => [shop.success(b), shop.closed(b, 1)]],
    ['the other’s close first', (b) => [shop.closed(b, 1), shop.success(b)]],
  ])('is paid by a success that comes meanwhile: %s', async (_, reports) => {
    const bought = await closing(2);
    await shop.reportAll(...reports(bought));
    expect(await shop.see(bought.paymentId)).toMatchObject({
      status: 'paid',
      attempts: [{ status: 'succeeded' }, { status: 'closed' }],
      surplus: [],
    });
    const types = await shop.typesOf(bought.paymentId, 2);
    expect(types.toSorted()).toEqual(['payment.attempt_closed', 'payment.paid']);
    expect((await close(bought.paymentId)).body['code']).toBe('already_paid');
  });

  it.each<Crossing>([
    ['its close first: surplus', (b) => [shop.closed(b), shop.success(b)]],
    ['the money first: paid', (b) => [shop.success(b), shop.closed(b)]],
  ])('of the one attempt that then takes money: %s', async (name, reports) => {
    const bought = await closing();
    await shop.reportAll(...reports(bought));
    const paid = name.endsWith('paid');
    expect(await shop.see(bought.paymentId)).toMatchObject(
      paid
        ? { status: 'paid', surplus: [] }
        : { status: 'closed', surplus: [{ reason: 'after_close' }] },
    );
  });

  it('ends where routing never passed the attempt on', async () => {
    const { paymentId: id, attempts } = await closing();
    for (const attempt of attempts) {
      const about = { paymentId: id, attemptId: attempt, offer: 1, method: WECHAT_QR };
      await shop.world.tell(ROUTING_DECISIONS, anAttemptRefused(about));
    }
    await shop.is(id, 'closed');
    expect(await shop.typesOf(id, 1)).toEqual(['payment.closed']);
  });

  it('closes the attempts that lost when another one wins', async () => {
    const bought = await shop.paid(3);
    const { paymentId: id, attempts } = bought;
    expect(await shop.asked(id, 1)).toEqual([
      {
        type: 'payment.close_requested',
        paymentId: id,
        attempts: attempts.slice(1),
        reason: 'other_attempt_won',
      },
    ]);
    await shop.reportAll(shop.closed(bought, 1), shop.failed(bought, 2));
    expect(await shop.see(id)).toMatchObject({
      status: 'paid',
      attempts: [{ status: 'succeeded' }, { status: 'closed' }, { status: 'failed' }],
    });
  });

  it('is refused to other platforms, and of nothing', async () => {
    const jd = new PlatformClient(shop.world.at(), await shop.world.keyFor('jd'));
    const id = await shop.requested();
    for (const path of [`/payments/${id}/close`, '/payments/nonsense/close']) {
      expect(await jd.post(path, {})).toMatchObject({
        status: 404,
        body: { code: 'payment_unknown' },
      });
    }
  });

  it.each([
    ['a list', '', []],
    ['a reason', '', { reason: 'expired' }],
    ['a parameter', '?reason=expired', {}],
  ])('is asked for without %s', async (_, query, body) => {
    const id = await shop.requested();
    expect(await shop.there.post(`/payments/${id}/close${query}`, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect(await shop.see(id)).toMatchObject({ status: 'requested' });
    expect((await shop.there.post(`/payments/${id}/close`, {})).status).toBe(202);
  });

  it('happens by itself at the deadline and not before, once, whoever sweeps', async () => {
    const expiresAt = new Date(shop.clock.now().getTime() + 60_000).toISOString();
    const open = await shop.chosen(2, anOrder({ expiresAt }));
    const offered = await shop.offered(anOrder({ expiresAt }));
    const requested = await shop.requested(anOrder({ expiresAt }));
    const later = await shop.offered();
    shop.clock.advance(59_999);
    expect((await shop.see(offered))['status']).toBe('offered');
    shop.clock.advance(1);
    for (const id of [offered, requested]) {
      expect(await shop.is(id, 'closed')).toMatchObject({ reason: 'expired' });
      expect(await shop.outcomes(id, 1)).toMatchObject([{ reason: 'expired' }]);
    }
    await shop.is(open.paymentId, 'closing');
    expect(await shop.asked(open.paymentId, 1)).toMatchObject([
      { type: 'payment.close_requested', attempts: open.attempts, reason: 'expired' },
    ]);
    await shop.reportAll(shop.closed(open, 0), shop.closed(open, 1));
    expect(await shop.see(open.paymentId)).toMatchObject({ status: 'closed', reason: 'expired' });
    expect(await shop.typesOf(open.paymentId, 3)).toHaveLength(3);
    expect((await shop.see(later))['status']).toBe('offered');
  });
});
