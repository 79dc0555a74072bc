import { createPrivateKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';
import { AlipayMerchant, aNumber, stampIn } from './alipay-merchant.examples.js';

let world: World;
let receiver: Receiver;
let merchant: AlipayMerchant;

beforeAll(async () => {
  world = await startWorld();
  receiver = await startReceiver();
  receiver.answerWith(200);
  receiver.say('success');
  merchant = await AlipayMerchant.of(world, 'taobao', receiver.url);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

const pay = (body: object) => world.control('POST', '/control/alipay/pay', body);

const isSignedBy = (content: string, sign: string, key: KeyObject): boolean =>
  verify('sha256', Buffer.from(content), key, Buffer.from(sign, 'base64'));

const noticeOf = (outTradeNo: string) =>
  eventually(
    () => {
      const heard = receiver.heard.map(({ body }) => merchant.read(body));
      return heard.find(({ said }) => said['out_trade_no'] === outTradeNo);
    },
    { what: `a notice of ${outTradeNo}` },
  );

describe('an order at Alipay', () => {
  it('is precreated, exists once it is scanned, is paid and told', async () => {
    const number = aNumber();
    const created = await merchant.precreate(number);
    expect(created).toMatchObject({ status: 200, type: 'text/html;charset=utf-8' });
    expect(merchant.verifies(created)).toBe(true);
    expect(created.content).toContain('https:\\/\\/qr.alipay.com\\/');
    expect(created.node).toEqual({
      code: '10000',
      msg: 'Success',
      out_trade_no: number,
      qr_code: expect.stringMatching(/^https:\/\/qr\.alipay\.com\/bax\w+$/),
    });
    const before = await merchant.query(number);
    expect(before.node).toMatchObject({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' });
    expect(merchant.verifies(before)).toBe(true);

    const qrCode = created.node['qr_code'];
    await world.control('POST', '/control/alipay/open', { qrCode });
    const waiting = await merchant.query(number);
    expect(merchant.verifies(waiting)).toBe(true);
    expect(waiting.node).toMatchObject({
      code: '10000',
      trade_status: 'WAIT_BUYER_PAY',
      total_amount: '128.00',
      trade_no: expect.stringMatching(/^\d{28}$/),
    });

    expect(await pay({ qrCode })).toMatchObject({
      status: 200,
      json: { outTradeNo: number, state: 'TRADE_SUCCESS', wallet: 'alipay', late: false },
    });
    const paid = await merchant.query(number);
    expect(paid.node).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      trade_no: waiting.node['trade_no'],
      receipt_amount: '128.00',
      send_pay_date: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      fund_bill_list: [{ amount: '128.00', fund_channel: 'ALIPAYACCOUNT' }],
    });
    const { isAlipays, said } = await noticeOf(number);
    expect(isAlipays).toBe(true);
    expect(said).toMatchObject({
      notify_type: 'trade_status_sync',
      app_id: merchant.account.appId,
      seller_id: merchant.account.sellerId,
      trade_no: waiting.node['trade_no'],
      trade_status: 'TRADE_SUCCESS',
      total_amount: '128.00',
      subject: '龙井茶 + 250 g',
      fund_bill_list: '[{"amount":"128.00","fundChannel":"ALIPAYACCOUNT"}]',
    });
  });

  it.each(['page', 'wap'] as const)(
    'is opened by a %s address, and is no trade before',
    async (kind) => {
      const number = aNumber();
      const url = merchant.pageUrl(kind, number);
      expect((await merchant.query(number)).node).toMatchObject({
        sub_code: 'ACQ.TRADE_NOT_EXIST',
      });
      const browsed = await fetch(url, { redirect: 'manual' });
      expect(browsed.status).toBe(302);
      expect(browsed.headers.get('location')).toMatch(/\/alipay\/cashier\?trade_no=\d{28}$/);
      expect((await merchant.query(number)).node).toMatchObject({
        trade_status: 'WAIT_BUYER_PAY',
      });
      await pay({ url });
      expect((await merchant.query(number)).node).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
      expect((await noticeOf(number)).isAlipays).toBe(true);
    },
  );

  it('is opened by an app with what its merchant signed, and with nothing else', async () => {
    const number = aNumber();
    const forged = merchant.orderString(number, {}, { resaid: { notify_url: 'http://x/' } });
    expect(await pay({ orderString: forged })).toMatchObject({
      status: 422,
      json: { code: 'client_refuses', subCode: 'isv.invalid-signature' },
    });
    expect(await pay({ orderString: merchant.orderString(number) })).toMatchObject({
      status: 200,
      json: { outTradeNo: number, product: 'app', state: 'TRADE_SUCCESS' },
    });
  });

  it('is one of each merchant that uses its number, and known to no other by either number', async () => {
    const number = aNumber();
    const jd = await AlipayMerchant.of(world, 'jd');
    await pay({ qrCode: await merchant.codeOf(number) });
    const { trade_no } = (await merchant.query(number)).node;
    const unknown = { sub_code: 'ACQ.TRADE_NOT_EXIST' };
    expect((await jd.query(number)).node).toMatchObject(unknown);
    expect((await jd.call('trade.query', { trade_no })).node).toMatchObject(unknown);
    expect((await merchant.call('trade.query', { trade_no })).node).toMatchObject({
      out_trade_no: number,
    });
    await pay({ qrCode: await jd.codeOf(number) });
    expect(await pay({ outTradeNo: number })).toMatchObject({
      status: 409,
      json: { code: 'order_of_several_accounts' },
    });
    expect(await pay({ outTradeNo: number, account: 'jd' })).toMatchObject({
      json: { code: 'order_paid' },
    });
  });

  it('asked for again is the same with the same words, and refused with others', async () => {
    const number = aNumber();
    const first = await merchant.codeOf(number);
    expect(await merchant.codeOf(number)).toBe(first);
    await world.control('POST', '/control/alipay/open', { qrCode: first });
    const second = await merchant.codeOf(number);
    expect(await world.control('POST', '/control/alipay/open', { qrCode: second })).toMatchObject({
      json: { outTradeNo: number, state: 'WAIT_BUYER_PAY' },
    });
    const other = await merchant.precreate(number, { total_amount: '128.01' });
    expect(other.node).toMatchObject({ code: '40004', sub_code: 'ACQ.CONTEXT_INCONSISTENT' });
    await pay({ qrCode: first });
    expect((await merchant.precreate(number)).node).toMatchObject({
      sub_code: 'ACQ.TRADE_HAS_SUCCESS',
    });
  });
});

describe('words to hand on', () => {
  it('come beside the code where they are asked for, and open the same order', async () => {
    const number = aNumber();
    const { node } = await merchant.precreate(number, { code_type: 'share_code' });
    expect(node).toMatchObject({ share_code: expect.stringMatching(/^￥\w+￥$/) });
    expect(await pay({ shareCode: node['share_code'] })).toMatchObject({
      status: 200,
      json: { outTradeNo: number, state: 'TRADE_SUCCESS' },
    });
  });

  it('and codes die together when a new one is asked for after their two hours', async () => {
    const number = aNumber();
    const { node } = await merchant.precreate(number, { code_type: 'share_code' });
    await world.control('POST', '/control/clock', { advanceMs: 2 * 3_600_000 });
    const fresh = await merchant.codeOf(number, { code_type: 'share_code' });
    expect(fresh).not.toBe(node['qr_code']);
    for (const dead of [{ qrCode: node['qr_code'] }, { shareCode: node['share_code'] }]) {
      expect(await pay(dead)).toMatchObject({ status: 409, json: { code: 'code_dead' } });
    }
    expect(await pay({ qrCode: fresh })).toMatchObject({ status: 200 });
  });
});

describe('the credentials of Alipay', () => {
  it('are everything that a gateway of each platform needs, in both kinds of keys', async () => {
    const { json } = await world.control('GET', '/credentials/alipay');
    expect(json).toMatchObject(
      ['taobao', 'jd'].map((account) => ({
        account,
        platform: account,
        sellerId: expect.stringMatching(/^2088\d{12}$/),
        appId: expect.stringMatching(/^2021\d{12}$/),
        appPrivateKeyPem: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
        alipayPublicKeyPem: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/),
        aesKey: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      })),
    );
  });

  it('have certificates of one authority, whose bundle has a root that does not count', () => {
    const { account } = merchant;
    const roots = account.alipayRootCertificatesPem.match(/-----BEGIN[\s\S]+?END.+/g) ?? [];
    const [passedOver, root] = roots.map((pem) => new X509Certificate(pem));
    expect(passedOver?.publicKey.asymmetricKeyType).toBe('ec');
    for (const pem of [account.alipayCertificatePem, account.appCertificatePem]) {
      const certificate = new X509Certificate(pem);
      expect(root && certificate.verify(root.publicKey)).toBe(true);
    }
    const app = new X509Certificate(account.appCertificatePem);
    expect(app.checkPrivateKey(createPrivateKey(account.appPrivateKeyPem))).toBe(true);
  });
});

describe('a request', () => {
  it.each([
    ['an unknown app', { parameters: { app_id: '2021' } }, '40002', 'isv.invalid-app-id'],
    ['no app', { parameters: { app_id: '' } }, '40001', 'isv.missing-app-id'],
    ['a changed value', { resaid: { notify_url: 'x' } }, '40002', 'isv.invalid-signature'],
    ['no time', { parameters: { timestamp: undefined } }, '40001', 'isv.missing-timestamp'],
    [
      'an old clock',
      { parameters: { timestamp: stampIn(-9e7) } },
      '40002',
      'isv.invalid-timestamp',
    ],
    ['an unknown call', { parameters: { method: 'alipay.x' } }, '40002', 'isv.invalid-method'],
    [
      'half of its certificates',
      { parameters: { app_cert_sn: 'a' } },
      '40003',
      'isv.missing-signature-config',
    ],
    [
      'an unknown app and a changed value',
      { parameters: { app_id: '1' }, resaid: { version: '2' } },
      '40002',
      'isv.invalid-app-id',
    ],
  ])('with %s is refused, unsigned', async (_, asking, code, subCode) => {
    const answer = await merchant.query(aNumber(), asking);
    expect(answer.status).toBe(200);
    expect(answer.node).toMatchObject({ code, sub_code: subCode });
    expect(answer.sign).toBeUndefined();
  });

  it('in certificate mode is answered with the certificate that signed', async () => {
    const number = aNumber();
    const created = await merchant.precreate(number, {}, { keys: 'certificate' });
    expect(created.node).toMatchObject({ code: '10000' });
    expect(created.certSn).toBe(merchant.account.alipayCertSn);
    expect(merchant.verifies(created)).toBe(true);
  });

  it('in certificate mode is answered by another one from its rotation on, which can be fetched', async () => {
    const { alipayCertSn: old } = merchant.account;
    expect(await world.control('POST', '/control/alipay/certificates/rotate')).toMatchObject({
      status: 204,
    });
    const renewed = await AlipayMerchant.of(world, 'taobao', receiver.url);
    expect(renewed.account.alipayCertSn).not.toBe(old);
    const number = aNumber();
    const created = await renewed.precreate(number, {}, { keys: 'certificate' });
    expect(created.certSn).toBe(renewed.account.alipayCertSn);
    expect(merchant.verifies(created)).toBe(false);
    const { publicKey } = new X509Certificate(renewed.account.alipayCertificatePem);
    expect(isSignedBy(created.content, created.sign ?? '', publicKey)).toBe(true);
    const plain = await renewed.precreate(aNumber());
    expect(merchant.verifies(plain)).toBe(true);

    await pay({ qrCode: created.node['qr_code'] });
    expect((await noticeOf(number)).isAlipays).toBe(false); // by the old key
    for (const alipay_cert_sn of [old, renewed.account.alipayCertSn]) {
      const { node } = await merchant.call('open.app.alipaycert.download', { alipay_cert_sn });
      const pem = Buffer.from(String(node['alipay_cert_content']), 'base64').toString();
      expect(new X509Certificate(pem).issuer).toContain('CN=Ant Financial');
    }
    const none = { alipay_cert_sn: '0'.repeat(32) };
    expect((await merchant.call('open.app.alipaycert.download', none)).node).toMatchObject({
      sub_code: 'isv.invalid-parameter',
    });
  });

  it('that is encrypted is answered so, signed with its quotes', async () => {
    const number = aNumber();
    const created = await merchant.precreate(number, {}, { encrypts: true });
    expect(created.content).toMatch(/^"[A-Za-z0-9+\\/=]+"$/);
    expect(merchant.verifies(created)).toBe(true);
    expect(created.node).toMatchObject({ code: '10000', out_trade_no: number });
  });
});
