import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Prepared, RequestedAttempt, SealedFields } from '@hutong/gateway';
import type { Method } from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  ALIPAY_REDIRECT,
  after,
  anAttemptRequested,
  QUICKPASS_APP,
  REQUESTED_AT,
  WECHAT_QR,
} from '@hutong/testing';
import {
  beijingTime,
  presentationOf,
  toAttemptReport,
  toOrder,
  toRedirect,
  validUntil,
} from './wechat.mapping.js';
import type { WechatTransaction } from './wechat.wire.js';

const account = {
  mchid: '1900000001',
  appid: 'wx8888888888888888',
  appids: { app: 'wx0000000000000app' },
  notifyUrl: 'https://pay.example/notifications/taobao',
};
const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const anAttempt = (said: Partial<RequestedAttempt> = {}): RequestedAttempt => ({
  ...anAttemptRequested({ description: '龙井茶 250 g' }),
  account: 'taobao',
  ...said,
});
const bodyOf = ({ body }: Prepared) =>
  JSON.parse(new TextDecoder().decode(body)) as Readonly<Record<string, unknown>>;
const prepared = (attempt: RequestedAttempt, payer: SealedFields = {}): Prepared => {
  const made = toOrder(attempt, account, { at: REQUESTED_AT, payer });
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
};

