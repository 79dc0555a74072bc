import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS, ROUTING_DECISIONS } from '@hutong/domain-events';
import { aPaymentRequested, WECHAT_QR } from '@hutong/testing';
import { OPERATOR, STRANGER, SWITCHER, World } from '../world.examples.js';

describe('an operator switches a provider off', () => {
  let world: World;
  /** One instance answers HTTP and hears nothing; the other one hears, and does not answer. */
  beforeAll(async () => {
    world = await World.start('api', 'worker');
  }, 120_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, 60_000);

  const off = { target: 'wechat', off: true, reason: 'Refunds of the provider fail' };
  const offers = async () => {
    const payment = aPaymentRequested({ expiresAt: world.after(15) });
    await world.tell(CHECKOUT_PAYMENTS, payment);
    return (await world.said(ROUTING_DECISIONS, payment.paymentId, 1)).map(({ event }) => event);
  };

  it('for every instance from the answer on, until it is switched on again', async () => {
    const turnedAt = world.clock.now().toISOString();
    const turned = await world.post('/switches', off, SWITCHER);
    expect([turned.status, await turned.json()]).toEqual([
      200,
      { ...off, turnedBy: 'switcher', turnedAt },
    ]);
    expect(await offers()).toMatchObject([
      {
        type: 'payment.not_offered',
        refused: [{ method: WECHAT_QR, reasons: ['wechat is switched off'] }],
      },
    ]);
    expect(await (await world.get('/switches', OPERATOR)).json()).toMatchObject({
      off: [{ ...off, turnedBy: 'switcher', turnedAt }],
      turns: [{ ...off }],
    });

    await world.post('/switches', { ...off, off: false, reason: 'They work again' }, SWITCHER);
    expect(await offers()).toMatchObject([{ type: 'payment.offered', refused: [] }]);
    expect(await (await world.get('/switches', OPERATOR)).json()).toMatchObject({
      off: [],
      turns: [
        { off: false, reason: 'They work again' },
        { off: true, reason: off.reason },
      ],
    });
  });

  type Row = {
    what: string;
    token: string | undefined;
    body: unknown;
    status: number;
    code: string;
  };
  it.each<Row>`
    what                    | token        | body                                | status | code
    ${'without a token'}    | ${undefined} | ${off}                              | ${401} | ${'unauthenticated'}
    ${'who may only read'}  | ${OPERATOR}  | ${off}                              | ${403} | ${'scope_missing'}
    ${'of another service'} | ${STRANGER}  | ${off}                              | ${403} | ${'scope_missing'}
    ${'of nothing known'}   | ${SWITCHER}  | ${{ ...off, target: 'paypal' }}     | ${422} | ${'target_unknown'}
    ${'without a reason'}   | ${SWITCHER}  | ${{ target: 'wechat', off: true }}  | ${400} | ${'invalid_request'}
    ${'half off'}           | ${SWITCHER}  | ${{ ...off, off: 'yes' }}           | ${400} | ${'invalid_request'}
    ${'in someone’s name'}  | ${SWITCHER}  | ${{ ...off, turnedBy: 'the boss' }} | ${400} | ${'invalid_request'}
  `('but nobody $what: $status $code', async ({ token, body, status, code }) => {
    const answer = await world.post('/switches', body, token);
    expect([answer.status, await answer.json()]).toMatchObject([status, { status, code }]);
    const { off: nowOff } = (await (await world.get('/switches', OPERATOR)).json()) as { off: [] };
    expect(nowOff).toEqual([]);
  });
});
