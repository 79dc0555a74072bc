import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { providerRef, type Channel, type Method } from '@hutong/domain-events';
import type { Paid, Prepared, RequestedAttempt, SealedFields } from '@hutong/gateway';
import { money } from '@hutong/money';
import { after, ALIPAY_REDIRECT, anAttemptRequested, REQUESTED_AT } from '@hutong/testing';
import {
  comesWithThePayer,
  kindOfPrepared,
  qrAction,
  toAttemptReport,
  toOrder,
} from './alipay.mapping.js';
import type { AlipayTrade } from './alipay.wire.js';

const account = {
  appId: '2021009990000001',
  sellerId: '2088990000000001',
  notifyUrl: 'https://pay.example/notifications/taobao',
  qrProductCode: 'QR_CODE_OFFLINE',
};
const CODE = '280000000000000017';
const returnUrl = 'https://shop.example/done?order=1';
const anAttempt = (said: Partial<RequestedAttempt> = {}): RequestedAttempt => ({
  ...anAttemptRequested({ description: '龙井茶 250 g', method: ALIPAY_REDIRECT }),
  account: 'taobao',
  ...said,
});
const by = (presentation: Method['presentation'], said: Partial<RequestedAttempt> = {}) =>
  anAttempt({ method: { ...ALIPAY_REDIRECT, presentation }, ...said });
const bodyOf = ({ body }: Prepared) =>
  JSON.parse(new TextDecoder().decode(body)) as Readonly<Record<string, unknown>>;
const made = (attempt: RequestedAttempt, payer: SealedFields = { code: CODE }) =>
  toOrder(attempt, account, { at: REQUESTED_AT, payer });
const prepared = (attempt: RequestedAttempt): Prepared => {
  const order = made(attempt);
  if (!order.ok) throw new Error(order.refusal.code);
  return order.value;
};