describe('an attempt in WeChat’s words', () => {
  const by = (presentation: Method['presentation'], said: Partial<RequestedAttempt> = {}) =>
    anAttempt({ method: { ...WECHAT_QR, presentation }, ...said });

  type Kind = Readonly<{
    presentation: Method['presentation'];
    payer: SealedFields;
    appid: string;
    part: object;
  }>;
  it.each<Kind>([
    { presentation: 'qr', payer: { openid }, appid: account.appid, part: {} },
    { presentation: 'app', payer: {}, appid: account.appids.app, part: {} },
    {
      presentation: 'mini_program',
      payer: { openid, clientIp: '203.0.113.7' },
      appid: account.appid,
      part: { payer: { openid } },
    },
    {
      presentation: 'redirect',
      payer: { openid, clientIp: '203.0.113.7' },
      appid: account.appid,
      part: { scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } } },
    },
  ])('takes for $presentation what this kind needs of the payer, and no more', (kind) => {
    const { presentation, payer, appid, part } = kind;
    const attempt = by(presentation);
    const order = prepared(attempt, payer);
    expect(presentationOf(order)).toBe(presentation);
    expect(order.fields).toMatchObject({ mchid: account.mchid, appid });
    const body = bodyOf(order);
    expect(body).toMatchObject({
      appid,
      mchid: account.mchid,
      description: attempt.description,
      out_trade_no: attempt.attemptId,
    });
    const ofPayer = Object.entries(body).filter(([name]) => ['payer', 'scene_info'].includes(name));
    expect(Object.fromEntries(ofPayer)).toEqual(part);
  });

  it.each<Readonly<{ presentation: Method['presentation']; payer: SealedFields }>>([
    { presentation: 'mini_program', payer: { clientIp: '203.0.113.7' } },
    { presentation: 'redirect', payer: { openid } },
  ])('is none for $presentation without what this kind needs', ({ presentation, payer }) => {
    const made = toOrder(by(presentation), account, { at: REQUESTED_AT, payer });
    expect(made).toEqual({ ok: false, refusal: { code: 'payer_missing' } });
  });

  it('keeps the way back of a browser, and of nothing else', () => {
    const returnUrl = 'https://shop.example/done?order=1&x=龙';
    const payer = { openid, clientIp: '203.0.113.7' };
    const order = prepared(by('redirect', { returnUrl }), payer);
    const h5Url = 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2';
    expect(toRedirect(h5Url, order, REQUESTED_AT)).toEqual({
      type: 'redirect',
      url: `${h5Url}&redirect_url=https%3A%2F%2Fshop.example%2Fdone%3Forder%3D1%26x%3D%E9%BE%99`,
      validUntil: after(5),
    });
    const stays = prepared(by('redirect'), payer);
    expect(toRedirect(h5Url, stays, REQUESTED_AT)).toMatchObject({ url: h5Url });
    expect(prepared(by('app', { returnUrl })).fields).not.toHaveProperty('returnUrl');
  });

  it('is exactly what a Native order takes', () => {
    const attempt = anAttempt();
    const order = prepared(attempt);
    expect(bodyOf(order)).toEqual({
      appid: account.appid,
      mchid: account.mchid,
      description: '龙井茶 250 g',
      out_trade_no: attempt.attemptId,
      time_expire: '2026-11-24T16:15:00+08:00',
      notify_url: account.notifyUrl,
      amount: { total: 12_800, currency: 'CNY' },
    });
    expect(order).toMatchObject({
      attemptId: attempt.attemptId,
      account: 'taobao',
      fields: { mchid: account.mchid, appid: account.appid, presentation: 'qr' },
      expiresAt: after(15),
    });
  });

  type Row = Readonly<{ what: string; said: Partial<RequestedAttempt>; code: string | undefined }>;
  it.each<Row>([
    { what: 'one fen', said: { amount: money(1n, 'CNY') }, code: undefined },
    { what: 'nothing', said: { amount: money(0n, 'CNY') }, code: 'amount_unsupported' },
    { what: 'dollars', said: { amount: money(100n, 'USD') }, code: 'amount_unsupported' },
    {
      what: 'the most fen that their number holds',
      said: { amount: money(9_007_199_254_740_991n, 'CNY') },
      code: undefined,
    },
    {
      what: 'a fen more',
      said: { amount: money(9_007_199_254_740_992n, 'CNY') },
      code: 'amount_unsupported',
    },
    { what: 'seven days', said: { expiresAt: after(7 * 24 * 60) }, code: undefined },
    {
      what: 'a second more',
      said: { expiresAt: after(7 * 24 * 60 + 1 / 60) },
      code: 'expiry_unsupported',
    },
    { what: 'Alipay', said: { method: ALIPAY_REDIRECT }, code: 'method_unsupported' },
    { what: 'UnionPay', said: { method: QUICKPASS_APP }, code: 'method_unsupported' },
    {
      what: 'another presentation',
      said: { method: { ...WECHAT_QR, presentation: 'barcode' } },
      code: 'method_unsupported',
    },
    {
      what: 'another instrument',
      said: { method: { ...WECHAT_QR, instrument: 'alipay' } },
      code: 'method_unsupported',
    },
  ])('with $what is refused as $code', ({ said, code }) => {
    const made = toOrder(anAttempt(said), account, { at: REQUESTED_AT, payer: {} });
    expect(made.ok ? undefined : made.refusal.code).toBe(code);
  });

  it('is the same bytes for the same attempt and time, in whole seconds that WeChat allows', () => {
    const minutes = fc.double({ min: -10, max: 60 * 24 * 7 - 1, noNaN: true });
    const minor = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(minutes, minor, (life, fen) => {
        const attempt = anAttempt({ expiresAt: after(life), amount: money(fen, 'CNY') });
        const order = prepared(attempt);
        expect(prepared(attempt).body).toEqual(order.body);
        const { amount, time_expire: expiry } = bodyOf(order);
        expect(amount).toEqual({ total: Number(fen), currency: 'CNY' });
        expect(new Date(String(expiry))).toEqual(order.expiresAt);
        expect(order.expiresAt.getTime() % 1_000).toBe(0);
        const lifeMs = order.expiresAt.getTime() - REQUESTED_AT.getTime();
        expect(lifeMs).toBeGreaterThan(60_000);
        expect(order.expiresAt.getTime()).toBeGreaterThanOrEqual(attempt.expiresAt.getTime());
      }),
    );
  });

  it('says Beijing’s time, whatever zone the process is in', () => {
    expect(beijingTime(new Date('2026-12-31T15:59:59.999Z'))).toBe('2026-12-31T23:59:59+08:00');
    expect(beijingTime(new Date('2026-12-31T16:00:00.000Z'))).toBe('2027-01-01T00:00:00+08:00');
  });

  type Life = Readonly<{ presentation: Method['presentation']; minutes: number }>;
  it.each<Life>`
    presentation      | minutes
    ${'qr'}           | ${120}
    ${'app'}          | ${120}
    ${'mini_program'} | ${120}
    ${'redirect'}     | ${5}
  `('opens for $presentation what lives $minutes minutes, or as its order', (life) => {
    const payer = { openid, clientIp: '203.0.113.7' };
    const long = prepared(by(life.presentation, { expiresAt: after(300) }), payer);
    const short = prepared(by(life.presentation, { expiresAt: after(4) }), payer);
    expect(validUntil(long, REQUESTED_AT)).toEqual(after(life.minutes));
    expect(validUntil(short, REQUESTED_AT)).toEqual(after(4));
  });

  it('that was prepared before there were other kinds is a code', () => {
    expect(presentationOf({ fields: { mchid: '1', appid: 'wx' } })).toBe('qr');
  });
});

