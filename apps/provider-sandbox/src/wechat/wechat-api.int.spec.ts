import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aNumber, jsonOf, Merchant } from '../merchant.examples.js';
import { startWorld, type World } from '../world.examples.js';

let world: World;
let merchant: Merchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = new Merchant(world.wechatPort, world.taobao);
});
afterAll(() => world[Symbol.asyncDispose]());

const pay = (body: object) => world.control('POST', '/control/wechat/pay', body);

describe('an order at WeChat', () => {
  it('is created, waits, is paid and is found paid by both its numbers', async () => {
    const number = aNumber();
    const created = await merchant.native(number, { attach: 'a' });
    expect(created).toMatchObject({ status: 200 });
    expect(merchant.verifies(created)).toBe(true);
    const codeUrl = String(jsonOf(created)['code_url']);
    expect(codeUrl).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=[0-9a-f]{20}$/);

    const waiting = await merchant.query(number);
    expect(merchant.verifies(waiting)).toBe(true);
    expect(jsonOf(waiting)).toEqual({
      mchid: world.taobao.mchid,
      appid: world.taobao.appid,
      out_trade_no: number,
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
      attach: 'a',
      amount: { total: 12_800, currency: 'CNY' },
      payer: {},
      promotion_detail: [],
    });

    expect(await pay({ codeUrl, openid: 'o-payer' })).toMatchObject({
      status: 200,
      json: {
        outTradeNo: number,
        state: 'SUCCESS',
        amount: { currency: 'CNY', minor: '12800' },
        late: false,
      },
    });
    const paid = await merchant.query(number);
    expect(merchant.verifies(paid)).toBe(true);
    expect(jsonOf(paid)).toMatchObject({
      trade_state: 'SUCCESS',
      trade_type: 'NATIVE',
      transaction_id: expect.stringMatching(/^42000\d{23}$/),
      success_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/),
      payer: { openid: 'o-payer' },
      amount: { total: 12_800, payer_total: 12_800, currency: 'CNY', payer_currency: 'CNY' },
    });
    const byTransaction = await merchant.queryTransaction(String(jsonOf(paid)['transaction_id']));
    expect(jsonOf(byTransaction)).toEqual(jsonOf(paid));
  });

  it('asked for again with the same words gets a fresh code, and the old one is dead', async () => {
    const number = aNumber();
    const first = await merchant.codeOf(number);
    const second = await merchant.codeOf(number);
    expect(second).not.toBe(first);
    expect(await pay({ codeUrl: first })).toMatchObject({
      status: 409,
      json: { code: 'code_dead' },
    });
    expect(await pay({ codeUrl: second })).toMatchObject({ status: 200 });
  });

  it('asked for again with other words is refused', async () => {
    const number = aNumber();
    await merchant.native(number);
    const again = await merchant.native(number, { amount: { total: 12_801, currency: 'CNY' } });
    expect(again.status).toBe(403);
    expect(jsonOf(again)).toMatchObject({ code: 'OUT_TRADE_NO_USED' });
    expect(again.headers['request-id']).toMatch(/-268498688$/);
  });

  it('is not made again or closed once it is paid', async () => {
    const number = aNumber();
    await merchant.native(number);
    await pay({ outTradeNo: number });
    for (const answer of [await merchant.native(number), await merchant.close(number)]) {
      expect(answer.status).toBe(400);
      expect(jsonOf(answer)).toMatchObject({ code: 'ORDERPAID' });
    }
  });

  it('is closed as often as one likes, with a signature over nothing, and not paid any more', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number);
    for (const closed of [await merchant.close(number), await merchant.close(number)]) {
      expect(closed).toMatchObject({ status: 204, body: '' });
      expect(merchant.verifies(closed)).toBe(true);
    }
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_state: 'CLOSED' });
    expect(jsonOf(await merchant.native(number))).toMatchObject({ code: 'ORDER_CLOSED' });
    expect(await pay({ codeUrl })).toMatchObject({ status: 409, json: { code: 'order_closed' } });
    expect(await pay({ outTradeNo: number, late: true })).toMatchObject({
      status: 200,
      json: { state: 'SUCCESS', late: true },
    });
  });

  it('stays payable when its payer declines, for that payer alone', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number);
    await world.control('POST', '/control/wechat/decline', { codeUrl, openid: 'o-first' });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_state: 'NOTPAY' });
    expect(await pay({ codeUrl, openid: 'o-second' })).toMatchObject({
      status: 409,
      json: { code: 'order_of_another_payer' },
    });
    expect(await pay({ codeUrl, openid: 'o-first' })).toMatchObject({ status: 200 });
  });

  it('is not known before it was asked for, nor to another merchant', async () => {
    const number = aNumber();
    const jd = new Merchant(world.wechatPort, world.jd);
    await merchant.native(number);
    for (const answer of [await merchant.query(aNumber()), await jd.query(number)]) {
      expect(answer.status).toBe(404);
      expect(jsonOf(answer)).toMatchObject({ code: 'ORDER_NOT_EXIST' });
      expect(answer.headers).not.toHaveProperty('wechatpay-signature');
    }
    expect((await merchant.close(aNumber())).status).toBe(404);
    await pay({ outTradeNo: number });
    const { transactionId = '' } = await world.order(number);
    expect((await merchant.queryTransaction(transactionId)).status).toBe(200);
    expect((await jd.queryTransaction(transactionId)).status).toBe(404);
  });

  it('is one of each merchant that uses its number', async () => {
    const number = aNumber();
    const jd = new Merchant(world.wechatPort, world.jd);
    await merchant.native(number);
    await jd.native(number);
    expect(await pay({ outTradeNo: number })).toMatchObject({ status: 409 });
    expect(await pay({ outTradeNo: number, account: 'jd' })).toMatchObject({
      status: 200,
      json: { account: 'jd' },
    });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_state: 'NOTPAY' });
  });

  it('may carry a number that has to be encoded in paths', async () => {
    const number = `a|b*${aNumber().slice(8)}`;
    await merchant.native(number);
    const found = await merchant.query(encodeURIComponent(number));
    expect(jsonOf(found)).toMatchObject({ out_trade_no: number });
  });
});

