import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, systemClock } from '@hutong/config';
import { CHECKOUT_PAYMENTS, paymentId, ROUTING_DECISIONS } from '@hutong/domain-events';
import { aPaymentOffered, eventually, FixedClock, WECHAT_QR } from '@hutong/testing';
import { ApiKeys } from '../access/api-keys.repository.js';
import { runKeysCommand } from '../access/keys-command.adapter.js';
import { forgetOldRequests } from '../store/idempotency.repository.js';
import { fingerprintKeyFrom, requestFingerprint } from '../store/request-fingerprint.signature.js';
import { anOrder, PEPPER, PlatformClient, World, type Answer } from '../world.examples.js';

const appsOf = (...installedApps: string[]) => ({ userId: 'u', installedApps });
const AT_ONCE = { prefer: 'wait=0' };
const codeOf = ({ status, body }: Answer) => [status, body['code']];

describe('the interface for platforms', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let key: string;
  let taobao: PlatformClient;

  beforeAll(async () => {
    world = opened.use(await World.start('all', 'api'));
    key = await world.keyFor('taobao');
    taobao = new PlatformClient(world.at(), key);
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  const offered = async () => {
    const { body } = await taobao.post('/payments', anOrder(), AT_ONCE);
    const id = paymentId(String(body['paymentId']));
    const validUntil = new Date(Date.now() + 600_000);
    const methods = [{ method: WECHAT_QR, label: 'WeChat Pay' }];
    await world.tell(
      ROUTING_DECISIONS,
      aPaymentOffered({ paymentId: id, offer: 1, validUntil, methods }),
    );
    await world.settled();
    return id;
  };
  /** Address of one more instance that differs in its configuration. */
  const another = async (over: Parameters<World['add']>[1]) => {
    const { port } = await world.add('api', over);
    return `http://127.0.0.1:${port}`;
  };
  const rows = (from: string) => world.db.query(`select * from ${from}`);

  describe('keys', () => {
    const tried = (presented: string) =>
      new PlatformClient(world.at(), presented).post('/payments', anOrder(), AT_ONCE);

    it('open nothing where they are missing, made up, changed or revoked', async () => {
      const keys = new ApiKeys(world.db, systemClock);
      const revoked = await world.keyFor('taobao');
      const [, keyId = ''] = revoked.split('_');
      expect(await keys.revoke(keyId)).toBe(true);
      const flipped = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
      const madeUp = `hk_${'0'.repeat(16)}_${'x'.repeat(43)}`;
      for (const presented of ['', 'x', madeUp, flipped, revoked]) {
        const answer = await tried(presented);
        expect(codeOf(answer)).toEqual([401, 'unauthenticated']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      expect((await tried(key)).status).toBe(201);
    });

    it('do only what their scopes say', async () => {
      const id = await offered();
      const reader = new PlatformClient(
        world.at(),
        await world.keyFor('taobao', ['payments:read']),
      );
      const writer = new PlatformClient(
        world.at(),
        await world.keyFor('taobao', ['payments:write']),
      );
      const body = { offer: 1, method: 'wechat/wechat_pay/qr' };
      expect((await reader.get(`/payments/${id}`)).status).toBe(200);
      expect(codeOf(await reader.post('/payments', anOrder()))).toEqual([403, 'scope_missing']);
      expect(codeOf(await reader.post(`/payments/${id}/attempts`, body))).toEqual([
        403,
        'scope_missing',
      ]);
      expect(codeOf(await writer.get(`/payments/${id}`))).toEqual([403, 'scope_missing']);
    });

    it('are issued, listed and revoked by command, and kept as hashes alone', async () => {
      const keys = new ApiKeys(world.db, systemClock);
      const [issued = ''] = await runKeysCommand(
        ['issue', '--platform', 'pinduoduo', '--name', 'demo', '--scopes', 'payments:write'],
        keys,
      );
      expect(issued).toMatch(/^hk_[0-9a-f]{16}_[\w-]{43}$/);
      expect((await tried(issued)).status).toBe(201);
      const [, keyId = '', ...secret] = issued.split('_');
      const listed = (await runKeysCommand(['list'], keys)).find((line) => line.includes(keyId));
      expect(listed).toMatch(/pinduoduo\tdemo\tpayments:write\t.*active$/);
      expect(JSON.stringify(await rows('api_key'))).not.toContain(secret.join('_'));
      await runKeysCommand(['revoke', keyId], keys);
      expect((await tried(issued)).status).toBe(401);
      await expect(runKeysCommand(['revoke', keyId], keys)).rejects.toThrow('no such key');
      await expect(runKeysCommand(['issue', '--platform', 'Nope!'], keys)).rejects.toThrow('slug');
    });
  });

  describe('a body', () => {
    it.each([
      ['without its order', { orderReference: undefined }, 'orderReference'],
      ['with money as a number', { amount: { currency: 'CNY', minor: 12800 } }, 'amount.minor'],
      ['in a currency of nobody', { amount: { currency: 'XXX', minor: '1' } }, 'amount.currency'],
      ['with a list for money', { amount: [] }, 'amount'],
      ['with a field too many', { hello: 1 }, 'hello'],
      ['with half a truth', { payer: { userId: 'u', hasBalance: 'maybe' } }, 'payer.hasBalance'],
      ['that nobody can read', { description: 'tea\u0000' }, 'description'],
      ['with half a character', { description: 'tea \ud83c' }, 'description'],
      ['of half a payer', { payer: { userId: 'user-\ud83c' } }, 'payer.userId'],
      // No JSON column holds these: whoever stores what it hears would fail on them, again and again.
      ['with an unprintable app', { payer: appsOf('wechat\u0000') }, 'payer.installedApps'],
      ['with half an app', { payer: appsOf('wechat\ud83c') }, 'payer.installedApps'],
      ['that ends on no day', { expiresAt: '2026-02-30T00:00:00Z' }, 'expiresAt'],
    ])('%s is refused by the name of its field', async (_, over, path) => {
      const answer = await taobao.post('/payments', anOrder(over));
      expect(codeOf(answer)).toEqual([400, 'invalid_request']);
      expect(answer.body['errors']).toEqual([expect.objectContaining({ path })]);
    });

    it.each(['[]', '[{}]', 'null', '1', ''])('that is %s is no order', async (text) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const answer = await fetch(`${world.at()}/payments`, { method: 'POST', headers, body: text });
      expect(answer.status).toBe(400);
    });

    it.each([
      ['of nothing', { amount: { currency: 'CNY', minor: '0' } }, 'amount_not_positive'],
      ['that ends at once', { expiresAt: new Date().toISOString() }, 'expires_too_soon'],
      ['that never ends', { expiresAt: '2099-01-01T00:00:00Z' }, 'expires_too_late'],
    ])('%s is refused by its meaning', async (_, over, code) => {
      expect(codeOf(await taobao.post('/payments', anOrder(over)))).toEqual([422, code]);
    });

    it('of a choice goes back to an address as browsers send it', async () => {
      const id = await offered();
      for (const returnUrl of [
        'https://shop.example/谢谢',
        'javascript:alert(1)',
        'shop.example',
      ]) {
        const body = { offer: 1, method: 'wechat/wechat_pay/qr', returnUrl };
        const answer = await taobao.post(`/payments/${id}/attempts`, body, AT_ONCE);
        expect(codeOf(answer)).toEqual([400, 'invalid_request']);
        expect(answer.body['errors']).toEqual([expect.objectContaining({ path: 'returnUrl' })]);
      }
    });

    it('leaves no user id behind, only the key made of it', async () => {
      const userId = 'user-canary-4711';
      const payer = { userId, hasBoundCard: 'unknown', installedApps: ['wechat'] };
      const { body } = await taobao.post('/payments', anOrder({ payer }), AT_ONCE);
      const id = String(body['paymentId']);
      const [request] = await world.said(CHECKOUT_PAYMENTS, id, 1);
      expect(request?.event).toMatchObject({
        payerKey: expect.stringMatching(/^[0-9a-f]{32}$/),
        payer: { hasBoundCard: 'unknown', hasBalance: 'unknown', installedApps: ['wechat'] },
      });
      const records = JSON.stringify(await world.eventsOf(CHECKOUT_PAYMENTS, id), bigints);
      const tables = JSON.stringify([await rows('payment'), await rows('outbox')], bigints);
      expect(records + tables).not.toContain(userId);
    });
  });

  describe('a repeated request', () => {
    const KEY = () => ({ ...AT_ONCE, 'idempotency-key': crypto.randomUUID() });

    it('has its effect once, and is answered with what is true now', async () => {
      const [order, headers] = [anOrder(), KEY()];
      const first = await taobao.post('/payments', order, headers);
      const id = paymentId(String(first.body['paymentId']));
      expect(first).toMatchObject({ status: 201, body: { status: 'requested' } });
      const methods = [{ method: WECHAT_QR, label: 'WeChat Pay' }];
      const validUntil = new Date(Date.now() + 600_000);
      await world.tell(
        ROUTING_DECISIONS,
        aPaymentOffered({ paymentId: id, offer: 1, validUntil, methods }),
      );
      await world.settled();
      const again = await taobao.post('/payments', order, headers);
      expect(again).toMatchObject({ status: 201, body: { paymentId: id, status: 'offered' } });
      const body = { offer: 1, method: 'wechat/wechat_pay/qr' };
      const choice = await taobao.post(`/payments/${id}/attempts`, body, headers);
      const repeated = await taobao.post(`/payments/${id}/attempts`, body, headers);
      expect(repeated).toMatchObject({ status: 201, body: choice.body });
      const { body: seen } = await taobao.get(`/payments/${id}`);
      expect(seen['attempts']).toHaveLength(1);
    });

    it('has its effect once when two arrive together, at two instances', async () => {
      const elsewhere = new PlatformClient(world.at(1), key);
      const id = await offered();
      const headers = KEY();
      const body = { offer: 1, method: 'wechat/wechat_pay/qr' };
      const all = await Promise.all(
        [taobao, elsewhere, taobao, elsewhere, taobao, elsewhere].map((one) =>
          one.post(`/payments/${id}/attempts`, body, headers),
        ),
      );
      const codes = new Set(all.map((one) => String(one.body['code'] ?? one.body['attemptId'])));
      codes.delete('idempotency_in_progress');
      expect(codes.size).toBe(1);
      const { body: seen } = await taobao.get(`/payments/${id}`);
      expect(seen['attempts']).toHaveLength(1);
    });

    it('is told that the first is in progress', async () => {
      const headers = KEY();
      await world.db.transaction(async (tx) => {
        const scope = JSON.stringify(['taobao', 'POST /payments', headers['idempotency-key']]);
        await tx.query('select 1 as got from pg_advisory_xact_lock(hashtextextended($1, 0))', [
          scope,
        ]);
        const meanwhile = await taobao.post('/payments', anOrder(), headers);
        expect(codeOf(meanwhile)).toEqual([409, 'idempotency_in_progress']);
      });
      expect((await taobao.post('/payments', anOrder(), headers)).status).toBe(201);
    });

    it('with another body, or for another payment, is another request', async () => {
      const headers = KEY();
      await taobao.post('/payments', anOrder(), headers);
      const other = await taobao.post('/payments', anOrder(), headers);
      expect(codeOf(other)).toEqual([422, 'idempotency_key_reused']);
      const [one, two] = [await offered(), await offered()];
      const body = { offer: 1, method: 'wechat/wechat_pay/qr' };
      await taobao.post(`/payments/${one}/attempts`, body, headers);
      const elsewhere = await taobao.post(`/payments/${two}/attempts`, body, headers);
      expect(codeOf(elsewhere)).toEqual([422, 'idempotency_key_reused']);
    });

    it('of another platform has nothing to do with it', async () => {
      const headers = KEY();
      const jd = new PlatformClient(world.at(), await world.keyFor('jd'));
      expect((await taobao.post('/payments', anOrder(), headers)).status).toBe(201);
      expect((await jd.post('/payments', anOrder(), headers)).status).toBe(201);
    });

    it('is new where the first was refused', async () => {
      const headers = KEY();
      const nothing = anOrder({ amount: { currency: 'CNY', minor: '0' } });
      expect((await taobao.post('/payments', nothing, headers)).status).toBe(422);
      expect((await taobao.post('/payments', anOrder(), headers)).status).toBe(201);
    });

    it('is forgotten after 30 days, and not before', async () => {
      const clock = new FixedClock(new Date().toISOString());
      const order = anOrder();
      const headers = KEY();
      await taobao.post('/payments', order, headers);
      const DAY_MS = 86_400_000;
      clock.advance(29 * DAY_MS);
      expect(await forgetOldRequests(world.db, clock)).toBe(0);
      expect((await taobao.post('/payments', order, headers)).status).toBe(201);
      clock.advance(2 * DAY_MS);
      const all = (await rows('idempotent_request')).length;
      expect(await forgetOldRequests(world.db, clock, 2)).toBe(all);
      expect(codeOf(await taobao.post('/payments', order, headers))).toEqual([
        409,
        'order_already_has_payment',
      ]);
    });

    it('is remembered by a fingerprint that cannot be guessed from what it said', async () => {
      const headers = KEY();
      const body = JSON.stringify(anOrder());
      const sent = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const all = { ...sent, ...headers };
      const answer = await fetch(`${world.at()}/payments`, { method: 'POST', headers: all, body });
      expect(answer.status).toBe(201);
      const [kept] = await world.db.query<{ fingerprint: string }>(
        'select fingerprint from idempotent_request where key = $1',
        [headers['idempotency-key']],
      );
      const said = { path: '/payments', body };
      expect(kept?.fingerprint).toBe(requestFingerprint(fingerprintKeyFrom(PEPPER), said));
    });

    it('has a key that is one', async () => {
      const headers = { 'idempotency-key': 'with blank' };
      expect(codeOf(await taobao.post('/payments', anOrder(), headers))).toEqual([
        400,
        'idempotency_key_invalid',
      ]);
    });
  });

  it('lets so many requests of one key wait at once, and answers one more at once', async () => {
    const { port, management } = await world.add('api', { waitLimits: { perKey: 1 } });
    const crowded = new PlatformClient(`http://127.0.0.1:${port}`, key);
    const metrics = `http://127.0.0.1:${management.port}/metrics`;
    const id = await offered();
    const waiting = crowded.get(`/payments/${id}?wait=30`);
    await eventually(
      async () => /^hutong_checkout_waiters\{.*\} 1$/m.test(await (await fetch(metrics)).text()),
      { what: 'one that waits' },
    );
    const refused = await crowded.get(`/payments/${id}?wait=1`);
    expect(codeOf(refused)).toEqual([429, 'too_many_waits']);
    expect(refused.headers.get('retry-after')).toBe('1');
    const news = await crowded.get(`/payments/${id}?wait=30`, { 'if-none-match': '"1"' });
    const now = await crowded.get(`/payments/${id}`);
    expect([news.status, now.status]).toEqual([200, 200]);
    const made = await crowded.post('/payments', anOrder(), { prefer: 'wait=30' });
    expect([made.status, made.body['status']]).toEqual([201, 'requested']);
    expect(made.headers.get('preference-applied')).toBeNull();
    expect((await taobao.post(`/payments/${id}/close`, {})).status).toBe(202);
    expect((await waiting).body['status']).toBe('closed');
  });

  describe('the business time', () => {
    const headers = { ...AT_ONCE, 'x-business-time': '2023-11-11T20:00:00+08:00' };

    it('is refused outside of the story', async () => {
      expect(codeOf(await taobao.post('/payments', anOrder(), headers))).toEqual([
        400,
        'business_time_not_accepted',
      ]);
    });

    it('goes with everything that is told of the payment, in the story', async () => {
      const storyteller = new PlatformClient(await another({ story: true }), key);
      const { status, body } = await storyteller.post('/payments', anOrder(), headers);
      expect(status).toBe(201);
      const [request] = await world.said(CHECKOUT_PAYMENTS, String(body['paymentId']), 1);
      expect(request?.businessTime).toEqual(new Date('2023-11-11T12:00:00.000Z'));
      const nonsense = { ...headers, 'x-business-time': 'yesterday' };
      expect(codeOf(await storyteller.post('/payments', anOrder(), nonsense))).toEqual([
        400,
        'business_time_invalid',
      ]);
    });
  });

  it('asks a platform that asks too much to come again, and nobody else', async () => {
    const at = await another({ requestsPerSecond: 1 });
    const eager = new PlatformClient(at, key);
    const jd = new PlatformClient(at, await world.keyFor('jd'));
    const all = await Promise.all(Array.from({ length: 12 }, () => eager.get('/payments/none')));
    const refused = all.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toMatchObject({ code: 'too_many_requests', status: 429 });
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await jd.get('/payments/none')).status).toBe(404);
  });

  it('does not start with another pepper than the first', async () => {
    const pepper = Secret.of('another pepper for specs, as long as it');
    await expect(world.add('api', { pepper })).rejects.toThrow('PAYER_KEY_PEPPER_FILE');
    await expect(world.add('api', { pepper: Secret.of('short') })).rejects.toThrow('fewer than');
  });

  it('says that it is ready, and counts what it does', async () => {
    const ready = await fetch(`${world.management()}/health/ready`);
    expect(ready.status).toBe(200);
    const exposed = await (await fetch(`${world.management()}/metrics`)).text();
    expect(exposed).toMatch(/hutong_checkout_payments_total\{status="offered".*\} [1-9]/);
    expect(exposed).toMatch(/hutong_checkout_attempts_total\{provider="wechat",status="selected"/);
  });
});

const bigints = (_: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value;
