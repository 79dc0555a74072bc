import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { AlipaySdk } from 'alipay-sdk';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';
import { AlipayMerchant, aNumber } from './alipay-merchant.examples.js';

const opened = new AsyncDisposableStack();
let world: World;
let receiver: Receiver;
let own: AlipayMerchant;

beforeAll(async () => {
  world = opened.use(await startWorld());
  receiver = opened.use(await startReceiver());
  receiver.answerWith(200);
  receiver.say('success');
  own = await AlipayMerchant.of(world);
});
afterAll(() => opened.disposeAsync());

/** What both kinds of keys have in common. Its reader of keys stumbles over an end of line at the end. */
const common = () => ({
  appId: own.account.appId,
  privateKey: own.account.appPrivateKeyPem.trim(),
  keyType: 'PKCS8' as const,
  gateway: own.gateway,
  encryptKey: own.account.aesKey,
});

const modes = {
  'public-key': () => ({ ...common(), alipayPublicKey: own.account.alipayPublicKeyPem.trim() }),
  certificate: () => ({
    ...common(),
    appCertContent: own.account.appCertificatePem,
    alipayPublicCertContent: own.account.alipayCertificatePem,
    alipayRootCertContent: own.account.alipayRootCertificatesPem,
  }),
};

const pay = (body: object) => world.control('POST', '/control/alipay/pay', body);

