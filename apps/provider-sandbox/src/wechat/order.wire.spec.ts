import { describe, expect, it } from '@jest/globals';
import { H5OrderWire, JsapiOrderWire, NativeOrderWire } from './order.wire.js';
import { readBody } from './request-body.wire.js';

const order = {
  appid: 'wx0000000000000001',
  mchid: '1900000001',
  description: 'tea',
  out_trade_no: '01JD0000000000000000000001',
  time_expire: '2026-11-24T16:15:00+08:00',
  notify_url: 'http://127.0.0.1:3011/notifications/taobao',
  amount: { total: 12_800, currency: 'CNY' },
};
const read = (body: unknown) => readBody(NativeOrderWire, Buffer.from(JSON.stringify(body)));

const h5 = { scene_info: { payer_client_ip: '::1', h5_info: { type: 'Wap' } } };

describe('an order of a type', () => {
  it.each([
    ['JSAPI with its payer', JsapiOrderWire, { payer: { openid: 'o' } }],
    ['H5 with where it is paid', H5OrderWire, h5],
  ])('%s is read', (_, shape, more) => {
    const body = Buffer.from(JSON.stringify({ ...order, ...more }));
    expect(readBody<object>(shape, body)).toMatchObject({ ok: true });
  });

  it.each([
    ['JSAPI without payer', JsapiOrderWire, {}, '/payer'],
    ['JSAPI with nobody', JsapiOrderWire, { payer: { openid: '' } }, '/payer/openid'],
    ['H5 without scene', H5OrderWire, {}, '/scene_info'],
    [
      'H5 without address',
      H5OrderWire,
      { scene_info: { h5_info: { type: 'iOS' } } },
      '/scene_info/payer_client_ip',
    ],
    [
      'H5 on something else',
      H5OrderWire,
      { scene_info: { payer_client_ip: '::1', h5_info: { type: 'Windows' } } },
      '/scene_info/h5_info/type',
    ],
    ['H5 with a payer', H5OrderWire, { ...h5, payer: { openid: 'o' } }, '/payer'],
  ])('%s is refused', (_, shape, more, field) => {
    const body = Buffer.from(JSON.stringify({ ...order, ...more }));
    expect(readBody<object>(shape, body)).toMatchObject({ refusal: { detail: { field } } });
  });
});

describe('a Native order', () => {
  it.each([
    ['as the gateway sends it', {}],
    ['without time_expire', { time_expire: undefined }],
    ['without currency', { amount: { total: 1 } }],
    ['with the longest description', { description: '茶'.repeat(127) }],
    ['with the shortest number', { out_trade_no: '-_|*aZ' }],
    [
      'with everything',
      {
        attach: 'a',
        goods_tag: 'g',
        support_fapiao: true,
        limit_pay: ['no_credit'],
        detail: { cost_price: 1 },
        scene_info: { payer_client_ip: '127.0.0.1', device_id: 'd', store_info: { id: '1' } },
        settle_info: { profit_sharing: false },
      },
    ],
  ])('is read %s', (_, change) => {
    expect(read({ ...order, ...change })).toMatchObject({ ok: true });
  });

  it.each([
    ['no appid', { appid: undefined }, '/appid'],
    ['a long appid', { appid: 'w'.repeat(33) }, '/appid'],
    ['an mchid that is a number', { mchid: 1_900_000_001 }, '/mchid'],
    ['an empty description', { description: '' }, '/description'],
    ['a long description', { description: 'a'.repeat(128) }, '/description'],
    ['a short number', { out_trade_no: '12345' }, '/out_trade_no'],
    ['a long number', { out_trade_no: '1'.repeat(33) }, '/out_trade_no'],
    ['a number with a space', { out_trade_no: '12345 7' }, '/out_trade_no'],
    ['a time without offset', { time_expire: '2026-11-24T16:15:00' }, '/time_expire'],
    ['a long attach', { attach: 'a'.repeat(129) }, '/attach'],
    ['a relative notify_url', { notify_url: '/notifications' }, '/notify_url'],
    ['a notify_url with a query', { notify_url: 'https://a.example/n?x=1' }, '/notify_url'],
    ['a notify_url with a password', { notify_url: 'https://u:p@a.example/n' }, '/notify_url'],
    ['a long notify_url', { notify_url: `https://a.example/${'n'.repeat(240)}` }, '/notify_url'],
    ['no amount', { amount: undefined }, '/amount'],
    ['nothing to pay', { amount: { total: 0 } }, '/amount/total'],
    ['half a fen', { amount: { total: 0.5 } }, '/amount/total'],
    ['fen as text', { amount: { total: '1' } }, '/amount/total'],
    ['another currency', { amount: { total: 1, currency: 'USD' } }, '/amount/currency'],
    ['a payer, who belongs to JSAPI', { payer: { openid: 'o' } }, '/payer'],
    ['an unknown limit', { limit_pay: ['no_cash'] }, '/limit_pay'],
    ['a scene without address', { scene_info: {} }, '/scene_info/payer_client_ip'],
  ])('is refused with %s', (_, change, field) => {
    expect(read({ ...order, ...change })).toMatchObject({
      refusal: { status: 400, code: 'PARAM_ERROR', detail: { field, location: 'body' } },
    });
  });

  it.each(['', 'null', '[]', '"text"', '{', '{"a":"\u0000'])('is refused as %j', (text) => {
    expect(readBody(NativeOrderWire, Buffer.from(text))).toMatchObject({
      refusal: { code: 'PARAM_ERROR' },
    });
  });

  it('is refused in bytes that are not UTF-8', () => {
    const bytes = Buffer.from(JSON.stringify({ ...order, description: 'x' }), 'utf8');
    bytes[bytes.indexOf('"x"') + 1] = 0xff;
    expect(readBody(NativeOrderWire, bytes)).toMatchObject({ refusal: { code: 'PARAM_ERROR' } });
  });

  it('asks the same whatever the order of its fields, and not the same with another value', () => {
    const askedOf = (body: object) => {
      const result = read(body);
      if (!result.ok) throw new Error('refused');
      return result.value.asked;
    };
    const backwards = Object.fromEntries(Object.entries(order).reverse());
    expect(askedOf({ ...backwards, amount: { currency: 'CNY', total: 12_800 } })).toBe(
      askedOf(order),
    );
    expect(askedOf({ ...order, attach: '' })).not.toBe(askedOf(order));
  });
});
