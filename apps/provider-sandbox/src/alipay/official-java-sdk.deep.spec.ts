import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltSdk, SdkMerchant, type Said, type SdkSurroundings } from '@hutong/world';
import { AlipayMerchant, aNumber } from './alipay-merchant.examples.js';
import { AlipayWorld } from './alipay-world.examples.js';

const root = join(import.meta.dirname, '../../../..');
/** The SDK's own build may fetch it first. */
const BUILD_MS = 300_000;

const opened = new AsyncDisposableStack();
let sdk: BuiltSdk;
let world: AlipayWorld;
let around: SdkSurroundings;

beforeAll(async () => {
  sdk = opened.use(await BuiltSdk.build(root, 'alipay'));
  world = opened.use(await AlipayWorld.start());
  const authority = await fetch(`${world.world.controlUrl}/credentials/ca.pem`);
  around = { proxyPort: world.world.proxyPort, authorityPem: await authority.text() };
}, BUILD_MS);
afterAll(() => opened.disposeAsync());

/** Keys as Alipay's portal shows them: base64 without its frame. */
const bare = (pem: string): string => pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');

const modes = {
  'public-key': async () => ({
    alipayPublicKey: bare(world.merchant.account.alipayPublicKeyPem),
  }),
  certificate: async () => {
    const folder = await mkdtemp(join(sdk.folder, 'certificates-'));
    const { account } = await AlipayMerchant.of(world.world); // with the certificate that signs now
    const file = async (name: string, pem: string) => {
      await writeFile(join(folder, name), pem);
      return join(folder, name);
    };
    return {
      appCertificateFile: await file('appCertPublicKey.crt', account.appCertificatePem),
      alipayCertificateFile: await file('alipayCertPublicKey.crt', account.alipayCertificatePem),
      rootCertificatesFile: await file('alipayRootCert.crt', account.alipayRootCertificatesPem),
    };
  },
};

describe.each(['public-key', 'certificate'] as const)(
  "Alipay's official Java SDK in %s mode",
  (mode) => {
    const own = new AsyncDisposableStack();
    let merchant: SdkMerchant;
    beforeAll(async () => {
      const { appId, appPrivateKeyPem, aesKey } = world.merchant.account;
      const who = { appId, privateKey: bare(appPrivateKeyPem), aesKey, ...(await modes[mode]()) };
      merchant = own.use(await SdkMerchant.start(sdk, around, who));
    });
    afterAll(() => own.disposeAsync());

    const order = (product_code: string, more: object = {}) => ({
      out_trade_no: aNumber(),
      total_amount: '128.00',
      subject: '龙井茶 + 250 g, 100%',
      product_code,
      ...more,
    });
    const call = (name: string, biz: object, more: object = {}): Promise<Said> =>
      merchant.call(name, { biz, notifyUrl: world.receiver.url, ...more });
    const precreated = async (more: object = {}) => {
      const asked = order('QR_CODE_OFFLINE');
      const { answer } = await call('precreate', asked, more);
      const { qrCode } = answer as Readonly<{ qrCode: string }>;
      return { out_trade_no: asked.out_trade_no, qrCode };
    };

    it('precreates, asks, closes, and is refused what comes too late', async () => {
      const { out_trade_no, qrCode } = await precreated();
      expect((await call('query', { out_trade_no })).answer).toMatchObject({
        code: '40004',
        subCode: 'ACQ.TRADE_NOT_EXIST',
      });
      await world.control('open', { qrCode });
      expect((await call('query', { out_trade_no })).answer).toMatchObject({
        code: '10000',
        tradeStatus: 'WAIT_BUYER_PAY',
        totalAmount: '128.00',
      });
      expect((await call('close', { out_trade_no })).answer).toMatchObject({ code: '10000' });
      expect((await call('close', { out_trade_no })).answer).toMatchObject({
        subCode: 'ACQ.TRADE_STATUS_ERROR',
      });
    });

    it('is paid, told, and refunds a part once', async () => {
      const { out_trade_no, qrCode } = await precreated();
      await world.pay({ qrCode });
      expect((await call('query', { out_trade_no })).answer).toMatchObject({
        tradeStatus: 'TRADE_SUCCESS',
        fundBillList: [{ fundChannel: 'ALIPAYACCOUNT', amount: '128.00' }],
      });
      const [notice] = await world.heard(out_trade_no);
      const said = notice?.said ?? {};
      expect((await merchant.call('notice', said)).answer).toBe(true);
      const changed = { ...said, total_amount: '1.28' };
      expect((await merchant.call('notice', changed)).answer).toBe(false);

      const out_request_no = aNumber();
      const refund = { out_trade_no, out_request_no, refund_amount: '28.00' };
      const moved = { fundChange: 'Y', refundFee: '28.00' };
      expect((await call('refund', refund)).answer).toMatchObject(moved);
      expect((await call('refund', refund)).answer).toMatchObject({ ...moved, fundChange: 'N' });
      const asked = await call('query_refund', { out_trade_no, out_request_no });
      expect(asked.answer).toMatchObject({
        refundStatus: 'REFUND_SUCCESS',
        refundAmount: '28.00',
      });
    });

    it('takes a code that a payer shows, and takes it back', async () => {
      const shop = { scene: 'bar_code', auth_code: await world.code() };
      const asked = order('FACE_TO_FACE_PAYMENT', shop);
      const { out_trade_no } = asked;
      expect((await call('pay', asked)).answer).toMatchObject({ code: '10000' });
      expect((await call('cancel', { out_trade_no })).answer).toMatchObject({
        action: 'refund',
        retryFlag: 'N',
      });
    });

    it.each([
      ['page', 'FAST_INSTANT_TRADE_PAY', 'url'],
      ['wap', 'QUICK_WAP_WAY', 'url'],
      ['app', 'QUICK_MSECURITY_PAY', 'orderString'],
    ])('signs what a payer’s side brings: %s', async (kind, productCode, way) => {
      const asked = order(productCode);
      const { answer } = await call(kind, asked);
      expect(await world.pay({ [way]: answer })).toMatchObject({
        status: 200,
        json: { outTradeNo: asked.out_trade_no, product: kind, state: 'TRADE_SUCCESS' },
      });
    });

    it('speaks in cipher, and verifies what it hears', async () => {
      const { qrCode } = await precreated({ encrypts: true });
      expect(qrCode).toMatch(/^https:\/\/qr\.alipay\.com\//);
    });

    it('believes no answer that was changed', async () => {
      await world.arm('query', 'bad_signature');
      const { failed = '' } = await call('query', { out_trade_no: aNumber() });
      expect(failed).toContain('AlipayApiException');
    });

    it('fetches a certificate of Alipay’s that it does not know, and goes on', async () => {
      await world.control('certificates/rotate', {});
      const { qrCode } = await precreated();
      expect(qrCode).toMatch(/^https:\/\/qr\.alipay\.com\//);
    });

    it('reads an answer whose slashes were signed plain with the public key alone', async () => {
      await world.arm('precreate', 'slashes_plain');
      const { answer, failed } = await call('precreate', order('QR_CODE_OFFLINE'));
      if (mode === 'public-key') expect(answer).toMatchObject({ code: '10000' });
      else expect(failed).toContain('AlipayApiException');
    });
  },
);
