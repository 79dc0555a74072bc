import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Channel, Method } from '@hutong/domain-events';
import { formOf } from '@hutong/form';
import type { Prepared, RequestedAttempt, SealedFields } from '@hutong/gateway';
import { money } from '@hutong/money';
import { after, anAttemptRequested, QUICKPASS_APP, REQUESTED_AT } from '@hutong/testing';
import { appAction, describedBy, kindOfPrepared, toOrder } from './unionpay.mapping.js';
import { CODE } from './sealing-keys.examples.js';

const account = {
  merId: '777290058110048',
  terminalId: '49000002',
  notifyUrl: 'https://pay.example/notifications/taobao',
};
const backAt = 'https://pay.example/front/01KQ/return';
const anAttempt = (said: Partial<RequestedAttempt> = {}): RequestedAttempt => ({
  ...anAttemptRequested({ description: '龙井茶 250 g', method: QUICKPASS_APP }),
  account: 'taobao',
  ...said,
});
const by = (said: Partial<Method>, more: Partial<RequestedAttempt> = {}) =>
  anAttempt({ method: { ...QUICKPASS_APP, ...said }, ...more });
const fieldsOf = ({ body }: Pick<Prepared, 'body'>) => formOf(body) ?? {};
const made = (attempt: RequestedAttempt, payer: SealedFields = { code: CODE }, of = account) =>
  toOrder(attempt, of, { at: REQUESTED_AT, payer, backAt });
const prepared = (attempt: RequestedAttempt): Prepared => {
  const order = made(attempt);
  if (!order.ok) throw new Error(order.refusal.code);
  return order.value;
};

