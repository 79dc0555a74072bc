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
const openid = 'o-buyer';
const needed = {
  app: {},
  jsapi: { payer: { openid } },
  h5: { scene_info: { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } } },
};
const made = async (type: keyof typeof needed) => {
  const number = aNumber();
  const created = await merchant.create(type, number, needed[type]);
  expect(created.status).toBe(200);
  expect(merchant.verifies(created)).toBe(true);
  return { number, answer: jsonOf(created) };
};
const PREPAY_ID = /^wx\d{14}[0-9a-f]{20}$/;

describe('an order for', () => {
  it('an app is paid with parameters that its merchant signed', async () => {
    const { number, answer } = await made('app');
    expect(answer).toEqual({ prepay_id: expect.stringMatching(PREPAY_ID) });
    const parameters = merchant.appParameters(String(answer['prepay_id']));
    expect(await pay({ parameters: { ...parameters, noncestr: 'other' } })).toMatchObject({
      status: 422,
      json: { code: 'sign_wrong' },
    });
    expect(await pay({ parameters })).toMatchObject({ status: 200, json: { state: 'SUCCESS' } });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_type: 'APP' });
  });

  it('a mini program is paid by the user that it named, and by nobody else', async () => {
    const { number, answer } = await made('jsapi');
    const parameters = merchant.miniProgramParameters(String(answer['prepay_id']));
    expect(await pay({ parameters, openid: 'o-other' })).toMatchObject({
      status: 409,
      json: { code: 'order_of_another_payer' },
    });
    expect(await pay({ parameters })).toMatchObject({ status: 200, json: { openid } });
    const paid = jsonOf(await merchant.query(number));
    expect(paid).toMatchObject({ trade_type: 'JSAPI', payer: { openid } });
  });

  it('a browser is paid at its address, for five minutes', async () => {
    const { number, answer } = await made('h5');
    const h5Url = String(answer['h5_url']);
    expect(h5Url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/h5\?prepay_id=wx\w+&package=\d+$/);
    expect((await fetch(h5Url)).status).toBe(200);
    expect(await pay({ h5Url })).toMatchObject({ status: 200 });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_type: 'MWEB' });

    const second = await made('h5');
    await world.control('POST', '/control/clock', { advanceMs: 300_000 });
    expect(await pay({ h5Url: second.answer['h5_url'] })).toMatchObject({
      json: { code: 'code_dead' },
    });
  });

  it.each([
    ['jsapi', {}, '/payer'],
    ['h5', {}, '/scene_info'],
    ['app', { payer: { openid } }, '/payer'],
  ])('%s with %j is refused for %s', async (type, over, field) => {
    const answer = await merchant.create(type, aNumber(), over);
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ code: 'PARAM_ERROR', detail: { field } });
  });

  it('one way cannot be asked for again in another', async () => {
    const { number } = await made('app');
    expect(jsonOf(await merchant.native(number))).toMatchObject({ code: 'OUT_TRADE_NO_USED' });
  });

  it('anything is bound to the first who opens its cashier', async () => {
    const number = aNumber();
    const codeUrl = await merchant.codeOf(number);
    const opened = { codeUrl, openid: 'o-first' };
    expect(await world.control('POST', '/control/wechat/open', opened)).toMatchObject({
      status: 200,
      json: { state: 'NOTPAY', boundTo: 'o-first', declines: 0 },
    });
    expect(await pay({ codeUrl, openid: 'o-second' })).toMatchObject({ status: 409 });
    expect(await pay({ codeUrl })).toMatchObject({ status: 200, json: { openid: 'o-first' } });
  });
});
