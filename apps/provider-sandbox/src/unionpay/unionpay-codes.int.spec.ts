import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { startWorld, type World } from '../world.examples.js';
import { aNumber, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';

let world: World;
let merchant: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = await UnionpayMerchant.of(world);
  await world.control('POST', '/control/clock', { scale: 100 });
});
afterAll(() => world[Symbol.asyncDispose]());

const control = (path: string, body: object) =>
  world.control('POST', `/control/unionpay/${path}`, body);
const shown = async (how: object = {}) =>
  ((await control('codes', how)).json as { qrNo: string }).qrNo;
const charged = async (qrNo: string) => {
  const orderId = aNumber();
  const txnTime = timeIn(0);
  const { said } = await merchant.barcode(orderId, qrNo, { txnTime });
  const found = async () => (await merchant.query(orderId, txnTime)).said;
  const comesTo = (code: string) =>
    eventually(async () => (await found())['origRespCode'] === code && found(), {
      what: `the order to come to ${code}`,
    });
  return { orderId, said, found, comesTo };
};
const takeAlipay = (takesAlipay: boolean) =>
  control('interoperability', { account: 'taobao', takesAlipay });
const ALIPAY_CODE = '281234567890123456';

describe('a code that a shop reads', () => {
  it('is 19 digits of 62; it is accepted, and paid a moment later', async () => {
    const qrNo = await shown();
    expect(qrNo).toMatch(/^62\d{17}$/);
    const { said, comesTo } = await charged(qrNo);
    expect(said).toMatchObject({ respCode: '00', txnSubType: '06' });
    expect(said).not.toHaveProperty('queryId');
    expect(await comesTo('00')).toMatchObject({ reserved: '{payApp=UPAY}' });
  });

  it('may be of a bank’s app', async () => {
    const { comesTo } = await charged(await shown({ wallet: 'bank_app:0105' }));
    expect(await comesTo('00')).toMatchObject({ reserved: '{payApp=BANK&issInsCode=0105}' });
  });

  it('may wait for its payer’s word', async () => {
    const waiting = await charged(await shown({ then: 'waits' }));
    expect(await waiting.found()).toMatchObject({ origRespCode: '05' });
    await control('pay', { orderId: waiting.orderId });
    expect(await waiting.found()).toMatchObject({ origRespCode: '00' });
  });

  it('that is declined is the end of its order', async () => {
    const { orderId, comesTo } = await charged(await shown({ then: 'declines', code: '61' }));
    await comesTo('61');
    expect(await control('pay', { orderId })).toMatchObject({
      status: 409,
      json: { code: 'order_declined' },
    });
  });

  it('may be paid with a defect', async () => {
    const fault = { provider: 'unionpay', call: 'create', fault: 'pays_a6' };
    await world.control('POST', '/control/faults', fault);
    const { comesTo } = await charged(await shown());
    await comesTo('A6');
  });

  it('is good for one order and for a minute', async () => {
    const [used, old] = [await shown(), await shown()];
    await charged(used);
    expect((await charged(used)).said).toMatchObject({ respCode: '86' });
    await world.control('POST', '/control/clock', { advanceMs: 60_000 });
    expect((await charged(old)).said).toMatchObject({ respCode: '86' });
  });

  it.each(['6200000000000000000', '62', '134567890123456789'])(
    'that nobody shows is 88, and leaves no order: %s',
    async (qrNo) => {
      const { said, found } = await charged(qrNo);
      expect(said).toMatchObject({ respCode: '88' });
      expect(await found()).toMatchObject({ respCode: '34' });
    },
  );
});

describe('between UnionPay and Alipay', () => {
  it.each([
    ['16 digits', `25${'0'.repeat(14)}`, '00'],
    ['24 digits', `30${'0'.repeat(22)}`, '00'],
    ['15 digits', `25${'0'.repeat(13)}`, '88'],
    ['25 digits', `30${'0'.repeat(23)}`, '88'],
    ['another beginning', `31${'0'.repeat(16)}`, '88'],
  ])('a code of Alipay’s with %s is answered %s %s', async (_, qrNo, code) => {
    await takeAlipay(true);
    expect((await charged(qrNo)).said).toMatchObject({ respCode: code });
  });

  it('a code of Alipay’s pays where the merchant agreed, once, and nowhere else', async () => {
    await takeAlipay(false);
    expect((await charged(ALIPAY_CODE)).said).toMatchObject({ respCode: '88' });
    await takeAlipay(true);
    const { comesTo } = await charged(ALIPAY_CODE);
    expect(await comesTo('00')).toMatchObject({ reserved: '{payApp=ALIPAY}' });
    expect((await charged(ALIPAY_CODE)).said).toMatchObject({ respCode: '86' });
  });

  it('a code on a telephone with Alipay may wait for its payer’s word', async () => {
    await takeAlipay(false);
    const qrNo = await shown({ wallet: 'alipay', then: 'waits' });
    expect(qrNo).toMatch(/^(2[5-9]|30)\d{16}$/);
    expect((await charged(qrNo)).said).toMatchObject({ respCode: '88' });
    await takeAlipay(true);
    const { orderId, found } = await charged(qrNo);
    expect(await found()).toMatchObject({ origRespCode: '05' });
    await control('pay', { orderId, wallet: 'alipay' });
    expect(await found()).toMatchObject({ reserved: '{payApp=ALIPAY}' });
  });

  it('Alipay’s app pays an order of UnionPay’s where the merchant agreed', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    await merchant.qr(orderId, { txnTime });
    await takeAlipay(false);
    const paying = { orderId, wallet: 'alipay' };
    expect(await control('pay', paying)).toMatchObject({
      status: 409,
      json: { code: 'wallet_not_accepted' },
    });
    await takeAlipay(true);
    expect(await control('pay', paying)).toMatchObject({ json: { wallet: 'alipay' } });
    expect((await merchant.query(orderId, txnTime)).said).toMatchObject({
      origRespCode: '00',
      reserved: '{payApp=ALIPAY}',
    });
  });
});
