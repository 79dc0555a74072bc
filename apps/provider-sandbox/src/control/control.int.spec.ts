import { createPublicKey, createPrivateKey } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aNumber, Merchant } from '../merchant.examples.js';
import { startWorld, type World } from '../world.examples.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('the credentials', () => {
  it('are everything that a gateway of each platform needs', () => {
    for (const [account, mchid] of [
      [world.taobao, '1900000001'],
      [world.jd, '1900000002'],
    ] as const) {
      expect(account).toMatchObject({
        mchid,
        platform: account.account,
        appid: expect.stringMatching(/^wx[0-9a-f]{16}$/),
        certificateSerial: expect.stringMatching(/^[0-9A-F]{40}$/),
        apiV3Key: expect.stringMatching(/^\w{32}$/),
        publicKeyId: expect.stringMatching(/^PUB_KEY_ID_\d+$/),
        privateKeyPem: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
        publicKeyPem: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/),
      });
      expect(createPrivateKey(account.privateKeyPem).asymmetricKeyDetails).toMatchObject({
        modulusLength: 2048,
      });
      expect(createPublicKey(account.publicKeyPem).asymmetricKeyType).toBe('rsa');
    }
    expect(world.taobao.apiV3Key).not.toBe(world.jd.apiV3Key);
  });

  it.each([
    '/credentials/wechat',
    '/credentials/alipay',
    '/control/alipay/orders',
    '/control/wechat/orders',
    '/control/faults',
    '/control/clock',
  ])('and control are not for a page of another name: %s', async (path) => {
    expect(await statusFor(path, 'rebound.example:3100')).toBe(403);
    expect(await statusFor(path, 'localhost:3100')).toBe(200);
  });

  it('do not keep the payer page from anybody', async () => {
    expect(await statusFor('/', 'sandbox.example')).toBe(200);
  });
});

describe('the books', () => {
  it('list every order in the order of its making, or the one that is asked for', async () => {
    const merchant = new Merchant(world.wechatPort, world.taobao);
    const [first, second] = [aNumber(), aNumber()];
    await merchant.native(first);
    await merchant.native(second);
    const all = await world.control('GET', '/control/wechat/orders');
    expect(all.json).toMatchObject([{ outTradeNo: first }, { outTradeNo: second }]);
    const one = await world.control('GET', `/control/wechat/orders?outTradeNo=${second}`);
    expect(one.json).toEqual([
      {
        account: 'taobao',
        mchid: '1900000001',
        outTradeNo: second,
        tradeType: 'NATIVE',
        description: '龙井茶 250 g',
        state: 'NOTPAY',
        amount: { currency: 'CNY', minor: '12800' },
        createdAt: expect.stringMatching(/Z$/),
        declines: 0,
        codeUrl: expect.stringMatching(/^weixin:/),
        notifications: [],
      },
    ]);
  });
});

describe('a wrong word to the control API', () => {
  const fault = { provider: 'wechat', call: 'create', fault: 'delay' };
  it.each<[string, object, number, string]>([
    ['/control/wechat/pay', {}, 400, 'which_order'],
    ['/control/wechat/pay', { codeUrl: 'a', outTradeNo: 'b' }, 400, 'which_order'],
    ['/control/wechat/pay', { codeUrl: 'weixin://none' }, 404, 'order_not_found'],
    ['/control/wechat/pay', { outTradeNo: 'none' }, 404, 'order_not_found'],
    ['/control/wechat/pay', { outTradeNo: 'none', amount: 1 }, 400, 'invalid_request'],
    ['/control/wechat/decline', { codeUrl: 'weixin://none' }, 404, 'order_not_found'],
    ['/control/wechat/notifications', { outTradeNo: 'none' }, 404, 'order_not_found'],
    ['/control/faults', { ...fault, provider: 'paypal' }, 422, 'provider_unknown'],
    ['/control/faults', { ...fault, call: 'transfer' }, 422, 'call_unknown'],
    ['/control/faults', { ...fault, fault: 'success_after_close' }, 422, 'fault_unknown'],
    ['/control/faults', { ...fault, fault: 'refuse' }, 422, 'error_code_unknown'],
    ['/control/faults', { ...fault, times: 0 }, 400, 'invalid_request'],
    ['/control/clock', { scale: 0 }, 400, 'invalid_request'],
    ['/control/clock', { advanceMs: -1 }, 400, 'invalid_request'],
  ])('%s %j is answered %i %s', async (path, body, status, code) => {
    expect(await world.control('POST', path, body)).toMatchObject({ status, json: { code } });
  });

  it('is told what is known', async () => {
    const { json } = await world.control('POST', '/control/faults', { ...fault, fault: 'x' });
    expect(json).toMatchObject({ known: expect.arrayContaining(['drop_answer']) });
  });

  it('is refused as a form, which any page could send', async () => {
    const answer = await fetch(`${world.controlUrl}/control/clock`, {
      method: 'POST',
      body: new URLSearchParams({ scale: '2' }),
    });
    expect(answer.status).toBe(415);
    expect((await world.control('GET', '/control/clock')).json).toMatchObject({ scale: 1 });
  });
});

describe('armed faults', () => {
  it('are listed until they are cleared', async () => {
    await world.arm('query', 'delay', { delayMs: 5, times: 3 });
    expect((await world.control('GET', '/control/faults')).json).toMatchObject([
      { provider: 'wechat', call: 'query', fault: 'delay', delayMs: 5, times: 3 },
    ]);
    expect((await world.control('DELETE', '/control/faults')).status).toBe(204);
    expect((await world.control('GET', '/control/faults')).json).toEqual([]);
  });
});

/** With a Host header of the caller's choice, which fetch does not allow. */
const statusFor = (path: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sending = request(`${world.controlUrl}${path}`, { headers: { host } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sending.on('error', reject).end();
  });
