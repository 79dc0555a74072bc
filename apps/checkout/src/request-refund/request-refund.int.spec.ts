import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refundId, type PaymentId, type RefundId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import { anEventId } from '@hutong/testing';
import { AMOUNT, Shop, type Bought } from '../shop.examples.js';
import { PlatformClient } from '../world.examples.js';

const fen = (minor: bigint) => money(minor, 'CNY');

describe('giving a payment back', () => {
  const opened = new AsyncDisposableStack();
  let shop: Shop;

  beforeAll(async () => {
    shop = opened.use(await Shop.open());
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  const ask = (id: PaymentId, minor: string, over = {}, headers: Record<string, string> = {}) =>
    shop.here.post(
      `/payments/${id}/refunds`,
      { amount: { currency: 'CNY', minor }, ...over },
      headers,
    );
  const asked = async ({ paymentId: id }: Bought, minor: bigint): Promise<RefundId> => {
    const answer = await ask(id, `${minor}`);
    expect(answer).toMatchObject({ status: 201, body: { status: 'requested' } });
    return refundId(String(answer.body['refundId']));
  };
  const reports = (bought: Bought, id: RefundId, amount = AMOUNT) =>
    shop.refund(bought, id, { amount });

  it('goes in parts until nothing is left; what exceeds is refused with what is left', async () => {
    const bought = await shop.paid();
    const { paymentId: id, attempts } = bought;
    const answer = await ask(id, '4800', { reason: 'a cup is broken' });
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'requested', amount: { minor: '4800' }, reason: 'a cup is broken' },
    });
    const first = refundId(String(answer.body['refundId']));
    expect(await shop.asked(id, 1)).toEqual([
      {
        type: 'payment.refund_requested',
        paymentId: id,
        refundId: first,
        attemptId: attempts[0],
        provider: 'wechat',
        amount: fen(4_800n),
        reason: 'a cup is broken',
      },
    ]);
    // What is on its way counts as gone.
    expect(await ask(id, '8001')).toMatchObject({
      status: 422,
      body: { code: 'exceeds_refundable', left: { currency: 'CNY', minor: '8000' } },
    });
    await shop.reportAll(reports(bought, first, fen(4_800n)).succeeded);
    expect(await shop.see(id)).toMatchObject({
      status: 'partly_refunded',
      refunds: [{ refundId: first, status: 'succeeded' }],
    });
    const rest = await asked(bought, 8_000n);
    await shop.reportAll(reports(bought, rest, fen(8_000n)).succeeded);
    expect(await shop.see(id)).toMatchObject({ status: 'refunded' });
    expect(await ask(id, '1')).toMatchObject({
      status: 422,
      body: { code: 'exceeds_refundable', left: { minor: '0' } },
    });
    expect(await shop.outcomes(id, 3)).toMatchObject([
      { type: 'payment.paid' },
      { type: 'payment.refunded', refundId: first, amount: fen(4_800n) },
      {
        type: 'payment.refunded',
        refundId: rest,
        amount: fen(8_000n),
        payment: { platform: 'taobao', merchantId: 'tea-house' },
        attempt: { attemptId: attempts[0], provider: 'wechat', presentation: 'qr' },
      },
    ]);
  });

  it('can be tried again after the provider refused', async () => {
    const bought = await shop.paid();
    const first = await asked(bought, 12_800n);
    const { pending, failed } = reports(bought, first);
    await shop.reportAll(pending);
    expect(await shop.see(bought.paymentId)).toMatchObject({ refunds: [{ status: 'pending' }] });
    expect((await ask(bought.paymentId, '1')).body['code']).toBe('exceeds_refundable');
    await shop.reportAll(failed);
    expect(await shop.see(bought.paymentId)).toMatchObject({
      status: 'paid',
      refunds: [{ status: 'failed', failureReason: 'rejected' }],
    });
    const second = await asked(bought, 12_800n);
    expect(second).not.toBe(first);
    await shop.reportAll(reports(bought, second).succeeded);
    expect(await shop.see(bought.paymentId)).toMatchObject({ status: 'refunded' });
    expect(await shop.typesOf(bought.paymentId, 3)).toEqual([
      'payment.paid',
      'payment.refund_failed',
      'payment.refunded',
    ]);
  });

  it.each([
    ['pending', 'succeeded', 'refunded'],
    ['succeeded', 'pending', 'refunded'],
    ['pending', 'failed', 'paid'],
    ['failed', 'pending', 'paid'],
    ['failed', 'succeeded', 'refunded'],
  ] as const)('hears %s, then %s: %s', async (one, other, status) => {
    const bought = await shop.paid();
    const all = reports(bought, await asked(bought, 12_800n));
    await shop.reportAll(all[one], all[other]);
    expect((await shop.see(bought.paymentId))['status']).toBe(status);
  });

  it('has its effect once: repeated, redelivered, told twice', async () => {
    const bought = await shop.paid();
    const { paymentId: id } = bought;
    const key = { 'idempotency-key': crypto.randomUUID() };
    const first = await ask(id, '100', {}, key);
    const again = await ask(id, '100', {}, key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect((await ask(id, '200', {}, key)).body['code']).toBe('idempotency_key_reused');
    const { succeeded } = reports(bought, refundId(String(first.body['refundId'])), fen(100n));
    const event = anEventId();
    await shop.report(succeeded, event);
    await shop.report(succeeded, event);
    await shop.reportAll(succeeded);
    expect((await shop.see(id))['refunds']).toHaveLength(1);
    expect(await shop.asked(id, 1)).toHaveLength(1);
    expect(await shop.typesOf(id, 2)).toEqual(['payment.paid', 'payment.refunded']);
  });

  it('never gives more than was paid, however many ask at once, wherever', async () => {
    const { paymentId: id } = await shop.paid();
    const body = { amount: { currency: 'CNY', minor: '5000' } };
    const all = await Promise.all(
      [shop.here, shop.there, shop.here, shop.there, shop.here, shop.there].map((one) =>
        one.post(`/payments/${id}/refunds`, body),
      ),
    );
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 201, 422, 422, 422, 422]);
    expect((await shop.see(id))['refunds']).toHaveLength(2);
  });

  it('is refused with its reason', async () => {
    const unpaid = await shop.offered();
    const { paymentId: id } = await shop.paid();
    const dollars = { amount: { currency: 'USD', minor: '1' } };
    const jd = new PlatformClient(shop.world.at(), await shop.world.keyFor('jd'));
    const answers = await Promise.all([
      ask(unpaid, '1'),
      ask(id, '0'),
      ask(id, '1', dollars),
      ask(id, '1', { reason: 'x'.repeat(81) }),
      ask(id, '-1'),
      jd.post(`/payments/${id}/refunds`, { amount: { currency: 'CNY', minor: '1' } }),
    ]);
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [409, 'not_paid'],
      [422, 'amount_not_positive'],
      [422, 'other_currency'],
      [400, 'invalid_request'],
      [400, 'invalid_request'],
      [404, 'payment_unknown'],
    ]);
    expect(await shop.see(id)).toMatchObject({ status: 'paid', refunds: [] });
  });
});
