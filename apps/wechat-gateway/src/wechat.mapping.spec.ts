import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Prepared, RequestedAttempt } from '@hutong/gateway';
import { money } from '@hutong/money';
import {
  ALIPAY_REDIRECT,
  after,
  anAttemptRequested,
  QUICKPASS_APP,
  REQUESTED_AT,
  WECHAT_QR,
} from '@hutong/testing';
import type { WechatTransaction } from './wechat.client.js';
import {
  beijingTime,
  toAttemptReport,
  toNativeOrder,
  toQrAction,
  toQueryReport,
  toSubmitReport,
} from './wechat.mapping.js';

const account = {
  mchid: '1900000001',
  appid: 'wx8888888888888888',
  notifyUrl: 'https://pay.example/notifications/taobao',
};
const anAttempt = (said: Partial<RequestedAttempt> = {}): RequestedAttempt => ({
  ...anAttemptRequested({ description: '龙井茶 250 g' }),
  account: 'taobao',
  ...said,
});
const bodyOf = ({ body }: Prepared) =>
  JSON.parse(new TextDecoder().decode(body)) as Readonly<Record<string, unknown>>;
const prepared = (attempt: RequestedAttempt, at = REQUESTED_AT): Prepared => {
  const made = toNativeOrder(attempt, account, at);
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
};

