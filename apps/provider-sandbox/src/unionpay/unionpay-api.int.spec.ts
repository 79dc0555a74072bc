import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';
import { aNumber, readForm, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';

let world: World;
let receiver: Receiver;
let merchant: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
  receiver = await startReceiver();
  receiver.answerWith(200);
  merchant = await UnionpayMerchant.of(world, 'taobao', receiver.url);
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const pay = (body: object) => world.control('POST', '/control/unionpay/pay', body);

describe('an order at UnionPay', () => {
  it('for an app is unknown until its payer acts, then paid, told and found', async () => {
    const number = aNumber();
    const txnTime = timeIn(0);
    const created = await merchant.app(number, { txnTime, reqReserved: 'tea, 250 g' });
    expect(created.status).toBe(200);
    expect(merchant.verifies(created.said)).toBe(true);
    expect(created.said).toMatchObject({
      version: '5.1.0',
      respCode: '00',
      respMsg: '成功[0000000]',
      merId: merchant.account.merId,
      orderId: number,
      txnTime,
      reqReserved: 'tea, 250 g',
      tn: expect.stringMatching(/^\d{21}$/),
    });
    const waiting = await merchant.query(number, txnTime);
    expect(waiting.said).toMatchObject({ respCode: '34' });
    expect(waiting.said).not.toHaveProperty('origRespCode');

    expect(await pay({ tn: created.said['tn'] })).toMatchObject({
      status: 200,
      json: { orderId: number, state: 'paid', code: '00', wallet: 'cloud_quickpass' },
    });
    const paid = await merchant.query(number, txnTime);
    expect(merchant.verifies(paid.said)).toBe(true);
    expect(paid.said).toMatchObject({
      respCode: '00',
      origRespCode: '00',
      origRespMsg: '成功[0000000]',
      queryId: expect.stringMatching(/^\d{21}$/),
      traceNo: expect.stringMatching(/^\d{6}$/),
      traceTime: expect.stringMatching(/^\d{10}$/),
      settleDate: expect.stringMatching(/^\d{4}$/),
      settleAmt: '12800',
      txnAmt: '12800',
      currencyCode: '156',
      txnType: '01',
      txnSubType: '01',
      reqReserved: 'tea, 250 g',
      reserved: '{payApp=UPAY}',
    });
    const [notice] = await eventually(() => receiver.heard.length > 0 && receiver.heard, {
      what: 'the notification',
    });
    expect(notice?.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
    const told = readForm(notice?.body ?? '');
    expect(merchant.verifies(told)).toBe(true);
    for (const name of ['queryId', 'settleAmt', 'traceTime', 'txnTime', 'reserved', 'accNo']) {
      expect(told).toHaveProperty(name, paid.said[name]);
    }
    expect(told).toMatchObject({ respCode: '00', respMsg: 'success', reqReserved: 'tea, 250 g' });
  });

  it('for a code is paid by whoever scans it', async () => {
    const number = aNumber();
    const txnTime = timeIn(0);
    const { said } = await merchant.qr(number, { txnTime });
    expect(said['qrCode']).toMatch(/^https:\/\/qr\.95516\.com\/\w+\/\d+$/);
    const how = { qrCode: said['qrCode'], wallet: 'bank_app:0105' };
    expect(await pay(how)).toMatchObject({ status: 200 });
    expect((await merchant.query(number, txnTime)).said).toMatchObject({
      origRespCode: '00',
      txnSubType: '07',
      reserved: '{payApp=BANK&issInsCode=0105}',
    });
  });
});
