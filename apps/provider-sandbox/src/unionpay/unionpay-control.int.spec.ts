import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from '../world.examples.js';
import type { UnionpayCredentials } from './unionpay-accounts.adapter.js';
import { aNumber, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';

let world: World;
let merchant: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = await UnionpayMerchant.of(world);
});
afterAll(() => world[Symbol.asyncDispose]());

/** With a Host header of the caller's choice, which fetch does not allow. */
const statusFor = (path: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`${world.controlUrl}${path}`, { headers: { host } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });

describe('the credentials', () => {
  it('are everything that a gateway of each platform needs, and belong together', async () => {
    const { json } = await world.control('GET', '/credentials/unionpay');
    const accounts = json as UnionpayCredentials[];
    expect(accounts).toMatchObject([
      { account: 'taobao', platform: 'taobao', merId: '777290058110048' },
      { account: 'jd', platform: 'jd', merId: '777290058110049' },
    ]);
    for (const { privateKeyPem, certificatePem, certId, middlePem, rootPem } of accounts) {
      const certificate = new X509Certificate(certificatePem);
      const [middle, root] = [new X509Certificate(middlePem), new X509Certificate(rootPem)];
      const ownKey = createPublicKey(createPrivateKey(privateKeyPem));
      expect(certificate.publicKey.equals(ownKey)).toBe(true);
      expect(certId).toBe(BigInt(`0x${certificate.serialNumber}`).toString());
      expect(certificate.verify(middle.publicKey) && middle.verify(root.publicKey)).toBe(true);
      expect([middle.ca, root.ca, certificate.ca]).toEqual([true, true, false]);
    }
    expect(accounts[0]?.certId).not.toBe(accounts[1]?.certId);
  });

  it.each(['/credentials/unionpay', '/control/unionpay/orders', '/control/unionpay/totals'])(
    'and control are not for a page of another name: %s',
    async (path) => {
      expect(await statusFor(path, 'rebound.example:3100')).toBe(403);
      expect(await statusFor(path, 'localhost:3100')).toBe(200);
    },
  );
});

it('has every order in its books, or the one that is asked for', async () => {
  const [first, second] = [aNumber(), aNumber()];
  const txnTime = timeIn(0);
  await merchant.app(first, { txnTime });
  await merchant.qr(second, { txnTime });
  const all = await world.control('GET', '/control/unionpay/orders');
  expect(all.json).toMatchObject([{ orderId: first }, { orderId: second }]);
  const one = await world.control('GET', `/control/unionpay/orders?orderId=${second}`);
  expect(one.json).toEqual([
    {
      account: 'taobao',
      merId: merchant.account.merId,
      orderId: second,
      txnTime,
      way: 'qr',
      state: 'open',
      amount: { currency: 'CNY', minor: '12800' },
      createdAt: expect.stringMatching(/Z$/),
      qrCode: expect.stringMatching(/^https:/),
      notifications: [],
    },
  ]);
});

describe('a wrong word to the control API', () => {
  const nobody = { orderId: 'NOBODY00' };
  it.each<[string, object, number, string]>([
    ['pay', {}, 400, 'which_order'],
    ['pay', { ...nobody, tn: '8'.repeat(21) }, 400, 'which_order'],
    ['pay', { tn: '8'.repeat(21) }, 404, 'order_not_found'],
    ['pay', nobody, 404, 'order_not_found'],
    ['pay', { ...nobody, amount: 1 }, 400, 'invalid_request'],
    ['pay', { ...nobody, wallet: 'wechat_pay' }, 422, 'wallet_not_accepted'],
    ['pay', { ...nobody, wallet: 'bank_app' }, 422, 'wallet_not_accepted'],
    ['decline', { ...nobody, code: 'XX' }, 422, 'error_code_unknown'],
    ['open', nobody, 404, 'order_not_found'],
    ['codes', { wallet: 'paypal' }, 422, 'wallet_not_accepted'],
    ['interoperability', { account: 'nobody', takesAlipay: true }, 404, 'account_not_found'],
    ['withdraw', { account: 'nobody' }, 404, 'account_not_found'],
    ['refunds', { ...nobody, code: '00' }, 404, 'refund_not_found'],
    ['notifications', nobody, 409, 'order_not_paid'],
  ])('%s %j is answered %i %s', async (path, body, status, code) => {
    const answer = await world.control('POST', `/control/unionpay/${path}`, body);
    expect(answer).toMatchObject({ status, json: { code } });
  });
});
