import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS, ROUTING_DECISIONS } from '@hutong/domain-events';
import { aMethodSelected, aPaymentId, aPaymentRequested } from '@hutong/testing';
import { describeOpenApi } from '../openapi.adapter.js';
import { OPERATOR, STRANGER, World } from '../world.examples.js';

describe('asking routing for its decisions', () => {
  let world: World;
  /** The instance that answers HTTP and hears nothing; the other one hears, and does not answer. */
  const API = 0;

  beforeAll(async () => {
    world = await World.start('api', 'worker');
  }, 120_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, 60_000);

  it('says why a payment was offered what it was, and what became of its choices', async () => {
    const payment = aPaymentRequested({ channel: 'app', expiresAt: world.after(15) });
    const { paymentId } = payment;
    const stale = aMethodSelected({ paymentId, offer: 4 });
    const good = aMethodSelected({ paymentId, offer: 2 });
    for (const event of [payment, stale, good]) await world.tell(CHECKOUT_PAYMENTS, event);
    await world.said(ROUTING_DECISIONS, paymentId, 4);

    const answer = await world.get(`/decisions/${paymentId}`, OPERATOR, API);
    expect(answer.status).toBe(200);
    const decidedAt = world.clock.now().toISOString();
    const decision = {
      decidedAt,
      policyVersion: '2024-09',
      validUntil: world.after(10).toISOString(),
      methods: [
        { method: 'wechat/wechat_pay/qr', label: 'WeChat Pay', offered: true, reasons: [] },
      ],
    };
    const choice = { method: 'wechat/wechat_pay/qr', paidByAnother: false, decidedAt };
    expect(await answer.json()).toEqual({
      paymentId,
      inputs: {
        platform: 'taobao',
        merchantId: payment.merchantId,
        amount: { currency: 'CNY', minor: '12800' },
        channel: 'app',
        payer: { hasBoundCard: 'unknown', hasBalance: 'unknown' },
        requestedAt: payment.requestedAt.toISOString(),
        expiresAt: payment.expiresAt.toISOString(),
        policyAt: payment.requestedAt.toISOString(),
      },
      decisions: [
        { offer: 1, ...decision },
        { offer: 2, ...decision },
      ],
      choices: expect.arrayContaining([
        {
          ...choice,
          attemptId: stale.attemptId,
          offer: 4,
          verdict: 'refused',
          reasons: ['offer 4 was never made'],
        },
        { ...choice, attemptId: good.attemptId, offer: 2, verdict: 'accepted', reasons: [] },
      ]),
    });
  });

  const someone = `/decisions/${aPaymentId()}`;
  type Row = { who: string; token: string | undefined; path: string; status: number; code: string };
  it.each<Row>`
    who                             | token             | path                   | status | code
    ${'an operator, of no payment'} | ${OPERATOR}       | ${someone}             | ${404} | ${'payment_unknown'}
    ${'an operator, of no id'}      | ${OPERATOR}       | ${'/decisions/not-an'} | ${404} | ${'payment_unknown'}
    ${'an operator, of no route'}   | ${OPERATOR}       | ${'/nowhere'}          | ${404} | ${'not_found'}
    ${'nobody'}                     | ${undefined}      | ${someone}             | ${401} | ${'unauthenticated'}
    ${'an unknown token'}           | ${'a'.repeat(43)} | ${someone}             | ${401} | ${'unauthenticated'}
    ${'a token for something else'} | ${STRANGER}       | ${someone}             | ${403} | ${'scope_missing'}
  `('answers $who with $status $code', async ({ token, path, status, code }) => {
    const answer = await world.get(path, token, API);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await answer.json()).toMatchObject({ status, code });
  });

  it('shows its interface, the same that the command prints', async () => {
    const served: unknown = await (await world.get('/openapi.json', undefined, API)).json();
    expect(served).toEqual(JSON.parse(JSON.stringify(await describeOpenApi())));
    const routes = (served as { paths: object }).paths;
    expect(Object.keys(routes)).toEqual(['/decisions/{paymentId}', '/switches']);
    for (const code of ['payment_unknown', 'target_unknown', 'unauthenticated', 'scope_missing']) {
      expect(JSON.stringify(served)).toContain(`"${code}"`);
    }
  });

  it.each([0, 1])('tells instance %i of its health and its figures', async (index) => {
    for (const path of ['/health/live', '/health/ready']) {
      expect([path, (await world.management(path, index)).status]).toEqual([path, 200]);
    }
    const figures = await (await world.management('/metrics', index)).text();
    expect(figures).toContain('hutong_routing_decisions_total');
  });
});