describe('an attempt in WeChat’s words', () => {
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
      fields: { mchid: account.mchid, appid: account.appid },
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
      said: { method: { ...WECHAT_QR, presentation: 'redirect' } },
      code: 'method_unsupported',
    },
    {
      what: 'another instrument',
      said: { method: { ...WECHAT_QR, instrument: 'alipay' } },
      code: 'method_unsupported',
    },
  ])('with $what is refused as $code', ({ said, code }) => {
    const made = toNativeOrder(anAttempt(said), account, REQUESTED_AT);
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

  it('shows its code for two hours, or as long as the order lives', () => {
    const url = 'weixin://wxpay/bizpayurl?pr=a1b2c3d';
    const short = prepared(anAttempt());
    const long = prepared(anAttempt({ expiresAt: after(300) }));
    expect(toQrAction(url, short, REQUESTED_AT)).toEqual({
      type: 'qr',
      content: url,
      validUntil: after(15),
    });
    expect(toQrAction(url, long, REQUESTED_AT).validUntil).toEqual(after(120));
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

describe('an error', () => {
  // `create` is what it says of a sending, `query` of a question; a new code adds a row.
  type Row = Readonly<{ status: number; code: string; create: string; query: string }>;
  it.each<Row>`
    status | code                       | create                           | query
    ${400} | ${'PARAM_ERROR'}           | ${'failed rejected'}             | ${'unknown param_error'}
    ${400} | ${'INVALID_REQUEST'}       | ${'failed rejected'}             | ${'unknown invalid_request'}
    ${400} | ${'INVALID_TRANSACTIONID'} | ${'failed rejected'}             | ${'unknown invalid_transactionid'}
    ${400} | ${'OPENID_MISMATCH'}       | ${'failed rejected'}             | ${'unknown openid_mismatch'}
    ${500} | ${'OPENID_MISMATCH'}       | ${'unknown openid_mismatch'}     | ${'unknown openid_mismatch'}
    ${400} | ${'APPID_MCHID_NOT_MATCH'} | ${'failed misconfigured'}        | ${'unknown appid_mchid_not_match'}
    ${400} | ${'MCH_NOT_EXISTS'}        | ${'failed misconfigured'}        | ${'unknown mch_not_exists'}
    ${401} | ${'SIGN_ERROR'}            | ${'failed misconfigured'}        | ${'unknown sign_error'}
    ${403} | ${'NO_AUTH'}               | ${'failed misconfigured'}        | ${'unknown no_auth'}
    ${403} | ${'NOAUTH'}                | ${'failed misconfigured'}        | ${'unknown noauth'}
    ${403} | ${'NOT_ENOUGH'}            | ${'failed merchant_account'}     | ${'unknown not_enough'}
    ${403} | ${'USER_ACCOUNT_ABNORMAL'} | ${'failed payer_account'}        | ${'unknown user_account_abnormal'}
    ${403} | ${'RULE_LIMIT'}            | ${'failed limit'}                | ${'unknown rule_limit'}
    ${403} | ${'TRADE_ERROR'}           | ${'failed declined'}             | ${'unknown trade_error'}
    ${403} | ${'ACCOUNT_ERROR'}         | ${'failed payer_account'}        | ${'unknown account_error'}
    ${400} | ${'ORDERPAID'}             | ${'settled orderpaid'}           | ${'unknown orderpaid'}
    ${400} | ${'ORDER_PAID'}            | ${'settled order_paid'}          | ${'unknown order_paid'}
    ${400} | ${'ORDER_CLOSED'}          | ${'settled order_closed'}        | ${'unknown order_closed'}
    ${403} | ${'OUT_TRADE_NO_USED'}     | ${'unknown out_trade_no_used'}   | ${'unknown out_trade_no_used'}
    ${404} | ${'ORDER_NOT_EXIST'}       | ${'unknown order_not_exist'}     | ${'not_found'}
    ${404} | ${'ORDERNOTEXIST'}         | ${'unknown ordernotexist'}       | ${'not_found'}
    ${400} | ${'ORDER_NOT_EXIST'}       | ${'unknown order_not_exist'}     | ${'unknown order_not_exist'}
    ${404} | ${'RESOURCE_NOT_EXISTS'}   | ${'unknown http_404'}            | ${'unknown http_404'}
    ${404} | ${''}                      | ${'unknown http_404'}            | ${'unknown http_404'}
    ${405} | ${''}                      | ${'unknown http_405'}            | ${'unknown http_405'}
    ${429} | ${'FREQUENCY_LIMITED'}     | ${'unknown frequency_limited'}   | ${'unknown frequency_limited'}
    ${429} | ${'RATELIMIT_EXCEEDED'}    | ${'unknown ratelimit_exceeded'}  | ${'unknown ratelimit_exceeded'}
    ${429} | ${'PARAM_ERROR'}           | ${'unknown param_error'}         | ${'unknown param_error'}
    ${500} | ${'SYSTEM_ERROR'}          | ${'unknown system_error'}        | ${'unknown system_error'}
    ${400} | ${'BANK_ERROR'}            | ${'unknown bank_error'}          | ${'unknown bank_error'}
    ${500} | ${'BANK_ERROR'}            | ${'unknown bank_error'}          | ${'unknown bank_error'}
    ${503} | ${'SERVICE_UNAVAILABLE'}   | ${'unknown service_unavailable'} | ${'unknown service_unavailable'}
    ${502} | ${''}                      | ${'unknown http_502'}            | ${'unknown http_502'}
    ${302} | ${''}                      | ${'unknown http_302'}            | ${'unknown http_302'}
    ${400} | ${'NEVER_SEEN'}            | ${'unknown http_400'}            | ${'unknown http_400'}
    ${400} | ${'CONSTRUCTOR'}           | ${'unknown http_400'}            | ${'unknown http_400'}
  `('$status $code: $create of a create, $query of a query', ({ status, code, ...said }) => {
    const error = { kind: 'error', status, code } as const;
    expect(words(toSubmitReport(error))).toBe(said.create);
    expect(words(toQueryReport(error))).toBe(said.query);
  });

  it('is certain under no 429, no 5xx and no code that is not known', () => {
    const anyCode = fc.stringMatching(/^[A-Z][A-Z_]{1,20}$/);
    const anyStatus = fc.integer({ min: 300, max: 599 });
    fc.assert(
      fc.property(anyStatus, anyCode, (status, code) => {
        const { kind } = toSubmitReport({ kind: 'error', status, code });
        if (status >= 500 || status === 429) expect(kind).toBe('unknown');
        expect(['unknown', 'failed', 'settled']).toContain(kind);
      }),
    );
  });

  it('before anything was sent is certain, and after it is not', () => {
    const unsent = { kind: 'not_sent', cause: 'refused' } as const;
    const unclear = { kind: 'unclear', cause: 'timeout' } as const;
    expect([toSubmitReport(unsent), toSubmitReport(unclear)]).toEqual([
      { kind: 'not_sent', cause: 'refused' },
      { kind: 'unknown', cause: 'timeout' },
    ]);
    expect([toQueryReport(unsent), toQueryReport(unclear)]).toEqual([
      { kind: 'unknown', cause: 'refused' },
      { kind: 'unknown', cause: 'timeout' },
    ]);
  });

  const words = (report: Readonly<{ kind: string; reason?: string; cause?: string }>): string =>
    [report.kind, report.reason ?? report.cause].filter((word) => word !== undefined).join(' ');
});