describe('an attempt in Alipay’s words', () => {
  type Kind = Readonly<{
    presentation: Method['presentation'];
    channel: Channel;
    kind: string;
    part: object;
    goesBack: boolean;
  }>;
  it.each<Kind>([
    {
      presentation: 'redirect',
      channel: 'web',
      kind: 'page',
      part: { product_code: 'FAST_INSTANT_TRADE_PAY' },
      goesBack: true,
    },
    {
      presentation: 'redirect',
      channel: 'app',
      kind: 'wap',
      part: { product_code: 'QUICK_WAP_WAY', quit_url: returnUrl },
      goesBack: true,
    },
    {
      presentation: 'redirect',
      channel: 'mini_program',
      kind: 'wap',
      part: { product_code: 'QUICK_WAP_WAY', quit_url: returnUrl },
      goesBack: true,
    },
    {
      presentation: 'app',
      channel: 'app',
      kind: 'app',
      part: { product_code: 'QUICK_MSECURITY_PAY' },
      goesBack: false,
    },
    {
      presentation: 'qr',
      channel: 'web',
      kind: 'precreate',
      part: { product_code: 'QR_CODE_OFFLINE' },
      goesBack: false,
    },
    {
      presentation: 'barcode',
      channel: 'in_store',
      kind: 'pay',
      part: { product_code: 'FACE_TO_FACE_PAYMENT', scene: 'bar_code', auth_code: CODE },
      goesBack: false,
    },
  ])('is for $presentation in $channel a $kind, and no more', (row) => {
    const attempt = by(row.presentation, { channel: row.channel, returnUrl });
    const order = prepared(attempt);
    expect(kindOfPrepared(order)).toBe(row.kind);
    expect(comesWithThePayer(order)).toBe(row.kind !== 'pay');
    expect(bodyOf(order)).toEqual({
      out_trade_no: attempt.attemptId,
      total_amount: '128.00',
      subject: '龙井茶 250 g',
      time_expire: '2026-11-24 16:15:00',
      ...row.part,
    });
    expect(order.fields).toEqual({
      app_id: account.appId,
      seller_id: account.sellerId,
      notifyUrl: account.notifyUrl,
      kind: row.kind,
      instrument: 'alipay',
      ...(row.goesBack && { returnUrl }),
    });
    expect(order.expiresAt).toEqual(after(15));
  });

  it('has nothing of the payer but the code shown in store', () => {
    const attempt = by('redirect');
    const order = made(attempt, { code: CODE, openid: 'o-1', clientIp: '203.0.113.7' });
    expect(JSON.stringify(order.ok && bodyOf(order.value))).not.toMatch(/o-1|203\.0|2800000/);
    expect(made(by('barcode'), { openid: 'o-1' })).toEqual({
      ok: false,
      refusal: { code: 'payer_missing' },
    });
  });

  type Refused = Readonly<{ method: Method; code: string | undefined }>;
  const method = (said: Partial<Method>): Method => ({ ...ALIPAY_REDIRECT, ...said });
  it.each<Refused>([
    { method: method({ presentation: 'mini_program' }), code: 'method_unsupported' },
    { method: method({ presentation: 'link' }), code: 'method_unsupported' },
    { method: method({ provider: 'wechat' }), code: 'method_unsupported' },
    { method: method({ instrument: 'wechat_pay' }), code: 'method_unsupported' },
    {
      method: method({ instrument: 'cloud_quickpass', presentation: 'app' }),
      code: 'method_unsupported',
    },
    { method: method({ instrument: 'cloud_quickpass', presentation: 'qr' }), code: undefined },
    { method: method({ instrument: 'cloud_quickpass', presentation: 'barcode' }), code: undefined },
    { method: method({ instrument: 'bank_app:0105' }), code: undefined },
  ])('by $method.instrument and $method.presentation is refused as $code', (row) => {
    const order = made(anAttempt({ method: row.method }));
    expect(order.ok ? undefined : order.refusal.code).toBe(row.code);
  });

  it.each<[fen: bigint, yuan: string | undefined]>([
    [0n, undefined],
    [1n, '0.01'],
    [12_800n, '128.00'],
    [10_000_000_000n, '100000000.00'],
    [10_000_000_001n, undefined],
  ])('of %p fen asks for %p yuan', (fen, yuan) => {
    const order = made(anAttempt({ amount: money(fen, 'CNY') }));
    expect(order.ok ? bodyOf(order.value)['total_amount'] : undefined).toBe(yuan);
    if (!order.ok) expect(order.refusal).toEqual({ code: 'amount_unsupported' });
  });

  it('takes Chinese yuan alone', () => {
    expect(made(anAttempt({ amount: money(1n, 'HKD') })).ok).toBe(false);
  });

  it.each<[what: string, minutes: number, expire: string | undefined]>([
    ['one that is over lives as short as can be', -1, '2026-11-24 16:01:10'],
    ['a short one lives as short as can be', 1, '2026-11-24 16:01:10'],
    ['another lives as long as its payment', 2, '2026-11-24 16:02:00'],
    ['fifteen days are the most', 15 * 24 * 60, '2026-12-09 16:00:00'],
    ['more are refused', 15 * 24 * 60 + 1, undefined],
  ])('%s', (_, minutes, expire) => {
    const order = made(anAttempt({ expiresAt: after(minutes) }));
    expect(order.ok ? bodyOf(order.value)['time_expire'] : undefined).toBe(expire);
    if (!order.ok) expect(order.refusal).toEqual({ code: 'expiry_unsupported' });
  });

  it('never ends before its payment, though the wire has whole seconds', () => {
    const expiresAt = new Date(after(15).getTime() + 1);
    const order = prepared(anAttempt({ expiresAt }));
    expect(order.expiresAt).toEqual(new Date(after(15).getTime() + 1_000));
    expect(bodyOf(order)['time_expire']).toBe('2026-11-24 16:15:01');
  });

  it('is named without what ends a name in Alipay’s cashier', () => {
    const texts = fc.string({ unit: fc.constantFrom('/', '=', '&', '龙', 'a'), minLength: 1 });
    fc.assert(
      fc.property(texts, (description) => {
        const subject = String(bodyOf(prepared(anAttempt({ description })))['subject']);
        expect(subject).not.toMatch(/[/=&]/);
        expect(subject).toHaveLength(description.length);
      }),
    );
  });

  it('goes back to no address that is longer than Alipay takes', () => {
    const long = `https://shop.example/${'a'.repeat(236)}`;
    const lengths = [long.slice(0, 256), long].map((address) => {
      const order = prepared(by('redirect', { channel: 'app', returnUrl: address }));
      return [order.fields['returnUrl']?.length, String(bodyOf(order)['quit_url']).length];
    });
    expect(long).toHaveLength(257);
    expect(lengths).toEqual([
      [256, 256],
      [undefined, 'undefined'.length],
    ]);
  });

  it('is the same bytes for the same attempt at the same time', () => {
    const attempt = by('barcode');
    expect(prepared(attempt).body).toEqual(prepared(attempt).body);
  });

  it('shows a code for two hours, or until its order ends', () => {
    const short = prepared(by('qr'));
    const long = prepared(by('qr', { expiresAt: after(300) }));
    const content = 'https://qr.alipay.com/bax1';
    expect(qrAction(content, short, REQUESTED_AT)).toEqual({
      type: 'qr',
      content,
      validUntil: after(15),
    });
    expect(qrAction(content, long, REQUESTED_AT).validUntil).toEqual(after(120));
  });
});

