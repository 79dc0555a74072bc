import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  attemptId,
  ROUTING_DECISIONS,
  GATEWAY_REPORTS,
  CHECKOUT_PAYMENTS,
  PAYMENT_OUTCOMES,
  type PaymentId,
} from '@hutong/domain-events';
import type { SealingKeys } from '@hutong/gateway';
import { anAttemptAccepted, anAttemptAwaitingPayer, anAttemptRefused } from '@hutong/testing';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Shop } from '../shop.examples.js';
import { anOrder, PlatformClient, type Answer } from '../world.examples.js';
import {
  AT_ONCE,
  choices,
  everything,
  Guest,
  keysFor,
  LINK,
  methodOf,
  offer,
} from './link-world.examples.js';
import { chosenRefusals, pressRefusals, unknownLink } from './link-refusals.js';
import { MAX_LINKS } from './share-link.js';

const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o-canary';
const codeOf = ({ status, body }: Answer) => [status, body['code'] ?? body['status']];

describe('a shared link', () => {
  const opened = new AsyncDisposableStack();
  let shop: Shop;
  let gateway: SealingKeys;
  let stranger: SealingKeys;

  beforeAll(async () => {
    shop = opened.use(await Shop.open());
    const { folder } = shop.world;
    stranger = (await keysFor('wechat', folder, 'unused.1.pem')).opened;
    gateway = (await keysFor('wechat', folder, 'wechat-gateway.1.pem')).opened;
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  const here = () => new Guest(shop.world.at(0));
  const there = () => new Guest(shop.world.at(1));

  const choose = (id: PaymentId, headers: Record<string, string> = {}, at = shop.here) =>
    at.post(`/payments/${id}/attempts`, { offer: 1, method: LINK }, { ...AT_ONCE, ...headers });

  async function shared(over: Record<string, unknown> = {}) {
    const id = await shop.requested(anOrder(over));
    await offer(shop, id);
    const answer = await choose(id);
    expect(answer.status).toBe(201);
    return { id, token: tokenIn(answer), answer };
  }

  const about = (id: PaymentId, { body }: Answer) => ({
    paymentId: id,
    attemptId: attemptId(String(body['attemptId'])),
  });

  it('is answered with its address, and with the same one to the same request', async () => {
    const id = await shop.requested();
    await offer(shop, id);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await choose(id, headers);
    expect(first).toMatchObject({
      status: 201,
      body: {
        method: LINK,
        status: 'awaiting_payer',
        action: {
          type: 'link',
          url: expect.stringMatching(/^http:\/\/checkout\.test\/pay\/[\w-]{22}$/),
          validUntil: (await shop.see(id))['expiresAt'],
        },
      },
    });
    const again = await choose(id, headers, shop.there);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(tokenIn(await choose(id))).not.toBe(tokenIn(first));
  });

  it('is seen with its payment, as a change to it, and without its address', async () => {
    const id = await shop.requested();
    await offer(shop, id);
    const see = (headers: Record<string, string> = {}) =>
      shop.there.get(`/payments/${id}?wait=20`, headers);
    const known = (await shop.there.get(`/payments/${id}`)).headers.get('etag') ?? '';
    const waiting = see({ 'if-none-match': known });
    const made = await choose(id);
    const token = tokenIn(made);
    const { body } = await waiting;
    const link = {
      linkId: made.body['attemptId'],
      offer: 1,
      method: LINK,
      status: 'payable',
      madeAt: made.body['selectedAt'],
      validUntil: body['expiresAt'],
      presses: 0,
    };
    expect(body).toMatchObject({ status: 'offered', attempts: [], links: [link] });
    const { attemptId: pressed } = about(id, await here().press(token));
    await shop.here.post(`/payments/${id}/close`, {});
    const seen = await shop.see(id);
    const ended = { ...link, status: 'closed', presses: 1, lastAttemptId: pressed };
    expect(seen).toMatchObject({ attempts: [{ attemptId: pressed }], links: [ended] });
    expect(JSON.stringify([body, seen])).not.toContain(token);
  });

  it('is kept as a hash, and nothing of it is told or tried', async () => {
    const { id, token } = await shared();
    expect(await everything(shop)).not.toContain(token);
    expect(await choices(shop, id, 0)).toEqual([]);
    expect(await shop.see(id)).toMatchObject({ status: 'offered', attempts: [] });
  });

  it('opened twice, and by a crawler, changes nothing', async () => {
    const { token } = await shared();
    const before = await everything(shop);
    const [first, second] = [await here().see(token), await there().see(token)];
    expect(first.body).toEqual(second.body);
    expect(first).toMatchObject({
      status: 200,
      body: {
        status: 'payable',
        amount: { currency: 'CNY', minor: '12800' },
        description: 'Longjing tea, 250 g',
        platform: 'taobao',
        instrument: 'wechat_pay',
      },
    });
    for (const method of ['GET', 'HEAD']) {
      const page = await there().open(token, 'text/html,*/*;q=0.8', method);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toContain('text/html');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('x-robots-tag')).toBe('noindex, nofollow');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(page.headers.get('vary')?.toLowerCase()).toContain('accept');
      const text = await page.text();
      expect(text).not.toContain('<script');
    }
    expect(await everything(shop)).toBe(before);
  });

  it('pressed by many at once is one attempt, of the way that was chosen', async () => {
    const { id, token } = await shared();
    const all = await Promise.all([here(), there(), here(), there()].map((g) => g.press(token)));
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 201]);
    expect(new Set(all.map(({ body }) => body['attemptId'])).size).toBe(1);
    const chosen = await choices(shop, id, 1);
    expect(chosen).toMatchObject([
      { offer: 1, method: methodOf('wechat/wechat_pay/qr'), paidByAnother: true },
    ]);
    expect((await there().see(token)).body).toMatchObject({ attempt: { status: 'selected' } });
  });

  it('pressed again answers with the attempt that is shown, without a key or with any', async () => {
    const { id, token } = await shared();
    const pressed = about(id, await here().press(token));
    const validUntil = new Date(shop.clock.now().getTime() + 60_000);
    const action = { type: 'qr', content: 'weixin://wxpay/bizpayurl?pr=x', validUntil } as const;
    await shop.report(anAttemptAwaitingPayer({ ...pressed, provider: 'wechat', action }));
    await shop.world.settled();
    const shown = (await there().see(token)).body['attempt'];
    expect(shown).toMatchObject({ status: 'awaiting_payer', action: { type: 'qr' } });
    const key = { ...AT_ONCE, 'idempotency-key': crypto.randomUUID() };
    const again = [
      await here().press(token),
      await there().press(token, { presentation: 'redirect' }),
      ...(await Promise.all([here(), there()].map((g) => g.press(token, undefined, key)))),
    ];
    for (const { status, body } of again) expect([status, body]).toEqual([200, shown]);
    expect(await choices(shop, id, 1)).toHaveLength(1);
  });

  it('may be pressed again once the try has failed, and is paid by another', async () => {
    const { id, token } = await shared();
    const first = about(id, await here().press(token));
    await shop.report(shop.failed({ paymentId: id, attempts: [first.attemptId] }));
    await shop.world.settled();
    const next = await there().press(token);
    expect(next.status).toBe(201);
    const second = about(id, next);
    expect(second.attemptId).not.toBe(first.attemptId);
    const method = methodOf('wechat/wechat_pay/qr');
    await shop.world.tell(ROUTING_DECISIONS, anAttemptAccepted({ ...second, offer: 1, method }));
    await shop.report(anAttemptAwaitingPayer({ ...second, provider: 'wechat' }));
    await shop.world.settled();
    expect((await here().see(token)).body).toMatchObject({
      attempt: { status: 'awaiting_payer', action: { type: 'qr' } },
    });
    await shop.report(shop.success({ paymentId: id, attempts: [second.attemptId] }));
    await shop.is(id, 'paid');
    const [request] = await shop.world.said(CHECKOUT_PAYMENTS, id, 1);
    const buyer = request?.event.type === 'payment.requested' ? request.event.payerKey : undefined;
    expect(await shop.outcomes(id, 2)).toMatchObject([
      { type: 'payment.attempt_failed', attempt: { paidByAnother: true } },
      {
        type: 'payment.paid',
        payment: { payerKey: buyer },
        attempt: { paidByAnother: true, presentation: 'qr' },
      },
    ]);
    expect(codeOf(await here().see(token))).toEqual([200, 'paid']);
    expect(codeOf(await here().press(token))).toEqual([409, 'already_paid']);
  });

  it('is pressed once more by itself where its offer had run out and there is a new one', async () => {
    const { id, token } = await shared();
    shop.clock.advance(600_000);
    const pressing = here().press(token, { presentation: 'qr' }, { prefer: 'wait=20' });
    const [first] = await choices(shop, id, 1);
    if (first === undefined) throw new Error('nothing was chosen');
    const refused = { paymentId: id, attemptId: first.attemptId, offer: 1, method: first.method };
    await shop.world.tell(ROUTING_DECISIONS, anAttemptRefused(refused));
    await offer(shop, id, { number: 2 });
    const [, second] = await choices(shop, id, 2);
    expect(second).toMatchObject({ offer: 2, paidByAnother: true });
    const shown = { paymentId: id, attemptId: attemptId(String(second?.attemptId)) };
    await shop.report(anAttemptAwaitingPayer({ ...shown, provider: 'wechat' }));
    expect(await pressing).toMatchObject({
      status: 201,
      body: { attemptId: second?.attemptId, status: 'awaiting_payer' },
    });
  });

  it('is pressed once where the way of paying is refused, and says so', async () => {
    const { id, token } = await shared();
    const pressing = here().press(token, { presentation: 'redirect' }, { prefer: 'wait=20' });
    const [first] = await choices(shop, id, 1);
    if (first === undefined) throw new Error('nothing was chosen');
    const refused = { paymentId: id, attemptId: first.attemptId, offer: 1, method: first.method };
    await shop.world.tell(ROUTING_DECISIONS, anAttemptRefused(refused));
    await offer(shop, id, { number: 2 });
    expect(await pressing).toMatchObject({ status: 201, body: { status: 'refused', reasons: [] } });
    expect((await shop.see(id))['attempts']).toHaveLength(1);
    const page = await (await there().open(token, 'text/html')).text();
    expect(page).toContain('It cannot be paid in that way.');
  });

  it('is a page whose buttons pay, and which shows the way on', async () => {
    const { id, token } = await shared({ description: 'Tea <b>&</b> "cake"' });
    const guest = here();
    const page = await (await guest.open(token, 'text/html')).text();
    expect(page).toContain('Tea &#60;b&#62;&#38;&#60;/b&#62; &#34;cake&#34;');
    expect(page).toContain(`action="${token}/attempts"`);
    const pressed = await guest.pressButton(token, 'redirect');
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, `../${token}`]);
    const [chosen] = await choices(shop, id, 1);
    const waiting = { paymentId: id, attemptId: attemptId(String(chosen?.attemptId)) };
    const validUntil = new Date(shop.clock.now().getTime() + 60_000);
    const action = { type: 'redirect', url: 'https://wx.test/pay?a=1&b=2', validUntil } as const;
    await shop.report(anAttemptAwaitingPayer({ ...waiting, provider: 'wechat', action }));
    await shop.world.settled();
    const next = await (await guest.open(token, 'text/html')).text();
    expect(next).toContain('href="https://wx.test/pay?a=1&#38;b=2"');
    expect(next).not.toContain('<form');

    shop.clock.advance(60_000);
    const later = await (await guest.open(token, 'text/html')).text();
    expect(later).toContain('The last try has run out.');
    expect(later).toContain(`action="${token}/attempts"`);
    expect((await guest.pressButton(token, 'qr')).status).toBe(303);
    expect(await choices(shop, id, 2)).toMatchObject([
      { method: methodOf('wechat/wechat_pay/redirect') },
      { method: methodOf('wechat/wechat_pay/qr'), paidByAnother: true },
    ]);
  });

  it('is a page with a code to scan', async () => {
    const { id, token } = await shared();
    const guest = here();
    const { attemptId: pressed } = about(id, await guest.press(token));
    const waiting = await (await guest.open(token, 'text/html')).text();
    expect(waiting).toContain('http-equiv="refresh"');
    const told = { paymentId: id, attemptId: pressed, provider: 'wechat' } as const;
    const validUntil = new Date(shop.clock.now().getTime() + 60_000);
    const action = { type: 'qr', content: 'weixin://wxpay/bizpayurl?pr=1', validUntil } as const;
    await shop.report(anAttemptAwaitingPayer({ ...told, action }));
    await shop.world.settled();
    expect(await (await guest.open(token, 'text/html')).text()).toContain('<svg');
  });

  describe('once it is over', () => {
    it('because of its time, says so', async () => {
      const { id, token } = await shared({
        expiresAt: new Date(shop.clock.now().getTime() + 60_000).toISOString(),
      });
      shop.clock.advance(60_000);
      expect(codeOf(await here().see(token))).toEqual([200, 'expired']);
      const [status, code] = codeOf(await there().press(token));
      expect([status, ['payment_expired', 'payment_closed'].includes(String(code))]).toEqual([
        409,
        true,
      ]);
      await shop.is(id, 'closed');
      expect(codeOf(await here().see(token))).toEqual([200, 'expired']);
    });

    it('because the payment was closed, says so, to its platform too', async () => {
      const id = await shop.requested();
      await offer(shop, id);
      const headers = { 'idempotency-key': crypto.randomUUID() };
      const token = tokenIn(await choose(id, headers));
      await shop.here.post(`/payments/${id}/close`, {}, AT_ONCE);
      expect(codeOf(await here().see(token))).toEqual([200, 'closed']);
      expect(codeOf(await there().press(token))).toEqual([409, 'payment_closed']);
      const again = await choose(id, headers);
      expect(again.body).toMatchObject({ status: 'closed', reason: 'cancelled' });
      expect(again.body['action']).toBeUndefined();
      expect(codeOf(await choose(id))).toEqual([409, 'payment_closed']);
    });
  });

  it('that was guessed is unknown, whatever it looks like, and guessing ends soon', async () => {
    const { token } = await shared();
    const guest = here();
    const wrong = [`${token.slice(0, -1)}_`, 'x', 'A'.repeat(22), 'A'.repeat(400), '%00', "';--"];
    const answers = [];
    for (const guess of wrong) answers.push(await guest.see(encodeURIComponent(guess)));
    const told = answers.map(({ status, body }) =>
      JSON.stringify([status, { ...body, instance: '' }]),
    );
    expect(new Set(told).size).toBe(1);
    expect(codeOf(answers[0] ?? failed())).toEqual([404, 'link_unknown']);
    for (let i = wrong.length; i < 10; i += 1) {
      expect(codeOf(await guest.press(`guess-${i}`))).toEqual([404, 'link_unknown']);
    }
    const late = await guest.see(token);
    expect(codeOf(late)).toEqual([429, 'too_many_requests']);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(codeOf(await here().see(token))).toEqual([200, 'payable']);
  });

  it('is in the OpenAPI document, with every refusal that links add', async () => {
    const response = await fetch(`${shop.world.at()}/openapi.json`);
    const document = (await response.json()) as OpenAPIObject;
    const { token } = await shared();
    const { body } = await here().see(token);
    const schema = document.components?.schemas?.['SharedPaymentView'] ?? {};
    expect(schema).toMatchObject({ required: expect.arrayContaining(Object.keys(body)) });
    const { get } = document.paths['/pay/{token}'] ?? {};
    const { post } = document.paths['/pay/{token}/attempts'] ?? {};
    const choice = document.paths['/payments/{paymentId}/attempts']?.post;
    for (const [route, refusals] of [
      [get, unknownLink],
      [post, pressRefusals],
      [choice, chosenRefusals],
    ] as const) {
      const text = JSON.stringify(route);
      for (const code of Object.keys(refusals)) expect(text).toContain(`"${code}"`);
    }
    expect(JSON.stringify([get, post])).not.toContain('unauthenticated');
  });

  it('is opened only so often from one address', async () => {
    const { token } = await shared();
    const guest = here();
    const all = await Promise.all(Array.from({ length: 60 }, () => guest.open(token)));
    const statuses = new Set(all.map(({ status }) => status));
    await Promise.all(all.map((one) => one.arrayBuffer()));
    expect([...statuses].toSorted()).toEqual([200, 429]);
    expect(codeOf(await here().see(token))).toEqual([200, 'payable']);
  });

  it('is refused where it is not offered, or too often asked for', async () => {
    const id = await shop.requested();
    await offer(shop, id, { methods: ['wechat/wechat_pay/qr'] });
    expect(codeOf(await choose(id))).toEqual([422, 'method_not_offered']);
    await offer(shop, id, { number: 2 });
    expect(codeOf(await choose(id))).toEqual([409, 'offer_superseded']);
    const body = { offer: 2, method: LINK };
    const path = `/payments/${id}/attempts`;
    for (let i = 0; i < MAX_LINKS; i += 1) {
      expect((await shop.here.post(path, body)).status).toBe(201);
    }
    expect(codeOf(await shop.there.post(path, body))).toEqual([409, 'too_many_links']);
  });

  it('cannot be made without a key, and opens all the same', async () => {
    const { id, token } = await shared();
    const over = { clock: shop.clock, sharing: { linkKey: undefined } };
    const { port } = await shop.world.add('api', over);
    const base = `http://127.0.0.1:${port}`;
    const keyless = new PlatformClient(base, await shop.world.keyFor('taobao'));
    expect(codeOf(await choose(id, {}, keyless))).toEqual([503, 'links_unavailable']);
    expect(codeOf(await new Guest(base).see(token))).toEqual([200, 'payable']);
  });

  describe('and what only a gateway may read', () => {
    const canaries = async (id: PaymentId) => {
      const records = [];
      for (const topic of [CHECKOUT_PAYMENTS, PAYMENT_OUTCOMES, GATEWAY_REPORTS] as const) {
        records.push(...(await shop.world.eventsOf(topic, id)));
      }
      const text = JSON.stringify(records, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v));
      return text + (await everything(shop));
    };

    it('of whoever pays through it is sealed to that gateway, and to nobody else', async () => {
      const { id, token } = await shared();
      const guest = there();
      const body = { presentation: 'mini_program', openid: OPENID };
      expect((await guest.press(token, body)).status).toBe(201);
      const [chosen] = await choices(shop, id, 1);
      const sealed = chosen?.sealedPayer ?? '';
      expect(await gateway.read(sealed)).toEqual({
        ok: true,
        value: { openid: OPENID, clientIp: guest.address },
      });
      expect(await stranger.read(sealed)).toEqual({ ok: false, refusal: 'not_decryptable' });
      const seen = await canaries(id);
      expect(seen).toContain(sealed);
      expect(seen).not.toContain(OPENID);
      expect(seen).not.toContain(guest.address);
    });

    it('of a payer is sealed too, where the gateway can use it', async () => {
      const id = await shop.requested();
      const methods = ['wechat/wechat_pay/mini_program', 'wechat/wechat_pay/qr'];
      await offer(shop, id, { methods });
      const payer = { openid: OPENID, clientIp: '198.51.100.7', code: '134567890123456789' };
      for (const method of methods) {
        const body = { offer: 1, method, payer };
        const { status } = await shop.here.post(`/payments/${id}/attempts`, body, AT_ONCE);
        expect(status).toBe(201);
      }
      const [mini, qr] = await choices(shop, id, 2);
      expect(await gateway.read(mini?.sealedPayer ?? '')).toEqual({
        ok: true,
        value: { openid: OPENID, clientIp: '198.51.100.7' },
      });
      expect(qr?.sealedPayer).toBeUndefined();
      const seen = await canaries(id);
      for (const canary of Object.values(payer)) expect(seen).not.toContain(canary);
    });

    it('is refused where it is none, by its name and not its value', async () => {
      const { id, token } = await shared();
      const body = { offer: 1, method: LINK, payer: { openid: 'no\nopenid', clientIp: 'here' } };
      const answer = await shop.here.post(`/payments/${id}/attempts`, body, AT_ONCE);
      const pressed = await here().press(token, { presentation: 'qr', openid: '<canary>' });
      for (const { status, body: told } of [answer, pressed]) {
        expect(status).toBe(400);
        expect(JSON.stringify(told)).not.toMatch(/canary|no\\nopenid/);
      }
      expect(answer.body['errors']).toMatchObject([
        { path: 'payer.openid' },
        { path: 'payer.clientIp' },
      ]);
    });

    it('is not sent where it cannot be sealed', async () => {
      const id = await shop.requested();
      const method = 'alipay/alipay/mini_program';
      await offer(shop, id, { methods: [method] });
      const body = { offer: 1, method, payer: { openid: OPENID } };
      const answer = await shop.here.post(`/payments/${id}/attempts`, body, AT_ONCE);
      expect(codeOf(answer)).toEqual([503, 'sealing_unavailable']);
      expect(await choices(shop, id, 0)).toEqual([]);
    });
  });
});

function tokenIn({ body }: Answer): string {
  const url = /"url":"[^"]*\/pay\/([\w-]+)"/.exec(JSON.stringify(body));
  return url?.[1] ?? failed();
}

function failed(): never {
  throw new Error('there is none');
}