describe('a request', () => {
  it('with an old clock is refused before its signature is looked at', async () => {
    const timestamp = Math.floor(Date.now() / 1_000) - 301;
    const answer = await merchant.native(aNumber(), {}, { timestamp, sentBody: '{}' });
    expect(answer.status).toBe(401);
    expect(jsonOf(answer)).toMatchObject({
      code: 'SIGN_ERROR',
      detail: { field: 'timestamp', location: 'authorization' },
    });
    expect(answer.headers).not.toHaveProperty('wechatpay-signature');
  });

  it.each([
    ['a body that was changed', { sentBody: '{"mchid": "1900000001"}' }, 'sign not match'],
    ['an unknown certificate', { serial: '0'.repeat(40) }, 'serial_no'],
    ['no Authorization', { headers: { authorization: undefined } }, 'missing'],
  ])('with %s changes nothing', async (_, asking, issue) => {
    const number = aNumber();
    await merchant.native(number);
    const answer = await merchant.close(number, asking);
    expect(answer.status).toBe(401);
    expect(jsonOf(answer)).toMatchObject({ message: expect.stringContaining(issue) });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_state: 'NOTPAY' });
  });

  it.each([
    ['without User-Agent', { 'user-agent': undefined }],
    ['without Accept', { accept: undefined }],
    ['that calls its JSON text', { 'content-type': 'text/plain' }],
    ['that wants an unknown key', { 'wechatpay-serial': 'PUB_KEY_ID_0' }],
  ])('%s is refused', async (_, headers) => {
    const answer = await merchant.native(aNumber(), {}, { headers });
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('that names no key is answered with the certificate', async () => {
    const answer = await merchant.native(aNumber(), {}, { answeredWith: null });
    expect(answer.status).toBe(200);
    expect(answer.headers['wechatpay-serial']).toMatch(/^[0-9A-F]{40}$/);
    expect(answer.headers).toHaveProperty('wechatpay-signature');
  });

  it.each([
    ["another merchant's number", { mchid: '1900000002' }, 'PARAM_ERROR'],
    ["another merchant's app", { appid: 'wx0000000000000000' }, 'APPID_MCHID_NOT_MATCH'],
    ['no amount', { amount: undefined }, 'PARAM_ERROR'],
    ['too little time', { time_expire: inMs(30_000) }, 'PARAM_ERROR'],
    ['too much time', { time_expire: inMs(8 * 86_400_000) }, 'PARAM_ERROR'],
  ])('with %s is refused', async (_, over, code) => {
    const answer = await merchant.native(aNumber(), over);
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ code });
  });

  it('for another merchant is refused when it asks or closes', async () => {
    const path = `/v3/pay/transactions/out-trade-no/${aNumber()}`;
    const asked = await merchant.send('GET', `${path}?mchid=1900000002`, '');
    const closing = await merchant.send('POST', `${path}/close`, '{"mchid":"1900000002"}');
    for (const answer of [asked, closing, await merchant.send('GET', path, '')]) {
      expect(answer.status).toBe(400);
      expect(jsonOf(answer)).toMatchObject({ code: 'PARAM_ERROR' });
    }
  });

  it.each([
    ['GET', '/v3/pay/transactions/native', 405],
    ['DELETE', '/v3/pay/transactions/out-trade-no/a', 405],
    ['GET', '/v3/pay/transactions/out-trade-no/a/close', 405],
    ['POST', '/v3/pay/transactions/nativ', 404],
    ['GET', '/', 404],
  ])('%s %s is answered %i and nothing else', async (method, path, status) => {
    expect(await merchant.send(method, path, '')).toMatchObject({ status, body: '' });
  });

  it('of more than 64 KiB is not read', async () => {
    const answer = await merchant.native(aNumber(), { detail: { x: 'x'.repeat(70_000) } });
    expect(answer.status).toBe(413);
  });

  it('is one of many at the same time on few connections', async () => {
    const numbers = Array.from({ length: 100 }, aNumber);
    const answers = await Promise.all(numbers.map((number) => merchant.native(number)));
    expect(answers.every((answer) => merchant.verifies(answer))).toBe(true);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(100);
    expect(new Set(answers.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(100);
  });
});

describe('time', () => {
  it('closes an order at its deadline, and an order made afterwards has its own', async () => {
    const [early, late] = [aNumber(), aNumber()];
    await merchant.native(early, { time_expire: inMs(600_000) });
    await world.control('POST', '/control/clock', { advanceMs: 600_000 });
    expect(jsonOf(await merchant.query(early))).toMatchObject({ trade_state: 'CLOSED' });
    expect(await world.order(early)).toMatchObject({ closedBecause: 'expired' });
    await merchant.native(late, { time_expire: inMs(600_000) });
    expect(jsonOf(await merchant.query(late))).toMatchObject({ trade_state: 'NOTPAY' });
  });

  it('lets a code die before its order', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number);
    await world.control('POST', '/control/clock', { advanceMs: 2 * 3_600_000 });
    expect(await pay({ codeUrl })).toMatchObject({ json: { code: 'code_dead' } });
    expect(await pay({ codeUrl: await merchant.codeOf(number) })).toMatchObject({ status: 200 });
  });
});

function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}
