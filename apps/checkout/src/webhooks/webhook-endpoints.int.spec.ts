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
  type Listed = Readonly<{ status?: unknown; createdAt?: unknown }>;
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
    const replay = (from: string, to: string) => taobao.post(`${path}/replays`, { from, to });
    expect(codeOf(await replay(after, createdAt))).toEqual([422, 'replay_range_invalid']);
    expect(codeOf(await replay(createdAt, createdAt))).toEqual([422, 'replay_range_invalid']);
    expect(codeOf(await replay('yesterday', after))).toEqual([422, 'replay_range_invalid']);
    const again = await replay(createdAt, after);
    expect([again.status, again.body]).toEqual([202, { queued: 1 }]);
    const ids = () => receiver.got.filter(({ paymentId: of }) => of === id);
    await eventually(() => ids().length === 2, { what: 'a second delivery' });
    expect(new Set(ids().map(({ webhookId }) => webhookId)).size).toBe(1);
    await taobao.post(`${path}/disable`, {});
    expect(codeOf(await replay(createdAt, after))).toEqual([409, 'endpoint_disabled']);
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
});
