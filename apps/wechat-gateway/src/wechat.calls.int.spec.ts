import { createPrivateKey, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Prepared, PreparedRefund, SealedFields } from '@hutong/gateway';
import { money } from '@hutong/money';
import type { Method } from '@hutong/domain-events';
import {
  after,
  AMOUNT,
  anAttemptRequested,
  aProviderRef,
  aRefundRequested,
  FixedClock,
  REQUESTED_AT,
  WECHAT_QR,
} from '@hutong/testing';
import { aKeyPair } from './account-files.examples.js';
import { clientsOf } from './clients.examples.js';
import { recorded, theAccount } from './recorded.examples.js';
import { encrypted, SCRIPTED_KEY, ScriptedWechat } from './scripted-wechat.examples.js';
import type { WechatAccount } from './wechat.account.config.js';

const { mchid, appid } = recorded.portal;
const merchant = aKeyPair();
const scripted = {
  answerSerial: SCRIPTED_KEY.serial,
  keys: new Map([[SCRIPTED_KEY.serial, SCRIPTED_KEY.publicKey]]),
  privateKey: createPrivateKey(merchant.privateKeyPem),
};
const merchantKey = createPublicKey(merchant.publicKeyPem);

describe('WeChat is', () => {
  let clock: FixedClock;
  let wechat: ScriptedWechat;

  beforeAll(async () => {
    clock = new FixedClock(REQUESTED_AT.toISOString());
    wechat = await ScriptedWechat.start(clock);
  });
  afterAll(() => wechat[Symbol.asyncDispose]());
  beforeEach(() => void wechat.heard.splice(0));

  const of = (said: Partial<WechatAccount> = {}) =>
    clientsOf(
      { baseUrl: wechat.url, timeoutMs: 2_000 },
      clock,
      theAccount({ ...scripted, ...said }),
    );
  const order = (presentation: Method['presentation'] = 'qr', returnUrl?: string): Prepared => {
    const method = { ...WECHAT_QR, presentation };
    const attempt = { ...anAttemptRequested({ method, returnUrl }), account: 'taobao' };
    const payer: SealedFields = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', clientIp: '203.0.113.7' };
    const made = of().adapter.prepare(attempt, clock.now(), payer);
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };

  describe('asked for an order', () => {
    const TRANSACTIONS = '/v3/pay/transactions';

    it('in a browser, which comes back afterwards', async () => {
      const h5_url = 'https://wx.tenpay.com/checkmweb?prepay_id=wx1&package=2';
      wechat.answer(`POST ${TRANSACTIONS}/h5`, { status: 200, json: { h5_url } });
      const report = await of().adapter.submit(order('redirect', 'https://shop.example/done'));
      expect(report).toEqual({
        kind: 'awaiting_payer',
        action: {
          type: 'redirect',
          url: `${h5_url}&redirect_url=https%3A%2F%2Fshop.example%2Fdone`,
          validUntil: after(5),
        },
      });
    });

    const isSigned = (lines: readonly string[], signature: string, key: KeyObject) =>
      verify('sha256', Buffer.from(`${lines.join('\n')}\n`), key, Buffer.from(signature, 'base64'));
    const parametersOf = async (prepared: Prepared) => {
      const report = await of().adapter.submit(prepared);
      if (report.kind !== 'awaiting_payer' || !('parameters' in report.action)) {
        throw new Error(`not shown: ${report.kind}`);
      }
      return report.action;
    };

    it('in its app, started with what the merchant signed', async () => {
      const json = { prepay_id: 'wx201410272009395522657a690389285100' };
      wechat.answer(`POST ${TRANSACTIONS}/app`, { status: 200, json });
      const { type, parameters } = await parametersOf(order('app'));
      expect(type).toBe('app');
      const { sign: signature = '', noncestr = '', timestamp = '', ...rest } = parameters;
      expect(rest).toEqual({
        appid,
        partnerid: mchid,
        prepayid: json.prepay_id,
        package: 'Sign=WXPay',
      });
      expect(timestamp).toBe(`${clock.now().getTime() / 1_000}`);
      expect(isSigned([appid, timestamp, noncestr, json.prepay_id], signature, merchantKey)).toBe(
        true,
      );
    });

    it('in a mini program, whose app id is signed and not sent', async () => {
      const json = { prepay_id: 'wx201410272009395522657a690389285100' };
      wechat.answer(`POST ${TRANSACTIONS}/jsapi`, { status: 200, json });
      const { type, parameters } = await parametersOf(order('mini_program'));
      expect(type).toBe('mini_program');
      const { paySign = '', nonceStr = '', timeStamp = '', ...rest } = parameters;
      const named = `prepay_id=${json.prepay_id}`;
      expect(rest).toEqual({ package: named, signType: 'RSA' });
      expect(isSigned([appid, timeStamp, nonceStr, named], paySign, merchantKey)).toBe(true);
      expect(JSON.parse(wechat.heard[0]?.body ?? '')).toMatchObject({
        payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
      });
    });

    it('answers another kind, which is none', async () => {
      wechat.answer(`POST ${TRANSACTIONS}/app`, { status: 200, json: { code_url: 'weixin://a' } });
      expect(await of().adapter.submit(order('app'))).toEqual({
        kind: 'unknown',
        cause: 'unreadable_answer',
      });
    });
  });

  describe('asked to close an order', () => {
    type Row = Readonly<{
      what: string;
      script: Parameters<ScriptedWechat['answer']>[1];
      report: object;
    }>;
    it.each<Row>([
      { what: 'does, by a signed 204', script: { status: 204 }, report: { kind: 'closed' } },
      {
        what: 'seems to, and nobody signed it',
        script: { status: 204, unsigned: true },
        report: { kind: 'unknown', cause: 'unverifiable_answer' },
      },
      {
        what: 'answers 200, which is not what closing answers',
        script: { status: 200, json: {} },
        report: { kind: 'unknown', cause: 'http_200' },
      },
      {
        what: 'says that it was paid',
        script: { status: 400, json: { code: 'ORDERPAID' }, unsigned: true },
        report: { kind: 'settled', cause: 'orderpaid' },
      },
      {
        what: 'cannot now',
        script: { status: 500, json: { code: 'SYSTEM_ERROR' }, unsigned: true },
        report: { kind: 'unknown', cause: 'system_error' },
      },
    ])('$what', async ({ script, report }) => {
      const prepared = order();
      const path = `/v3/pay/transactions/out-trade-no/${prepared.attemptId}/close`;
      wechat.answer(`POST ${path}`, script);
      expect(await of().adapter.close(prepared)).toEqual(report);
      expect(wechat.heard).toMatchObject([{ method: 'POST', body: JSON.stringify({ mchid }) }]);
    });

    it('is not without the account', async () => {
      const orphan = { ...order(), account: 'gone' };
      expect(await of().adapter.close(orphan)).toMatchObject({ kind: 'unknown' });
      expect(wechat.heard).toEqual([]);
    });
  });

  describe('asked for a refund', () => {
    const REFUNDS = '/v3/refund/domestic/refunds';
    const aRefund = (): PreparedRefund => {
      const refund = { ...aRefundRequested({ amount: money(2_800n, 'CNY') }), account: 'taobao' };
      const paid = {
        providerRef: aProviderRef(),
        instrument: 'wechat_pay',
        amount: AMOUNT,
        paidAt: after(2),
      } as const;
      const made = of().adapter.prepareRefund(refund, { paid, fields: { mchid, appid } });
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value;
    };
    const answered = ({ refundId, attemptId }: PreparedRefund, said: object = {}) => ({
      refund_id: '50300001820261124000000000001',
      out_refund_no: refundId,
      out_trade_no: attemptId,
      status: 'PROCESSING',
      user_received_account: '招商银行信用卡0403',
      amount: { refund: 2_800, total: 12_800, currency: 'CNY' },
      ...said,
    });

    it('takes the bytes that it is given, and has it', async () => {
      const refund = aRefund();
      wechat.answer(`POST ${REFUNDS}`, { status: 200, json: answered(refund) });
      expect(await of().adapter.refund(refund)).toEqual({ kind: 'pending' });
      expect(wechat.heard[0]?.body).toBe(new TextDecoder().decode(refund.body));
    });

    it('says later what became of it', async () => {
      const refund = aRefund();
      const done = { status: 'SUCCESS', success_time: '2026-11-24T16:10:00+08:00' };
      const call = `GET ${REFUNDS}/${refund.refundId}`;
      wechat.answer(call, { status: 200, json: answered(refund, done) });
      expect(await of().adapter.queryRefund(refund)).toEqual({
        kind: 'succeeded',
        providerRef: '50300001820261124000000000001',
        amount: money(2_800n, 'CNY'),
        refundedAt: after(10),
      });
      wechat.answer(call, { status: 404, json: { code: 'RESOURCE_NOT_EXISTS' }, unsigned: true });
      expect(await of().adapter.queryRefund(refund)).toEqual({ kind: 'not_found' });
    });

    it('may say something about another one, which says nothing of ours', async () => {
      const refund = aRefund();
      const other = answered(aRefund(), { status: 'SUCCESS' });
      wechat.answer(`POST ${REFUNDS}`, { status: 200, json: other });
      expect(await of().adapter.refund(refund)).toEqual({
        kind: 'unknown',
        cause: 'answer_of_other_refund',
      });
    });

    it('refuses it for certain, or not', async () => {
      const refund = aRefund();
      const refusal = (status: number, code: string) => {
        wechat.answer(`POST ${REFUNDS}`, { status, json: { code }, unsigned: true });
        return of().adapter.refund(refund);
      };
      expect([await refusal(403, 'NOT_ENOUGH'), await refusal(429, 'FREQUENCY_LIMITED')]).toEqual([
        { kind: 'failed', reason: 'merchant_account' },
        { kind: 'unknown', cause: 'frequency_limited' },
      ]);
    });

    type Told = Readonly<{ event: string; status: string; report: object }>;
    it.each<Told>([
      {
        event: 'REFUND.SUCCESS',
        status: 'SUCCESS',
        report: { kind: 'succeeded', amount: money(2_800n, 'CNY') },
      },
      {
        event: 'REFUND.ABNORMAL',
        status: 'ABNORMAL',
        report: { kind: 'pending', stuck: 'refund_abnormal' },
      },
      { event: 'REFUND.CLOSED', status: 'CLOSED', report: { kind: 'failed', reason: 'declined' } },
    ])('tells of it by itself: $event', ({ event, status, report }) => {
      const refund = aRefund();
      const success_time = '2026-11-24T16:10:00+08:00';
      const told = { ...answered(refund), mchid, refund_status: status, success_time };
      const notice = wechat.notice(event, told);
      const raw = { account: 'taobao', headers: notice.headers, body: Buffer.from(notice.body) };
      expect(of().adapter.read(raw, clock.now())).toMatchObject({
        kind: 'refund',
        refundNumber: refund.refundId,
        orderNumber: refund.attemptId,
        payee: { mchid },
        amount: money(2_800n, 'CNY'),
        report,
      });
    });

    type Odd = Readonly<{ event: string; told: object; reason: string }>;
    it.each<Odd>([
      { event: 'REFUND.SUCCESS', told: { mchid }, reason: 'refund_unreadable' },
      { event: 'PAYSCORE.USER_PAID', told: { mchid }, reason: 'event_unsupported' },
      { event: 'TRANSACTION.SUCCESS', told: { mchid }, reason: 'transaction_unreadable' },
    ])('keeps $event as odd where it is $reason', ({ event, told, reason }) => {
      const { headers, body } = wechat.notice(event, told);
      const raw = { account: 'taobao', headers, body: Buffer.from(body) };
      expect(of().adapter.read(raw, clock.now())).toMatchObject({ kind: 'odd', reason });
    });
  });

  describe('asked for its certificates', () => {
    const PATH = 'GET /v3/certificates';
    const { certificate, vectors } = recorded;
    const list = (pem = certificate.pem, key?: string, serial = certificate.serial) => ({
      data: [
        {
          serial_no: serial,
          effective_time: '2026-01-01T00:00:00+08:00',
          expire_time: '2031-01-01T00:00:00+08:00',
          encrypt_certificate: encrypted(pem, 'certificate', key),
        },
      ],
    });
    const both = { downloadsCertificates: true };
    const downloads = () => wechat.heard.filter(({ url }) => url === '/v3/certificates').length;
    const read = ({ adapter }: ReturnType<typeof of>) => {
      const { headers, body } = vectors.byCertificate;
      return adapter.read({ account: 'taobao', headers, body: Buffer.from(body) }, clock.now())
        .kind;
    };

    it('hands out those that sign what its public key does not', async () => {
      wechat.answer(PATH, { status: 200, json: list() });
      const world = of(both);
      expect(read(world)).toBe('unverified');
      await world.keys.freshen('taobao');
      expect(read(world)).toBe('succeeded');
    });

    it('is asked again before twelve hours are over, and not before', async () => {
      wechat.answer(PATH, { status: 200, json: list() });
      const { keys } = of(both);
      await Promise.all([keys.freshen('taobao'), keys.freshen('taobao')]);
      clock.advance(10 * 3_600_000);
      await keys.freshen('taobao');
      expect(downloads()).toBe(1);
      clock.advance(3_600_000);
      await keys.freshen('taobao');
      expect(downloads()).toBe(2);
      clock.advance(-11 * 3_600_000);
    });

    it('is asked at once for a key that nobody knows, and not for every forgery', async () => {
      wechat.answer(PATH, { status: 200, json: list() });
      const { keys } = of(both);
      await keys.refresh('taobao');
      await keys.refresh('taobao');
      expect(downloads()).toBe(1);
      clock.advance(5_000);
      await keys.refresh('taobao');
      expect(downloads()).toBe(2);
      clock.advance(-5_000);
    });

    type Bad = Readonly<{ what: string; script: Parameters<ScriptedWechat['answer']>[1] }>;
    it.each<Bad>([
      {
        what: 'encrypted under another key',
        script: { status: 200, json: list(certificate.pem, 'another key of thirty-two chars.') },
      },
      {
        what: 'under another serial',
        script: { status: 200, json: list(certificate.pem, undefined, 'F'.repeat(40)) },
      },
      {
        what: 'in an answer that nobody signed',
        script: { status: 200, json: list(), unsigned: true },
      },
      { what: 'that is no certificate', script: { status: 200, json: list('nothing') } },
      {
        what: 'of a merchant that has none',
        script: { status: 404, json: { code: 'RESOURCE_NOT_EXISTS' }, unsigned: true },
      },
    ])('is not believed one $what, and asked again a minute later', async ({ script }) => {
      wechat.answer(PATH, script);
      const world = of(both);
      await world.keys.freshen('taobao');
      expect(read(world)).toBe('unverified');
      await world.keys.freshen('taobao');
      expect(downloads()).toBe(1);
      wechat.answer(PATH, { status: 200, json: list() });
      clock.advance(60_000);
      await world.keys.freshen('taobao');
      expect(read(world)).toBe('succeeded');
      clock.advance(-60_000);
    });

    it('is not asked for an account that has none', async () => {
      const { keys } = of();
      await keys.freshen('taobao');
      await keys.refresh('taobao');
      await keys.refresh('nobody');
      expect(downloads()).toBe(0);
    });

    it('answers by a key that we download then, if it has to', async () => {
      wechat.answer(PATH, { status: 200, json: list() });
      const lateKeys = { ...both, keys: new Map(), answerSerial: undefined };
      const prepared = order();
      const call = `GET /v3/pay/transactions/out-trade-no/${prepared.attemptId}?mchid=${mchid}`;
      wechat.answer(call, { status: 200, json: {} });
      expect(await of(lateKeys).adapter.query(prepared)).toEqual({
        kind: 'unknown',
        cause: 'unverifiable_answer',
      });
      expect(wechat.heard.map(({ serial }) => serial)).toEqual([undefined, undefined]);
    });
  });
});