describe('a transaction', () => {
  const base = {
    mchid: account.mchid,
    appid: account.appid,
    out_trade_no: '01KAT9G000WECHATSPEC000001',
    amount: { total: 12_800, currency: 'CNY' },
  };
  const paid = {
    ...base,
    transaction_id: '4200001820261124000000000001',
    success_time: '2026-11-24T16:02:00+08:00',
  };
  const succeeded = {
    kind: 'succeeded',
    providerRef: paid.transaction_id,
    instrument: 'wechat_pay',
    amount: money(12_800n, 'CNY'),
    paidAt: after(2),
  };
  const odd = { kind: 'unknown', cause: 'paid_without_details' };

  // A new state adds a row: here first, then in the code.
  type Row = Readonly<{ what: string; transaction: WechatTransaction; report: object }>;
  it.each<Row>([
    { what: 'SUCCESS', transaction: { ...paid, trade_state: 'SUCCESS' }, report: succeeded },
    { what: 'REFUND', transaction: { ...paid, trade_state: 'REFUND' }, report: succeeded },
    {
      what: 'NOTPAY',
      transaction: { ...base, trade_state: 'NOTPAY' },
      report: { kind: 'awaiting_payer' },
    },
    {
      what: 'USERPAYING',
      transaction: { ...base, trade_state: 'USERPAYING' },
      report: { kind: 'awaiting_payer' },
    },
    {
      what: 'CLOSED',
      transaction: { ...base, trade_state: 'CLOSED' },
      report: { kind: 'closed', reason: 'expired' },
    },
    {
      what: 'REVOKED',
      transaction: { ...base, trade_state: 'REVOKED' },
      report: { kind: 'closed', reason: 'cancelled' },
    },
    {
      what: 'PAYERROR',
      transaction: { ...base, trade_state: 'PAYERROR' },
      report: { kind: 'failed', reason: 'declined' },
    },
    {
      what: 'a state nobody has seen',
      transaction: { ...paid, trade_state: 'SUCCESSFUL' },
      report: { kind: 'unknown', cause: 'state_unknown' },
    },
    {
      what: 'SUCCESS without a number',
      transaction: { ...base, success_time: paid.success_time, trade_state: 'SUCCESS' },
      report: odd,
    },
    {
      what: 'SUCCESS with a number that is none',
      transaction: { ...paid, transaction_id: 'a b', trade_state: 'SUCCESS' },
      report: odd,
    },
    {
      what: 'SUCCESS without a time',
      transaction: { ...base, transaction_id: paid.transaction_id, trade_state: 'SUCCESS' },
      report: odd,
    },
    {
      what: 'SUCCESS at no time',
      transaction: { ...paid, success_time: '2026-11-24T16:02:60+08:00', trade_state: 'SUCCESS' },
      report: odd,
    },
    {
      what: 'SUCCESS in no currency of ours',
      transaction: { ...paid, amount: { total: 1, currency: 'XXX' }, trade_state: 'SUCCESS' },
      report: odd,
    },
    {
      what: 'SUCCESS in none, which is CNY',
      transaction: { ...paid, amount: { total: 12_800 }, trade_state: 'SUCCESS' },
      report: succeeded,
    },
  ])('that is $what', ({ transaction, report }) => {
    expect(toAttemptReport(transaction)).toEqual(report);
  });
});