describe('a trade', () => {
  const asked = prepared(by('qr'));
  const paid: AlipayTrade = {
    trade_no: '2026112422001400000000000001',
    out_trade_no: '01KQ0000000000000000000000',
    trade_status: 'TRADE_SUCCESS',
    total_amount: '128.00',
    send_pay_date: '2026-11-24 16:02:00',
  };
  const succeeded = {
    kind: 'succeeded',
    providerRef: paid.trade_no,
    instrument: 'alipay',
    amount: money(12_800n, 'CNY'),
    paidAt: new Date('2026-11-24T08:02:00.000Z'),
  };

  it.each<[status: string, report: object]>([
    ['TRADE_SUCCESS', succeeded],
    ['TRADE_FINISHED', succeeded],
    ['WAIT_BUYER_PAY', { kind: 'awaiting_payer' }],
    ['TRADE_CLOSED', { kind: 'closed', reason: 'expired' }],
    ['TRADE_PENDING', { kind: 'unknown', cause: 'state_unknown' }],
    ['', { kind: 'unknown', cause: 'state_unknown' }],
  ])('in %s is reported as it is', (trade_status, report) => {
    expect(toAttemptReport({ ...paid, trade_status }, asked)).toEqual(report);
  });

  it('that does not say whose app paid was paid by the one that was asked for', () => {
    const inStore = prepared(
      anAttempt({
        method: { provider: 'alipay', instrument: 'cloud_quickpass', presentation: 'barcode' },
      }),
    );
    const report = toAttemptReport(paid, inStore);
    expect(report).toEqual({ ...succeeded, instrument: 'cloud_quickpass' });
    const said = { ...paid, fund_bill_list: [{ fund_channel: 'ALIPAYACCOUNT' }] };
    expect(toAttemptReport(said, inStore)).toEqual(succeeded);
  });

  it('in TRADE_CLOSED of which we know that it was paid was refunded since, and stays paid', () => {
    const taken: Paid = {
      providerRef: providerRef(paid.trade_no),
      instrument: 'cloud_quickpass',
      amount: succeeded.amount,
      paidAt: succeeded.paidAt,
    };
    expect(toAttemptReport({ ...paid, trade_status: 'TRADE_CLOSED' }, asked, taken)).toEqual({
      kind: 'succeeded',
      ...taken,
    });
    expect(toAttemptReport(paid, asked, taken)).toEqual(succeeded);
  });

  it.each<[what: string, said: Partial<AlipayTrade>]>([
    ['an amount', { total_amount: '' }],
    ['a time', { send_pay_date: '' }],
    ['a number that we can keep', { trade_no: '2026 1124' }],
  ])('that is paid without %s is asked for again', (_, said) => {
    expect(toAttemptReport({ ...paid, ...said }, asked)).toEqual({
      kind: 'unknown',
      cause: 'paid_without_details',
    });
  });
});