describe('an attempt in UnionPay’s words', () => {
  type Kind = Readonly<{
    presentation: Method['presentation'];
    channel: Channel;
    kind: string;
    part: Readonly<Record<string, string>>;
  }>;
  const page = { txnSubType: '01', bizType: '000201', frontUrl: backAt };
  const app = { txnSubType: '01', bizType: '000201', channelType: '08' };
  it.each<Kind>([
    {
      presentation: 'redirect',
      channel: 'web',
      kind: 'page',
      part: { ...page, channelType: '07' },
    },
    {
      presentation: 'redirect',
      channel: 'app',
      kind: 'page',
      part: { ...page, channelType: '08' },
    },
    { presentation: 'app', channel: 'app', kind: 'app', part: app },
    { presentation: 'mini_program', channel: 'mini_program', kind: 'app', part: app },
    {
      presentation: 'qr',
      channel: 'web',
      kind: 'qr',
      part: { txnSubType: '07', bizType: '000000', channelType: '08' },
    },
    {
      presentation: 'barcode',
      channel: 'in_store',
      kind: 'barcode',
      part: {
        txnSubType: '06',
        bizType: '000000',
        channelType: '08',
        qrNo: CODE,
        termId: account.terminalId,
      },
    },
  ])('is for $presentation in $channel a $kind, and no more', (row) => {
    const attempt = by({ presentation: row.presentation }, { channel: row.channel });
    const order = prepared(attempt);
    const { bizType, channelType } = row.part;
    expect(kindOfPrepared(order)).toBe(row.kind);
    expect(fieldsOf(order)).toEqual({
      version: '5.1.0',
      encoding: 'UTF-8',
      signMethod: '01',
      accessType: '0',
      txnType: '01',
      merId: account.merId,
      orderId: attempt.attemptId,
      txnTime: '20261124160000',
      txnAmt: '12800',
      currencyCode: '156',
      backUrl: account.notifyUrl,
      payTimeout: '20261124161500',
      orderDesc: '龙井茶 250 g',
      ...row.part,
    });
    const { form, ...fields } = order.fields;
    expect(fields).toEqual({
      merId: account.merId,
      txnTime: '20261124160000',
      presentation: row.presentation,
      instrument: 'cloud_quickpass',
      bizType,
      channelType,
    });
    expect(form === undefined).toBe(row.kind !== 'page');
    expect(order.expiresAt).toEqual(after(15));
  });

  it('keeps what a browser is to send, and nothing of its payer', () => {
    const order = made(by({ presentation: 'redirect' }), {
      code: CODE,
      openid: 'o-1',
      clientIp: '203.0.113.7',
    });
    const { form = '' } = order.ok ? order.value.fields : {};
    expect(order.ok && fieldsOf(order.value)).toEqual(fieldsOf({ body: Buffer.from(form) }));
    expect(JSON.stringify(order.ok && order.value.fields)).not.toMatch(/62123|o-1|203\.0/);
    const shop = prepared(by({ presentation: 'barcode' }));
    expect(JSON.stringify(shop.fields)).not.toContain(CODE);
  });

  it.each<[presentation: Method['presentation'], bank: string | undefined]>([
    ['app', '0105'],
    ['redirect', '0105'],
    ['qr', undefined],
    ['barcode', undefined],
  ])('by a bank’s app and %s names bank %p', (presentation, bank) => {
    const order = prepared(by({ instrument: 'bank_app:0105', presentation }));
    expect(fieldsOf(order)['issInsCode']).toBe(bank);
  });

  it('expects the app that was asked for, and at a till the one whose code it is', () => {
    const expected = (said: Partial<Method>, payer: SealedFields = { code: CODE }) => {
      const order = made(by(said), payer);
      return order.ok && order.value.fields['instrument'];
    };
    const alipays = { code: '2812345678901234561' };
    expect(expected({ instrument: 'bank_app:0105', presentation: 'app' })).toBe('bank_app:0105');
    expect(expected({ instrument: 'bank_app:0105', presentation: 'app' }, alipays)).toBe(
      'bank_app:0105',
    );
    expect(expected({ presentation: 'barcode' }, alipays)).toBe('alipay');
  });

  type Refused = Readonly<{ said: Partial<Method>; code: string | undefined }>;
  it.each<Refused>([
    { said: { presentation: 'link' }, code: 'method_unsupported' },
    { said: { provider: 'alipay' }, code: 'method_unsupported' },
    { said: { instrument: 'wechat_pay' }, code: 'method_unsupported' },
    { said: { instrument: 'alipay', presentation: 'app' }, code: 'method_unsupported' },
    { said: { instrument: 'alipay', presentation: 'mini_program' }, code: 'method_unsupported' },
    {
      said: { instrument: 'bank_app:0105', presentation: 'mini_program' },
      code: 'method_unsupported',
    },
    { said: { instrument: 'alipay', presentation: 'qr' }, code: undefined },
    { said: { instrument: 'alipay', presentation: 'redirect' }, code: undefined },
    { said: { instrument: 'alipay', presentation: 'barcode' }, code: undefined },
  ])('by $said is refused as $code', ({ said, code }) => {
    const order = made(by(said));
    expect(order.ok ? undefined : order.refusal.code).toBe(code);
  });

  it('reads a payer’s code only with the code, and at a till', () => {
    const attempt = by({ presentation: 'barcode' });
    expect(made(attempt, {})).toEqual({ ok: false, refusal: { code: 'payer_missing' } });
    expect(
      toOrder(
        attempt,
        { ...account, terminalId: undefined },
        { at: REQUESTED_AT, payer: { code: CODE }, backAt },
      ),
    ).toEqual({
      ok: false,
      refusal: { code: 'method_unsupported' },
    });
  });

  it.each<[fen: bigint, txnAmt: string | undefined]>([
    [0n, undefined],
    [1n, '1'],
    [999_999_999_999n, '999999999999'],
    [1_000_000_000_000n, undefined],
  ])('of %p fen asks for %p', (fen, txnAmt) => {
    const order = made(anAttempt({ amount: money(fen, 'CNY') }));
    expect(order.ok ? fieldsOf(order.value)['txnAmt'] : undefined).toBe(txnAmt);
    if (!order.ok) expect(order.refusal).toEqual({ code: 'amount_unsupported' });
  });

  it('takes Chinese yuan alone', () => {
    expect(made(anAttempt({ amount: money(1n, 'HKD') })).ok).toBe(false);
  });

  it.each<[what: string, minutes: number, payTimeout: string]>([
    ['one that is over lives as short as can be', -1, '20261124160100'],
    ['another lives as long as its payment', 2, '20261124160200'],
    ['a long one too', 7 * 24 * 60, '20261201160000'],
  ])('%s', (_, minutes, payTimeout) => {
    const order = prepared(anAttempt({ expiresAt: after(minutes) }));
    expect(fieldsOf(order)['payTimeout']).toBe(payTimeout);
  });

  it('never ends before its payment, though the wire has whole seconds', () => {
    const expiresAt = new Date(after(15).getTime() + 1);
    const order = prepared(anAttempt({ expiresAt }));
    expect(order.expiresAt).toEqual(new Date(after(15).getTime() + 1_000));
    expect(fieldsOf(order)['payTimeout']).toBe('20261124161501');
  });

  it('is the same bytes for the same attempt at the same time', () => {
    const attempt = by({ presentation: 'barcode' });
    expect(prepared(attempt).body).toEqual(prepared(attempt).body);
  });
});

describe('what is bought', () => {
  it('is named as far as it fits, without what ends a pair', () => {
    expect(describedBy('龙井茶 250 g')).toBe('龙井茶 250 g');
    expect(describedBy('{a=1&b=[2]}')).toBe('a 1 b  2');
    expect(describedBy('龙井茶龙井茶龙井茶龙井茶')).toBe('龙井茶龙井茶龙井茶龙');
    expect(describedBy(' \n ')).toBe('');
  });

  it('is never half a character, nor too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (description) => {
        const text = describedBy(description);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32);
        expect(text).not.toMatch(/[&{}[\]=\p{Cc}]/u);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('what an app is started with', () => {
  const tn = '826112416000000000017';

  it('is its order, and against which systems', () => {
    expect(appAction(tn, prepared(by({ presentation: 'app' })), '01')).toEqual({
      type: 'app',
      parameters: { tn, mode: '01' },
      validUntil: after(15),
    });
  });

  it('is handed to a mini program as it is', () => {
    expect(appAction(tn, prepared(by({ presentation: 'mini_program' })), '00')).toEqual({
      type: 'mini_program',
      parameters: { tn },
      validUntil: after(15),
    });
  });
});
