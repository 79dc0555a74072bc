import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  attemptId,
  GATEWAY_REPORTS,
  paymentId,
  PAYMENT_OUTCOMES,
  ROUTING_DECISIONS,
  type PaymentId,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import { anAttemptSucceeded, aPaymentOffered, eventually, WECHAT_QR } from '@hutong/testing';
import { Webhook } from 'standardwebhooks';
import { anOrder, PlatformClient, World, type Answer } from '../world.examples.js';
import { Receiver } from './receiver.examples.js';

const AT_ONCE = { prefer: 'wait=0' };
const codeOf = ({ status, body }: Answer) => [status, body['code']];
const KEY = () => ({ 'idempotency-key': crypto.randomUUID() });

describe('webhook endpoints of a platform', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let receiver: Receiver;
  let taobao: PlatformClient;
  let jd: PlatformClient;

  beforeAll(async () => {
    world = opened.use(await World.start('all', 'api'));
    receiver = opened.use(await Receiver.start());
    taobao = new PlatformClient(world.at(1), await world.keyFor('taobao'));
    jd = new PlatformClient(world.at(), await world.keyFor('jd'));
  }, 120_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  const register = async (url: URL, platform = taobao) => {
    const { status, body, headers } = await platform.post('/webhook-endpoints', { url });
    expect(status).toBe(201);
    const path = `/webhook-endpoints/${String(body['endpointId'])}`;
    expect(headers.get('location')).toBe(path);
    return { path, id: String(body['endpointId']), secret: String(body['secret']) };
  };
  const paid = async (): Promise<PaymentId> => {
    const made = await taobao.post('/payments', anOrder(), AT_ONCE);
    const id = paymentId(String(made.body['paymentId']));
    const methods = [{ method: WECHAT_QR, label: 'WeChat Pay' }];
    const validUntil = new Date(Date.now() + 600_000);
    await world.tell(
      ROUTING_DECISIONS,
      aPaymentOffered({ paymentId: id, offer: 1, validUntil, methods }),
    );
    await world.settled();
    const chosen = await taobao.post(
      `/payments/${id}/attempts`,
      { offer: 1, method: 'wechat/wechat_pay/qr' },
      AT_ONCE,
    );
    const about = { paymentId: id, attemptId: attemptId(String(chosen.body['attemptId'])) };
    const amount = money(12_800n, 'CNY');
    await world.tell(
      GATEWAY_REPORTS,
      anAttemptSucceeded({ ...about, provider: 'wechat', amount }),
      {
        source: 'wechat-gateway',
      },
    );
    await world.said(PAYMENT_OUTCOMES, id, 1);
    return id;
  };
  type Listed = Readonly<{ status?: unknown; createdAt?: unknown; queuedAt?: unknown }>;
  /** What an endpoint's newest delivery is listed as. */
  const newestOf = async (path: string, query = ''): Promise<Listed> => {
    const { body } = await taobao.get(`${path}/deliveries${query}`);
    const deliveries: unknown = body['deliveries'];
    const newest: unknown = Array.isArray(deliveries) ? deliveries[0] : undefined;
    return typeof newest === 'object' && newest !== null ? newest : {};
  };
  const delivered = (path: string, id: string) =>
    eventually(
      async () => {
        const newest = await newestOf(path, `?paymentId=${id}`);
        return newest.status === 'delivered' ? newest : undefined;
      },
      { what: 'a delivery' },
    );

  it('hear of a payment what GET shows of it, and can see that they did', async () => {
    const { path, secret } = await register(new URL('/a', receiver.url));
    const id = await paid();
    await delivered(path, id);
    const { body } = await taobao.get(`${path}/deliveries`);
    const seen = await taobao.get(`/payments/${id}`);
    const got = receiver.got.find(({ paymentId: of }) => of === id);
    expect(new Webhook(secret).verify(got?.body ?? '', { ...got?.headers })).toMatchObject({
      ...seen.body,
      type: 'payment.paid',
      sequence: 1,
    });
    expect(body).toEqual({
      deliveries: [
        expect.objectContaining({
          webhookId: got?.webhookId,
          paymentId: id,
          sequence: 1,
          type: 'payment.paid',
          status: 'delivered',
          tries: 1,
          lastStatus: 204,
        }),
      ],
    });
    await taobao.post(`${path}/disable`, {});
  });

  it('are asked once more for a range, and by its exact bounds', async () => {
    const { path } = await register(new URL('/b', receiver.url));
    const id = await paid();
    await delivered(path, id);
    const createdAt = String((await newestOf(path)).createdAt);
    const after = new Date(new Date(createdAt).getTime() + 1).toISOString();
    const replay = (from: string, to: string, headers = {}) =>
      taobao.post(`${path}/replays`, { from, to }, headers);
    expect(codeOf(await replay(after, createdAt))).toEqual([422, 'replay_range_invalid']);
    expect(codeOf(await replay(createdAt, createdAt))).toEqual([422, 'replay_range_invalid']);
    expect(codeOf(await replay('yesterday', after))).toEqual([422, 'replay_range_invalid']);
    const once = KEY();
    const again = await replay(createdAt, after, once);
    expect([again.status, again.body]).toEqual([202, { queued: 1 }]);
    const ids = () => receiver.got.filter(({ paymentId: of }) => of === id);
    await eventually(() => ids().length === 2, { what: 'a second delivery' });
    expect(new Set(ids().map(({ webhookId }) => webhookId)).size).toBe(1);
    const { queuedAt } = await newestOf(path);
    const repeated = await replay(createdAt, after, once);
    expect([repeated.status, repeated.body]).toEqual([202, { queued: 1 }]);
    expect(await newestOf(path)).toMatchObject({ queuedAt });
    await taobao.post(`${path}/disable`, {});
    expect(codeOf(await replay(createdAt, after))).toEqual([409, 'endpoint_disabled']);
    expect((await replay(createdAt, after, once)).status).toBe(202);
  });

  it.each<[url: string, code: string]>([
    ['somewhere', 'endpoint_url_invalid'],
    ['http://shop.example.com/', 'endpoint_url_not_https'],
    ['https://0x7f.0.0.1/', 'endpoint_url_odd'],
    ['https://user@shop.example.com/', 'endpoint_url_odd'],
    ['https://10.0.0.1/', 'endpoint_address_not_public'],
    ['https://[::1]/', 'endpoint_address_not_public'],
    ['https://169.254.169.254/latest', 'endpoint_address_not_public'],
    ['https://localhost/', 'endpoint_address_not_public'],
  ])('are not %s: %s', async (url, code) => {
    const answer = await taobao.post('/webhook-endpoints', { url });
    expect(codeOf(answer)).toEqual([422, code]);
  });

  it('have one endpoint for an address, at most eight, and none of another platform', async () => {
    const first = await register(new URL('/c', receiver.url));
    const twice = await taobao.post('/webhook-endpoints', { url: new URL('/c', receiver.url) });
    expect([...codeOf(twice), twice.body['endpointId']]).toEqual([
      409,
      'endpoint_exists',
      first.id,
    ]);
    const others = [];
    for (const n of [2, 3, 4, 5, 6, 7, 8])
      others.push(await register(new URL(`/${n}`, receiver.url)));
    const ninth = await taobao.post('/webhook-endpoints', { url: new URL('/9', receiver.url) });
    expect(codeOf(ninth)).toEqual([409, 'too_many_endpoints']);
    for (const [method, path] of [
      ['get', first.path],
      ['get', `${first.path}/secret`],
      ['get', `${first.path}/deliveries`],
      ['post', `${first.path}/secret`],
      ['post', `${first.path}/disable`],
      ['post', '/webhook-endpoints/we_made_up/disable'],
      ['get', '/webhook-endpoints/%00'],
      ['get', '/webhook-endpoints/%00/secret'],
      ['post', '/webhook-endpoints/%00/secret'],
      ['post', '/webhook-endpoints/%00/disable'],
    ] as const) {
      const answer = method === 'get' ? await jd.get(path) : await jd.post(path, {});
      expect([path, ...codeOf(answer)]).toEqual([path, 404, 'endpoint_unknown']);
    }
    expect((await jd.get('/webhook-endpoints')).body).toEqual({ endpoints: [] });
    for (const { path } of [first, ...others]) await taobao.post(`${path}/disable`, {});
    const again = await register(new URL('/c', receiver.url));
    expect(again.id).not.toBe(first.id);
    await taobao.post(`${again.path}/disable`, {});
  });

  it('show their secret to who may write, and replace it once a day', async () => {
    const { path, id, secret } = await register(new URL('/d', receiver.url));
    const shown = await taobao.get(`${path}/secret`);
    expect(shown.body).toMatchObject({ endpointId: id, secret });
    const rotated = await taobao.post(`${path}/secret`, {});
    expect(rotated.status).toBe(201);
    expect(rotated.body['secret']).not.toBe(secret);
    expect(codeOf(await taobao.post(`${path}/secret`, {}))).toEqual([409, 'rotation_in_progress']);
    expect((await taobao.get(`${path}/secret`)).body).toEqual(rotated.body);
    const seen = await taobao.get(path);
    expect(Object.keys(seen.body)).not.toContain('secret');
    const disabled = await taobao.post(`${path}/disable`, {});
    expect((await taobao.post(`${path}/disable`, {})).body).toEqual(disabled.body);
    expect(codeOf(await taobao.post(`${path}/secret`, {}))).toEqual([409, 'endpoint_disabled']);
  });

  type Bodyless = Readonly<{ method: 'get' | 'post'; route: string }>;
  it.each<Bodyless>([
    { method: 'get', route: '/webhook-endpoints' },
    { method: 'get', route: '/webhook-endpoints/:id' },
    { method: 'get', route: '/webhook-endpoints/:id/secret' },
    { method: 'post', route: '/webhook-endpoints/:id/secret' },
    { method: 'post', route: '/webhook-endpoints/:id/disable' },
  ])('take neither body nor parameter at $method $route', async ({ method, route }) => {
    const { path, id, secret } = await register(new URL('/nothing', receiver.url));
    const at = route.replace(':id', id);
    const asking =
      method === 'get'
        ? [taobao.get(`${at}?a=b`)]
        : [taobao.post(`${at}?a=b`, {}), taobao.post(at, { a: 'b' }), taobao.post(at, [])];
    const answers = await Promise.all(asking);
    const after = await taobao.get(`${path}/secret`);
    await taobao.post(`${path}/disable`, undefined);
    for (const answer of answers) expect(codeOf(answer)).toEqual([400, 'invalid_request']);
    expect(after.body).toEqual({
      endpointId: id,
      url: new URL('/nothing', receiver.url).href,
      createdAt: expect.any(String),
      secret,
    });
  });

  it('take a scope of their own', async () => {
    const reader = new PlatformClient(world.at(), await world.keyFor('taobao', ['webhooks:read']));
    const payments = await world.keyFor('taobao', ['payments:read', 'payments:write']);
    const other = new PlatformClient(world.at(), payments);
    expect((await reader.get('/webhook-endpoints')).status).toBe(200);
    const url = receiver.url.href;
    expect(codeOf(await reader.post('/webhook-endpoints', { url }))).toEqual([
      403,
      'scope_missing',
    ]);
    expect(codeOf(await reader.get('/webhook-endpoints/we_1/secret'))).toEqual([
      403,
      'scope_missing',
    ]);
    expect(codeOf(await other.get('/webhook-endpoints'))).toEqual([403, 'scope_missing']);
  });

  describe('asked for under an idempotency key', () => {
    const at = (path: string) => ({ url: new URL(path, receiver.url) });

    it('are registered once, and shown as they are now', async () => {
      const [asked, headers] = [at('/once'), KEY()];
      const first = await taobao.post('/webhook-endpoints', asked, headers);
      const path = `/webhook-endpoints/${String(first.body['endpointId'])}`;
      const repeat = async () => {
        const again = await taobao.post('/webhook-endpoints', asked, headers);
        expect([again.status, again.headers.get('location')]).toEqual([201, path]);
        return again.body;
      };
      expect(await repeat()).toEqual(first.body);
      const rotated = await taobao.post(`${path}/secret`, {}, KEY());
      expect(await repeat()).toEqual(rotated.body);
      const disabled = await taobao.post(`${path}/disable`, {}, KEY());
      expect(await repeat()).toMatchObject(disabled.body);
      const { body } = await taobao.get('/webhook-endpoints');
      expect(JSON.stringify(body).split('/once"')).toHaveLength(2);
    });

    it('have their secret replaced once, and are disabled once', async () => {
      const { path, secret } = await register(new URL('/rotated', receiver.url));
      const [rotate, disable] = [KEY(), KEY()];
      const rotated = await taobao.post(`${path}/secret`, {}, rotate);
      expect(rotated.body['secret']).not.toBe(secret);
      const again = await taobao.post(`${path}/secret`, {}, rotate);
      expect([again.status, again.body]).toEqual([201, rotated.body]);
      expect(codeOf(await taobao.post(`${path}/secret`, {}, KEY()))).toEqual([
        409,
        'rotation_in_progress',
      ]);
      const disabled = await taobao.post(`${path}/disable`, {}, disable);
      const twice = await taobao.post(`${path}/disable`, {}, disable);
      expect([twice.status, twice.body]).toEqual([200, disabled.body]);
      expect((await taobao.post(`${path}/secret`, {}, rotate)).status).toBe(201);
    });

    it('are one where the same request arrives together, at two instances', async () => {
      const elsewhere = new PlatformClient(world.at(), await world.keyFor('taobao'));
      const [asked, headers] = [at('/together'), KEY()];
      const all = await Promise.all(
        [taobao, elsewhere, taobao, elsewhere].map((one) =>
          one.post('/webhook-endpoints', asked, headers),
        ),
      );
      const said = new Set(all.map(({ body }) => String(body['code'] ?? body['endpointId'])));
      said.delete('idempotency_in_progress');
      expect(said.size).toBe(1);
      expect([...said][0]).toMatch(/^we_/);
      await taobao.post(`/webhook-endpoints/${[...said][0]}/disable`, {});
    });

    it('are told of a first request in progress, and of another one', async () => {
      const headers = KEY();
      const scope = ['taobao', 'POST /webhook-endpoints', headers['idempotency-key']];
      await world.db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))::text', [
          JSON.stringify(scope),
        ]);
        const meanwhile = await taobao.post('/webhook-endpoints', at('/one'), headers);
        expect(codeOf(meanwhile)).toEqual([409, 'idempotency_in_progress']);
      });
      const one = await taobao.post('/webhook-endpoints', at('/one'), headers);
      const reused = [422, 'idempotency_key_reused'];
      expect(codeOf(await taobao.post('/webhook-endpoints', at('/two'), headers))).toEqual(reused);
      const two = await register(new URL('/two', receiver.url));
      const ones = `/webhook-endpoints/${String(one.body['endpointId'])}`;
      expect((await taobao.post(`${ones}/disable`, {}, headers)).status).toBe(200);
      expect(codeOf(await taobao.post(`${two.path}/disable`, {}, headers))).toEqual(reused);
      expect((await jd.post('/webhook-endpoints', at('/jd'), headers)).status).toBe(201);
      await taobao.post(`${two.path}/disable`, {});
    });

    it('are asked for anew where the first was refused', async () => {
      const headers = KEY();
      const inside = { url: 'https://10.0.0.1/' };
      expect((await taobao.post('/webhook-endpoints', inside, headers)).status).toBe(422);
      const taken = await taobao.post('/webhook-endpoints', at('/anew'), headers);
      expect(taken.status).toBe(201);
      await taobao.post(`/webhook-endpoints/${String(taken.body['endpointId'])}/disable`, {});
    });

    it('need a key that is one', async () => {
      const headers = { 'idempotency-key': 'with blank' };
      for (const path of ['', '/we_1/secret', '/we_1/disable', '/we_1/replays']) {
        const range = { from: '2026-11-26T08:00:00Z', to: '2026-11-27T08:00:00Z' };
        const body = { '': at('/none'), '/we_1/replays': range }[path] ?? {};
        const answer = await taobao.post(`/webhook-endpoints${path}`, body, headers);
        expect(codeOf(answer)).toEqual([400, 'idempotency_key_invalid']);
      }
    });

    it.each<[what: string, columns: string, values: string]>([
      ['nothing', 'attempt_id', 'null'],
      ['a payment and an endpoint', 'payment_id, endpoint_id', "gen_random_uuid(), 'we_1'"],
      ['a payment, and queued', 'payment_id, queued', 'gen_random_uuid(), 1'],
      ['an attempt of an endpoint', 'endpoint_id, attempt_id', "'we_1', 'at_1'"],
      ['a rest of no replay', 'endpoint_id, continue_from', "'we_1', now()"],
    ])('are never remembered to have made %s', async (_, columns, values) => {
      const row = `insert into idempotent_request
        (platform, route, key, fingerprint, status, created_at, ${columns})
        values ('taobao', 'POST /', gen_random_uuid()::text, '', 201, now(), ${values})`;
      await expect(world.db.query(row)).rejects.toThrow(/idempotent_request_\w+_check/);
    });
  });
});
