import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  attemptId,
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  PAYMENT_OUTCOMES,
  paymentId,
  ROUTING_DECISIONS,
} from '@hutong/domain-events';
import { aPaymentOffered, anAttemptSucceeded, aProviderRef, WECHAT_QR } from '@hutong/testing';
import { money } from '@hutong/money';
import { anOrder, PlatformClient, World } from './world.examples.js';

const AT_ONCE = { prefer: 'wait=0' };

/** One instance answers platforms, another works on events; each does without the other for a while. */
describe('checkout in its two roles', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let taobao: PlatformClient;

  beforeAll(async () => {
    world = opened.use(await World.start('api'));
    taobao = new PlatformClient(world.at(), await world.keyFor('taobao'));
  }, 120_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  it('loses nothing that happens while nobody relays or hears, and wakes who waits elsewhere', async () => {
    const { body } = await taobao.post('/payments', anOrder(), AT_ONCE);
    const id = paymentId(String(body['paymentId']));
    await world.tell(
      ROUTING_DECISIONS,
      aPaymentOffered({
        paymentId: id,
        offer: 1,
        validUntil: new Date(Date.now() + 600_000),
        methods: [{ method: WECHAT_QR, label: 'WeChat Pay' }],
      }),
    );
    expect(await world.eventsOf(CHECKOUT_PAYMENTS, id)).toEqual([]);
    const waiting = taobao.get(`/payments/${id}?wait=30`, { 'if-none-match': '"1"' });

    const worker = await world.add('worker');
    const started = performance.now();

    expect(worker.port).toBeUndefined();
    expect((await waiting).body).toMatchObject({ status: 'offered' });
    expect(performance.now() - started).toBeLessThan(20_000); // unwoken it would look after 60 s
    const [request] = await world.said(CHECKOUT_PAYMENTS, id, 1);
    expect(request).toMatchObject({ sequence: 1, event: { type: 'payment.requested' } });

    const choice = { offer: 1, method: 'wechat/wechat_pay/qr' };
    const chosen = await taobao.post(`/payments/${id}/attempts`, choice, AT_ONCE);
    expect(chosen.status).toBe(201);
    const [, selected] = await world.said(CHECKOUT_PAYMENTS, id, 2);
    expect(selected).toMatchObject({ sequence: 2, event: { type: 'payment.method_selected' } });

    await world.tell(
      GATEWAY_REPORTS,
      anAttemptSucceeded({
        paymentId: id,
        attemptId: attemptId(String(chosen.body['attemptId'])),
        provider: 'wechat',
        amount: money(12_800n, 'CNY'),
        providerRef: aProviderRef(),
      }),
      { source: 'wechat-gateway' },
    );
    const [outcome] = await world.said(PAYMENT_OUTCOMES, id, 1);
    expect(outcome).toMatchObject({ sequence: 3, event: { type: 'payment.paid' } });
  });
});
