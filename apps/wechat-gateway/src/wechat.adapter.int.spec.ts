import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '@hutong/config';
import { attemptId } from '@hutong/domain-events';
import { money } from '@hutong/money';
import { anAttemptRequested, FixedClock } from '@hutong/testing';
import { clientsOf } from './clients.examples.js';
import { recorded, theAccount, type Recorded } from './recorded.examples.js';
import type { WechatAccount } from './wechat.account.config.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

const { portal, vectors, orders, certificate } = recorded;
const clock = new FixedClock(recorded.at);

describe('the adapter', () => {
  let server: Server;
  let baseUrl: URL;
  /** What every query is answered. */
  let told: Recorded;

  beforeAll(async () => {
    server = createServer(STAYS_OPEN, (_, response) =>
      response.writeHead(200, told.headers).end(told.body),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    baseUrl = new URL(`http://127.0.0.1:${address.port}`);
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });

  const adapterOf = (said: Partial<WechatAccount> = {}) => {
    return clientsOf({ baseUrl, timeoutMs: 1_000 }, clock, theAccount(said)).adapter;
  };
  const attempt = (id: string) => ({
    ...anAttemptRequested({ attemptId: attemptId(id) }),
    account: 'taobao',
  });
  const prepared = (id: string) => {
    const made = adapterOf().prepare(attempt(id), clock.now(), {});
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };

  describe('reading a notification', () => {
    const read = ({ headers, body }: Recorded, said: Partial<WechatAccount> = {}, at = 'taobao') =>
      adapterOf(said).read({ account: at, headers, body: Buffer.from(body) }, clock.now());

    it('says who took what for which order', () => {
      expect(read(vectors.notice)).toEqual({
        kind: 'succeeded',
        notificationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        orderNumber: vectors.orderNumber,
        payee: { mchid: portal.mchid, appid: portal.appid },
        paid: {
          providerRef: expect.stringMatching(/^42\d{26}$/),
          instrument: 'wechat_pay',
          amount: money(12_800n, 'CNY'),
          paidAt: new Date('2026-11-24T08:00:02.000Z'),
        },
      });
    });

    it('keeps what it cannot act on as odd, and believes none of it', () => {
      expect(read(vectors.refundNotice)).toMatchObject({
        kind: 'odd',
        reason: 'refund_unreadable',
      });
    });

    type Row = Readonly<{ what: string; said: Partial<WechatAccount>; at: string; reason: string }>;
    it.each<Row>([
      { what: 'an account that is not there', said: {}, at: 'jd', reason: 'account_unknown' },
      { what: 'no keys', said: { keys: new Map() }, at: 'taobao', reason: 'unknown_key' },
      {
        what: 'another APIv3 key',
        said: { apiV3Key: Secret.of('0'.repeat(32)) },
        at: 'taobao',
        reason: 'not_decryptable',
      },
      {
        what: 'another key under the same serial',
        said: {
          keys: new Map([[portal.publicKeyId, new X509Certificate(certificate.pem).publicKey]]),
        },
        at: 'taobao',
        reason: 'bad_signature',
      },
    ])('verifies nothing with $what', ({ said, at, reason }) => {
      expect(read(vectors.notice, said, at)).toEqual({
        kind: 'unverified',
        reason,
        claims: { serial: portal.publicKeyId, timestamp: '1795507200' },
      });
    });
  });

  describe('asking', () => {
    it('believes a verified answer about this order', async () => {
      told = orders.late.query['CLOSED'] ?? vectors.answer;
      const report = await adapterOf().query(prepared(orders.late.attemptId));
      expect(report).toEqual({ kind: 'closed', reason: 'expired' });
    });

    it('believes none about another order, verified as it is', async () => {
      told = orders.untold.query['SUCCESS'] ?? vectors.answer;
      const report = await adapterOf().query(prepared(orders.late.attemptId));
      expect(report).toEqual({ kind: 'unknown', cause: 'answer_of_other_order' });
    });

    it('asks as the merchant that it sent as, also after the account has another', async () => {
      told = orders.untold.query['SUCCESS'] ?? vectors.answer;
      const sent = prepared(orders.untold.attemptId);
      const report = await adapterOf({ mchid: '1900000002' }).query(sent);
      expect(report).toMatchObject({ kind: 'succeeded', amount: money(12_800n, 'CNY') });
    });

    it('cannot send, and does not know, without the account', async () => {
      const orphan = { ...prepared(orders.late.attemptId), account: 'gone' };
      expect(await adapterOf().submit(orphan)).toEqual({
        kind: 'not_sent',
        cause: 'account_unknown',
      });
      expect(await adapterOf().query(orphan)).toEqual({
        kind: 'unknown',
        cause: 'account_unknown',
      });
    });
  });
});