describe.each(['public-key', 'certificate'] as const)(
  "Alipay's official Node SDK in %s mode, believing no answer that is not signed",
  (mode) => {
    let sdk: AlipaySdk;
    beforeAll(() => {
      sdk = new AlipaySdk(modes[mode]());
    });

    /** In the SDK's own words: it writes them as the wire has them. */
    const order = (productCode: string, more: object = {}) => ({
      outTradeNo: aNumber(),
      totalAmount: '128.00',
      subject: '龙井茶 + 250 g, 100%',
      productCode,
      ...more,
    });
    const call = (method: string, bizContent: object) => {
      const notifyUrl = receiver.url;
      return sdk.exec(`alipay.${method}`, { notifyUrl, bizContent }, { validateSign: true });
    };
    const precreated = async () => {
      const asked = order('QR_CODE_OFFLINE');
      const answer = await call('trade.precreate', asked);
      return { outTradeNo: asked.outTradeNo, qrCode: String(answer['qrCode']) };
    };
    const paid = async () => {
      const { outTradeNo, qrCode } = await precreated();
      expect(await pay({ qrCode })).toMatchObject({ status: 200 });
      return outTradeNo;
    };

    it('precreates, asks, closes, and is refused what comes too late', async () => {
      const { outTradeNo, qrCode } = await precreated();
      expect(await call('trade.query', { outTradeNo })).toMatchObject({
        code: '40004',
        subCode: 'ACQ.TRADE_NOT_EXIST',
      });
      await world.control('POST', '/control/alipay/open', { qrCode });
      expect(await call('trade.query', { outTradeNo })).toMatchObject({
        code: '10000',
        tradeStatus: 'WAIT_BUYER_PAY',
        totalAmount: '128.00',
      });
      expect(await call('trade.close', { outTradeNo })).toMatchObject({ code: '10000' });
      expect(await call('trade.query', { outTradeNo })).toMatchObject({
        tradeStatus: 'TRADE_CLOSED',
      });
      expect(await call('trade.close', { outTradeNo })).toMatchObject({
        subCode: 'ACQ.TRADE_STATUS_ERROR',
      });
    });

    it('is paid, told, and refunds a part once', async () => {
      const outTradeNo = await paid();
      expect(await call('trade.query', { outTradeNo })).toMatchObject({
        tradeStatus: 'TRADE_SUCCESS',
        receiptAmount: '128.00',
      });
      const form = await eventually(
        () => receiver.heard.find(({ body }) => own.read(body).said['out_trade_no'] === outTradeNo),
        { what: 'the notice' },
      );
      const notice = Object.fromEntries(new URLSearchParams(form.body));
      expect(sdk.checkNotifySignV2(notice)).toBe(true);
      expect(sdk.checkNotifySignV2({ ...notice, total_amount: '1.28' })).toBe(false);
      expect(() => sdk.checkNotifySign(notice)).toThrow('URI malformed'); // decodes the % again

      const refund = { outTradeNo, outRequestNo: aNumber(), refundAmount: '28.00' };
      const asked = { outTradeNo, outRequestNo: refund.outRequestNo };
      expect(await call('trade.fastpay.refund.query', asked)).not.toHaveProperty('refundStatus');
      expect(await call('trade.refund', refund)).toMatchObject({
        fundChange: 'Y',
        refundFee: '28.00',
      });
      expect(await call('trade.refund', refund)).toMatchObject({
        fundChange: 'N',
        refundFee: '28.00',
      });
      expect(await call('trade.fastpay.refund.query', asked)).toMatchObject({
        refundStatus: 'REFUND_SUCCESS',
        refundAmount: '28.00',
      });
    });

    it('takes a code that a payer shows, and takes it back', async () => {
      const { json } = await world.control('POST', '/control/alipay/codes', {});
      const { authCode } = json as Readonly<{ authCode: string }>;
      const asked = order('FACE_TO_FACE_PAYMENT', { scene: 'bar_code', authCode });
      const { outTradeNo } = asked;
      expect(await call('trade.pay', asked)).toMatchObject({
        code: '10000',
        totalAmount: '128.00',
      });
      expect(await call('trade.cancel', { outTradeNo })).toMatchObject({
        action: 'refund',
        retryFlag: 'N',
      });
      expect(await call('trade.query', { outTradeNo })).toMatchObject({
        tradeStatus: 'TRADE_CLOSED',
      });
    });

    it.each([
      ['page', 'FAST_INSTANT_TRADE_PAY'],
      ['wap', 'QUICK_WAP_WAY'],
    ])('sends a browser to pay, by address and by form: %s', async (kind, productCode) => {
      const method = `alipay.trade.${kind}.pay`;
      const asked = order(productCode);
      const url = sdk.pageExecute(method, 'GET', { bizContent: asked });
      expect(await pay({ url })).toMatchObject({
        status: 200,
        json: { outTradeNo: asked.outTradeNo, product: kind, state: 'TRADE_SUCCESS' },
      });

      const form = sdk.pageExecute(method, 'POST', { bizContent: order(productCode) });
      const answer = await fetch(valueIn(form, /action="([^"]+)"/), {
        method: 'POST',
        body: new URLSearchParams(
          [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
            ([, name = '', value = '']): [string, string] => [
              name,
              value.replaceAll('&quot;', '"'),
            ],
          ),
        ),
        redirect: 'manual',
      });
      expect(answer.status).toBe(302);
      const cashier = await fetch(answer.headers.get('location') ?? '');
      expect(await cashier.text()).toContain('¥128.00');
    });

    it('signs for an app what the client takes', async () => {
      const asked = order('QUICK_MSECURITY_PAY');
      const orderString = sdk.sdkExecute('alipay.trade.app.pay', { bizContent: asked });
      expect(await pay({ orderString })).toMatchObject({
        status: 200,
        json: { outTradeNo: asked.outTradeNo, product: 'app' },
      });
    });

    it('believes no answer that was changed', async () => {
      await world.control('POST', '/control/faults', {
        provider: 'alipay',
        call: 'query',
        fault: 'bad_signature',
      });
      const asked = call('trade.query', { outTradeNo: aNumber() });
      await expect(asked).rejects.toThrow('验签失败');
    });

    it('breaks on an answer without a signature, as it does on every refusal of the gateway', async () => {
      await world.control('POST', '/control/faults', {
        provider: 'alipay',
        call: 'query',
        fault: 'unsigned',
      });
      const asked = call('trade.query', { outTradeNo: aNumber() });
      await expect(asked).rejects.toThrow(/"signature" argument must be/);
    });

    it('speaks in cipher, and cannot itself check the signature of what it hears', async () => {
      const bizContent = order('QR_CODE_OFFLINE');
      const exec = (validateSign: boolean) =>
        sdk.exec('alipay.trade.precreate', { needEncrypt: true, bizContent }, { validateSign });
      expect(await exec(false)).toMatchObject({ code: '10000' });
      await expect(exec(true)).rejects.toThrow('验签失败'); // it looks for braces, and there are none
    });
  },
);

const valueIn = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
