import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { BuiltSdk, SdkMerchant, type SdkSurroundings } from '@hutong/world';
import { aNumber, jsonOf, Merchant } from '../merchant.examples.js';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';

const root = join(import.meta.dirname, '../../../..');
/** The SDK's own build may fetch it first. */
const BUILD_MS = 300_000;

const opened = new AsyncDisposableStack();
let sdk: BuiltSdk;
let world: World;
let receiver: Receiver;
let around: SdkSurroundings;

beforeAll(async () => {
  sdk = opened.use(await BuiltSdk.build(root));
  world = opened.use(await startWorld());
  receiver = opened.use(await startReceiver());
  const authority = await fetch(`${world.controlUrl}/credentials/ca.pem`);
  around = { proxyPort: world.proxyPort, authorityPem: await authority.text() };
  await world.control('POST', '/control/clock', { scale: 60 });
}, BUILD_MS);
afterAll(() => opened.disposeAsync());

const pay = (body: object) => world.control('POST', '/control/wechat/pay', body);

const modes = {
  'public-key': () => world.taobao,
  certificate: () => {
    const { mchid, certificateSerial, privateKeyPem, apiV3Key } = world.taobao;
    return { mchid, certificateSerial, privateKeyPem, apiV3Key };
  },
};

/** The notice of that kind about an order, as the SDK takes it. */
const noticeOf = (eventType: string, number: string) =>
  eventually(
    () =>
      receiver.heard.find(
        (notice) =>
          jsonOf(notice)['event_type'] === eventType &&
          new Merchant(world.wechatPort, world.taobao).opened(notice.body)['out_trade_no'] ===
            number,
      ),
    { what: `notice of ${eventType}` },
  );

describe.each(['public-key', 'certificate'] as const)(
  "WeChat's official SDK in %s mode",
  (mode) => {
    const own = new AsyncDisposableStack();
    let merchant: SdkMerchant;
    beforeAll(async () => {
      merchant = own.use(await SdkMerchant.start(sdk, around, modes[mode]()));
      if (mode === 'certificate') {
        for (const call of ['notify', 'notify_refund']) {
          await world.arm(call, 'certificate_key', { share: 1 });
        }
      }
    });
    afterAll(() => own.disposeAsync());

    const anOrder = (more: object = {}) => {
      const { appid, mchid } = world.taobao;
      return {
        appid,
        mchid,
        description: '龙井茶 250 g',
        out_trade_no: aNumber(),
        notify_url: receiver.url,
        amount: { total: 12_800, currency: 'CNY' },
        ...more,
      };
    };
    const which = (out_trade_no: string) => ({ mchid: world.taobao.mchid, out_trade_no });

    it('creates, asks, closes, and is refused what comes too late', async () => {
      const order = anOrder();
      const { out_trade_no: number } = order;
      expect(await merchant.call('native', order)).toEqual({
        answer: { code_url: expect.stringMatching(/^weixin:/) },
      });
      const waiting = await merchant.call('query', which(number));
      expect(waiting.answer).toMatchObject({ trade_state: 'NOTPAY', amount: { total: 12_800 } });
      expect(await merchant.call('close', which(number))).toEqual({ answer: 'closed' });
      expect(await merchant.call('close', which(number))).toEqual({ answer: 'closed' });
      expect((await merchant.call('query', which(number))).answer).toMatchObject({
        trade_state: 'CLOSED',
      });
      expect(await merchant.call('native', order)).toMatchObject({
        refused: { status: 400, code: 'ORDER_CLOSED' },
      });
      expect(await merchant.call('query', which(aNumber()))).toMatchObject({
        refused: { status: 404, code: 'ORDER_NOT_EXIST' },
      });
    });

    it('is paid, told, refunds, and is told again', async () => {
      const order = anOrder();
      const { out_trade_no: number } = order;
      await merchant.call('native', order);
      await pay({ outTradeNo: number });
      const paid = await merchant.call('query', which(number));
      expect(paid.answer).toMatchObject({ trade_state: 'SUCCESS', trade_type: 'NATIVE' });
      expect(
        await merchant.call('payment_notice', await noticeOf('TRANSACTION.SUCCESS', number)),
      ).toEqual(paid);
      const { transactionId } = await world.order(number);
      expect(
        await merchant.call('query_by_id', {
          mchid: world.taobao.mchid,
          transaction_id: transactionId,
        }),
      ).toEqual(paid);

      const out_refund_no = aNumber();
      const refund = {
        out_trade_no: number,
        out_refund_no,
        notify_url: receiver.url,
        amount: { refund: 100, total: 12_800, currency: 'CNY' },
      };
      const accepted = await merchant.call('refund', refund);
      expect(accepted.answer).toMatchObject({ status: 'PROCESSING', amount: { refund: 100 } });
      const told = await merchant.call('refund_notice', await noticeOf('REFUND.SUCCESS', number));
      expect(told.answer).toMatchObject({
        out_refund_no,
        refund_status: 'SUCCESS',
        amount: { refund: 100 },
      });
      const asked = await merchant.call('query_refund', { out_refund_no });
      expect(asked.answer).toMatchObject({ status: 'SUCCESS', funds_account: 'AVAILABLE' });
      expect((await merchant.call('query', which(number))).answer).toMatchObject({
        trade_state: 'REFUND',
      });
    });

    it('signs for apps and mini programs what the client takes, and opens an address for browsers', async () => {
      const made = async (type: string, more: object = {}) => {
        const order = anOrder(more);
        const { answer } = await merchant.call(type, order);
        return { number: order.out_trade_no, answer: answer as Record<string, string> };
      };
      const app = await made('app');
      expect(await pay({ parameters: app.answer })).toMatchObject({
        json: { outTradeNo: app.number },
      });

      const mini = await made('jsapi', { payer: { openid: 'o-buyer' } });
      expect(await pay({ parameters: mini.answer })).toMatchObject({ json: { openid: 'o-buyer' } });

      const scene = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } };
      const h5 = await made('h5', { scene_info: scene });
      expect(await pay({ h5Url: h5.answer['h5_url'] })).toMatchObject({
        json: { outTradeNo: h5.number },
      });
    });

    it('believes no answer that was changed', async () => {
      await world.arm('create', 'bad_signature');
      const { failed = '' } = await merchant.call('native', anOrder());
      expect(failed).toContain('ValidationException');
    });
  },
);
