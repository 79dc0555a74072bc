import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  paymentId,
  attemptId,
  PAYMENT_OUTCOMES,
  ROUTING_DECISIONS,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  aPaymentNotOffered,
  aPaymentOffered,
  anAttemptAccepted,
  anAttemptAwaitingPayer,
  anAttemptFailed,
  anAttemptSucceeded,
  anEventId,
  aProviderRef,
  eventually,
  WECHAT_QR,
} from '@hutong/testing';
import { anOrder, PlatformClient, World } from './world.examples.js';

const LONG = { prefer: 'wait=20' };
const METHOD = 'wechat/wechat_pay/qr';
const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const AMOUNT = money(12_800n, 'CNY');

describe('a payment at checkout', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let taobao: PlatformClient;
  let other: PlatformClient;
  /** The same platform at the instance that answers HTTP and hears nothing. */
  let elsewhere: PlatformClient;

  beforeAll(async () => {
    world = opened.use(await World.start('all', 'api'));
    const key = await world.keyFor('taobao');
    taobao = new PlatformClient(world.at(0), key);
    elsewhere = new PlatformClient(world.at(1), key);
    other = new PlatformClient(world.at(0), await world.keyFor('jd'));
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  const requested = async (order = anOrder()) => {
    const { status, body } = await taobao.post('/payments', order, { prefer: 'wait=0' });
    expect(status).toBe(201);
    return paymentId(String(body['paymentId']));
  };
  const offer = (id: ReturnType<typeof paymentId>, number = 1) =>
    aPaymentOffered({
      paymentId: id,
      offer: number,
      validUntil: ahead(15),
      methods: [{ method: WECHAT_QR, label: 'WeChat Pay' }],
    });
  const offered = async (order = anOrder()) => {
    const id = await requested(order);
    await world.tell(ROUTING_DECISIONS, offer(id));
    const seen = await taobao.get(`/payments/${id}?wait=8`, { 'if-none-match': '"1"' });
    expect(seen.body['status']).toBe('offered');
    return id;
  };
  const chosen = async (order = anOrder()) => {
    const id = await offered(order);
    const { status, body } = await taobao.post(
      `/payments/${id}/attempts`,
      { offer: 1, method: METHOD },
      { prefer: 'wait=0' },
    );
    expect([status, body['status']]).toEqual([201, 'selected']);
    return { paymentId: id, attemptId: attemptId(String(body['attemptId'])) };
  };
  const success = (about: Awaited<ReturnType<typeof chosen>>, ref = aProviderRef()) =>
    anAttemptSucceeded({ ...about, provider: 'wechat', amount: AMOUNT, providerRef: ref });
  const report = { source: 'wechat-gateway' } as const;

  it('is requested, offered, chosen, shown, paid; every waiter is woken, and the world is told', async () => {
    const order = anOrder();
    const asking = elsewhere.post('/payments', order, LONG);
    const id = await eventually(() => paymentOf(order), { what: 'the payment' });
    const [request] = await world.said(CHECKOUT_PAYMENTS, id, 1);
    expect(request?.event).toMatchObject({
      type: 'payment.requested',
      platform: 'taobao',
      amount: AMOUNT,
      payer: { hasBoundCard: 'no', hasBalance: 'no' },
    });
    await world.tell(ROUTING_DECISIONS, offer(id));
    const asked = await asking;
    expect(asked).toMatchObject({
      status: 201,
      body: {
        paymentId: id,
        status: 'offered',
        offer: { number: 1, methods: [{ method: METHOD, label: 'WeChat Pay' }] },
        attempts: [],
        refunds: [],
        surplus: [],
      },
    });
    expect(asked.headers.get('location')).toBe(`/payments/${id}`);
    expect(asked.headers.get('preference-applied')).toBe('wait=20');

    const choosing = elsewhere.post(
      `/payments/${id}/attempts`,
      { offer: 1, method: METHOD, returnUrl: 'https://shop.example/thanks' },
      LONG,
    );
    const [, selected] = await world.said(CHECKOUT_PAYMENTS, id, 2);
    expect(selected?.event).toMatchObject({
      type: 'payment.method_selected',
      offer: 1,
      method: WECHAT_QR,
      returnUrl: 'https://shop.example/thanks',
    });
    if (selected?.event.type !== 'payment.method_selected') return;
    const about = { paymentId: id, attemptId: selected.event.attemptId };
    await world.tell(
      ROUTING_DECISIONS,
      anAttemptAccepted({ ...about, offer: 1, method: WECHAT_QR }),
    );
    await world.tell(
      GATEWAY_REPORTS,
      anAttemptAwaitingPayer({ ...about, provider: 'wechat' }),
      report,
    );
    expect(await choosing).toMatchObject({
      status: 201,
      body: { attemptId: about.attemptId, status: 'awaiting_payer', action: { type: 'qr' } },
    });

    const waiting = [elsewhere, taobao].map((one) => one.get(`/payments/${id}?wait=30`));
    const started = performance.now();
    const paidWith = success(about);
    await world.tell(GATEWAY_REPORTS, paidWith, report);
    for (const seen of await Promise.all(waiting)) {
      expect(seen).toMatchObject({
        status: 200,
        body: {
          status: 'paid',
          attempts: [{ status: 'succeeded' }],
          receipt: { providerRef: paidWith.providerRef, instrument: paidWith.instrument },
        },
      });
    }
    // Nobody looks unwoken before 60 s, or answers unwoken before 30.
    expect(performance.now() - started).toBeLessThan(20_000);
    const [outcome] = await world.said(PAYMENT_OUTCOMES, id, 1);
    expect(outcome).toMatchObject({
      source: 'checkout',
      event: {
        type: 'payment.paid',
        amount: AMOUNT,
        providerRef: paidWith.providerRef,
        payment: { platform: 'taobao', merchantId: 'tea-house' },
        attempt: { attemptId: about.attemptId, presentation: 'qr', paidByAnother: false },
      },
    });
  });

  it('is paid once, however often it is told', async () => {
    const about = await chosen();
    const event = success(about);
    const id = anEventId();
    await world.tell(GATEWAY_REPORTS, event, { ...report, id });
    await world.tell(GATEWAY_REPORTS, event, { ...report, id }); // the broker redelivers
    await world.tell(GATEWAY_REPORTS, event, report); // the provider repeats itself
    await world.settled();
    expect((await taobao.get(`/payments/${about.paymentId}`)).body).toMatchObject({
      status: 'paid',
      surplus: [],
    });
    expect(await world.said(PAYMENT_OUTCOMES, about.paymentId, 1)).toHaveLength(1);
  });

  it('keeps a second success and a wrong amount as surplus', async () => {
    const about = await chosen();
    const wrong = { ...success(about), amount: money(1n, 'CNY') };
    const second = success(about);
    for (const event of [wrong, success(about), second]) {
      await world.tell(GATEWAY_REPORTS, event, report);
    }
    await world.settled();
    const { body } = await taobao.get(`/payments/${about.paymentId}`);
    // When it is asked to go back is the surplus scheduler's, which runs beside this.
    const status = expect.stringMatching(/^(taken|refunding)$/);
    expect(body).toMatchObject({
      status: 'paid',
      surplus: [
        { reason: 'wrong_amount', amount: { currency: 'CNY', minor: '1' }, status },
        { reason: 'second_success', providerRef: second.providerRef, status },
      ],
    });
    const told = await world.said(PAYMENT_OUTCOMES, about.paymentId, 3);
    expect(told.map(({ event }) => event.type)).toEqual([
      'payment.surplus_taken',
      'payment.paid',
      'payment.surplus_taken',
    ]);
    const sequences = told.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  });

  it.each([
    ['decision first', [ROUTING_DECISIONS, GATEWAY_REPORTS]],
    ['report first', [GATEWAY_REPORTS, ROUTING_DECISIONS]],
  ] as const)('hears acceptance and report in both orders: %s', async (_, order) => {
    const about = await chosen();
    const events = {
      [ROUTING_DECISIONS]: anAttemptAccepted({ ...about, offer: 1, method: WECHAT_QR }),
      [GATEWAY_REPORTS]: anAttemptAwaitingPayer({ ...about, provider: 'wechat' }),
    };
    for (const topic of order) {
      await world.tell(topic, events[topic]);
      await world.settled();
    }
    expect((await taobao.get(`/payments/${about.paymentId}`)).body).toMatchObject({
      status: 'paying',
      attempts: [{ status: 'awaiting_payer', action: { type: 'qr' } }],
    });
  });

  it('can be tried again after a failure, and the first attempt may still win', async () => {
    const about = await chosen();
    await world.tell(
      GATEWAY_REPORTS,
      anAttemptFailed({ ...about, provider: 'wechat', reason: 'declined' }),
      report,
    );
    await world.settled();
    const again = { offer: 1, method: METHOD };
    const second = await taobao.post(`/payments/${about.paymentId}/attempts`, again, {
      prefer: 'wait=0',
    });
    expect(second.status).toBe(201);
    await world.tell(GATEWAY_REPORTS, success(about), report);
    await world.settled();
    expect((await taobao.get(`/payments/${about.paymentId}`)).body).toMatchObject({
      status: 'paid',
      receipt: { attemptId: about.attemptId },
      attempts: [{ status: 'succeeded' }, { status: 'closing', reason: 'other_attempt_won' }],
    });
    const refused = await taobao.post(`/payments/${about.paymentId}/attempts`, again);
    expect([refused.status, refused.body['code']]).toEqual([409, 'already_paid']);
  });

  it('parks what is impossible with a reason, and leaves no trace of it', async () => {
    const about = await chosen();
    const stranger = anAttemptFailed({ paymentId: about.paymentId, provider: 'wechat' });
    const before = (await taobao.get(`/payments/${about.paymentId}`)).headers.get('etag');
    const id = anEventId();
    await world.tell(GATEWAY_REPORTS, stranger, { ...report, id });
    await world.settled();
    const parked = await world.parked(GATEWAY_REPORTS);
    expect(parked.filter(({ key }) => key === about.paymentId)).toHaveLength(1);
    expect(await world.db.query('select 1 from inbox where event_id = $1::uuid', [id])).toEqual([]);
    const after = (await taobao.get(`/payments/${about.paymentId}`)).headers.get('etag');
    expect(after).toBe(before);
  });

  it('parks money of an attempt that it lost, and takes it once that is restored', async () => {
    const about = await chosen();
    const lost = await world.db.query<{ row: string }>(
      'delete from attempt a where attempt_id = $1 returning to_jsonb(a)::text as row',
      [about.attemptId],
    );
    const told = [GATEWAY_REPORTS, success(about), { ...report, id: anEventId() }] as const;
    await world.tell(...told);
    await world.settled();
    const parked = (await world.parked(GATEWAY_REPORTS)).filter(
      ({ key }) => key === about.paymentId,
    );
    expect(parked).toHaveLength(1);
    const seen = () => taobao.get(`/payments/${about.paymentId}`);
    expect((await seen()).body).toMatchObject({ status: 'paying', attempts: [], surplus: [] });
    await world.db.query(
      'insert into attempt select * from jsonb_populate_record(null::attempt, $1::jsonb)',
      [lost[0]?.row],
    );
    await world.tell(...told);
    await world.settled();
    expect((await seen()).body).toMatchObject({
      status: 'paid',
      receipt: { attemptId: about.attemptId },
      surplus: [],
    });
  });

  it('does not park a redelivery that has become impossible', async () => {
    const about = await chosen();
    const failed = anAttemptFailed({ ...about, provider: 'wechat', reason: 'declined' });
    const id = anEventId();
    await world.tell(GATEWAY_REPORTS, failed, { ...report, id });
    await world.tell(GATEWAY_REPORTS, success(about), report);
    await world.tell(GATEWAY_REPORTS, failed, { ...report, id });
    await world.settled();
    const parked = await world.parked(GATEWAY_REPORTS);
    expect(parked.filter(({ key }) => key === about.paymentId)).toEqual([]);
  });

  it('has its order to itself, unless nothing could be offered for it', async () => {
    const order = anOrder();
    const id = await requested(order);
    const again = await taobao.post('/payments', order);
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'order_already_has_payment', paymentId: id },
    });
    expect(again.headers.get('content-type')).toContain('application/problem+json');
    await world.tell(ROUTING_DECISIONS, aPaymentNotOffered({ paymentId: id, offer: 1 }));
    await world.settled();
    expect((await taobao.get(`/payments/${id}`)).body['status']).toBe('not_offered');
    const next = await requested(order);
    expect(next).not.toBe(id);
    const third = await taobao.post('/payments', order);
    expect(third.body).toMatchObject({ code: 'order_already_has_payment', paymentId: next });
  });

  it('is one payment, however many ask for it at once', async () => {
    const order = anOrder();
    const all = await Promise.all(
      [taobao, elsewhere, taobao, elsewhere].map((one) =>
        one.post('/payments', order, { prefer: 'wait=0' }),
      ),
    );
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    const ids = all.map(({ body }) => body['paymentId']);
    expect(new Set(ids).size).toBe(1);
  });

  it('does not exist for another platform', async () => {
    const id = await offered();
    const seen = await other.get(`/payments/${id}`);
    const tried = await other.post(`/payments/${id}/attempts`, { offer: 1, method: METHOD });
    expect([seen.status, seen.body['code']]).toEqual([404, 'payment_unknown']);
    expect([tried.status, tried.body['code']]).toEqual([404, 'payment_unknown']);
    expect((await taobao.get('/payments/nonsense')).status).toBe(404);
  });

  it.each([
    ['an offer nobody made', { offer: 2, method: METHOD }, 422, 'offer_unknown'],
    ['another method', { offer: 1, method: 'alipay/alipay/redirect' }, 422, 'method_not_offered'],
    ['a method that is none', { offer: 1, method: 'cash' }, 400, 'invalid_request'],
  ])('refuses a choice of %s', async (_, body, status, code) => {
    const id = await offered();
    const answer = await taobao.post(`/payments/${id}/attempts`, body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('wakes a long poll only when something changed', async () => {
    const id = await offered();
    const { headers } = await taobao.get(`/payments/${id}`);
    const tag = headers.get('etag') ?? '';
    const same = await elsewhere.get(`/payments/${id}?wait=1`, { 'if-none-match': tag });
    expect(same.status).toBe(304);
    for (const tags of [`"0", ${tag}`, '*']) {
      expect((await taobao.get(`/payments/${id}`, { 'if-none-match': tags })).status).toBe(304);
    }
    const waiting = elsewhere.get(`/payments/${id}?wait=20`, { 'if-none-match': tag });
    await taobao.post(
      `/payments/${id}/attempts`,
      { offer: 1, method: METHOD },
      { prefer: 'wait=0' },
    );
    expect((await waiting).body['status']).toBe('paying');
  });

  async function paymentOf({ orderReference }: Record<string, unknown>) {
    const [row] = await world.db.query<{ id: string }>(
      'select payment_id::text as id from payment where order_reference = $1',
      [orderReference],
    );
    return row && paymentId(row.id);
  }
});
