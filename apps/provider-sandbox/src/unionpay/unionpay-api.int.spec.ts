import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from '../world.examples.js';
import { MOST_POLLS } from './polls.js';
import {
  aNumber,
  timeIn,
  UnionpayMerchant,
  type Answer,
  type Over,
  type Sending,
} from './unionpay-merchant.examples.js';

let world: World;
let merchant: UnionpayMerchant;
let jd: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = await UnionpayMerchant.of(world);
  jd = await UnionpayMerchant.of(world, 'jd');
});
afterAll(() => world[Symbol.asyncDispose]());

const control = (path: string, body: object) =>
  world.control('POST', `/control/unionpay/${path}`, body);
const pay = (body: object) => control('pay', body);
const advance = (advanceMs: number) => world.control('POST', '/control/clock', { advanceMs });
const origOf = async (orderId: string, txnTime: string) => {
  const { said } = await merchant.query(orderId, txnTime);
  return [said['respCode'], said['origRespCode']];
};

describe('an order at UnionPay', () => {
  it('for an app is unknown until its payer acts, then paid and found', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    const created = await merchant.app(orderId, { txnTime, reqReserved: 'tea, 250 g' });
    expect(created.status).toBe(200);
    expect(merchant.verifies(created.said)).toBe(true);
    expect(created.said).toMatchObject({
      version: '5.1.0',
      respCode: '00',
      respMsg: '成功[0000000]',
      merId: merchant.account.merId,
      orderId,
      txnTime,
      reqReserved: 'tea, 250 g',
      tn: expect.stringMatching(/^\d{21}$/),
    });
    const waiting = await merchant.query(orderId, txnTime);
    expect(merchant.verifies(waiting.said)).toBe(true);
    expect(waiting.said).toMatchObject({ respCode: '34' });
    expect(waiting.said).not.toHaveProperty('origRespCode');

    expect(await pay({ tn: created.said['tn'] })).toMatchObject({
      status: 200,
      json: { orderId, state: 'paid', code: '00', wallet: 'cloud_quickpass' },
    });
    const paid = await merchant.query(orderId, txnTime);
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
    const { queryId = '' } = paid.said;
    const byQueryId = await merchant.query(aNumber(), timeIn(0), { queryId });
    expect(byQueryId.said).toMatchObject({ orderId, origRespCode: '00', queryId });
  });

  it('is answered raw: not encoded, with the line ends of its certificate', async () => {
    const { body, said } = await merchant.app(aNumber());
    expect(body).toContain('signPubKeyCert=-----BEGIN CERTIFICATE-----\r\n');
    expect(body).not.toMatch(/%[0-9A-F]{2}/);
    expect(said['signPubKeyCert']).toMatch(/\r\n-----END CERTIFICATE-----$/);
  });

  it('for a code is paid by whoever scans it, a bank’s app too', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    const { said } = await merchant.qr(orderId, { txnTime });
    expect(said['qrCode']).toMatch(/^https:\/\/qr\.95516\.com\/\w+\/\d+$/);
    expect(await pay({ qrCode: said['qrCode'], wallet: 'bank_app:0105' })).toMatchObject({
      status: 200,
    });
    expect((await merchant.query(orderId, txnTime)).said).toMatchObject({
      origRespCode: '00',
      txnSubType: '07',
      reserved: '{payApp=BANK&issInsCode=0105}',
    });
  });

  it('stays payable when its payer opens it and is declined: no failure before payTimeout', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    const { said } = await merchant.app(orderId, { txnTime });
    await control('open', { tn: said['tn'] });
    expect(await origOf(orderId, txnTime)).toEqual(['00', '70']);
    await control('decline', { orderId, code: '65' });
    expect(await origOf(orderId, txnTime)).toEqual(['00', '65']);
    expect(await pay({ orderId })).toMatchObject({ status: 200 });
    expect(await origOf(orderId, txnTime)).toEqual(['00', '00']);
    expect(await pay({ orderId })).toMatchObject({ status: 409, json: { code: 'order_paid' } });
  });

  it('can be paid until payTimeout; money that comes later is 42, and told by asking alone', async () => {
    const [late, declined] = [aNumber(), aNumber()];
    const txnTime = timeIn(0);
    await merchant.app(late, { txnTime, payTimeout: timeIn(600_000) });
    await merchant.app(declined, { txnTime, payTimeout: timeIn(600_000) });
    await control('decline', { orderId: declined });
    await advance(600_000);
    expect(await pay({ orderId: late })).toMatchObject({
      status: 409,
      json: { code: 'order_expired' },
    });
    expect(await origOf(late, txnTime)).toEqual(['34', undefined]);
    expect(await origOf(declined, txnTime)).toEqual(['00', '64']);
    expect(await pay({ orderId: late, late: true })).toMatchObject({
      json: { state: 'paid', code: '42', notifications: [] },
    });
    expect(await origOf(late, txnTime)).toEqual(['00', '42']);
  });

  it('may succeed with a defect: A6', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    await merchant.app(orderId, { txnTime });
    await pay({ orderId, defect: true });
    expect(await origOf(orderId, txnTime)).toEqual(['00', 'A6']);
  });

  it('under a number and time that were used is 12, also with the same words', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    const first = await merchant.app(orderId, { txnTime });
    for (const over of [{}, { txnAmt: '1' }]) {
      const again = await merchant.app(orderId, { txnTime, ...over });
      expect(again.said).toMatchObject({ respCode: '12' });
      expect(again.said).not.toHaveProperty('tn');
    }
    expect(await pay({ tn: first.said['tn'] })).toMatchObject({ status: 200 });
  });

  it('is another one at another time, and for another merchant', async () => {
    const orderId = aNumber();
    const times = [timeIn(0), timeIn(1_000)];
    for (const txnTime of times) await merchant.app(orderId, { txnTime });
    await jd.app(orderId, { txnTime: times[0] });
    expect(await pay({ orderId })).toMatchObject({
      status: 409,
      json: { code: 'order_of_several' },
    });
    expect(await pay({ orderId, account: 'jd' })).toMatchObject({ json: { account: 'jd' } });
    const which = { orderId, account: 'taobao', txnTime: times[1] };
    expect(await pay(which)).toMatchObject({ json: { txnTime: times[1] } });
    expect(await origOf(orderId, times[0] ?? '')).toEqual(['34', undefined]);
    const { queryId = '' } = (await merchant.query(orderId, times[1] ?? '')).said;
    expect((await jd.query(orderId, times[1] ?? '')).said).toMatchObject({ respCode: '34' });
    expect((await jd.query(aNumber(), timeIn(0), { queryId })).said).toMatchObject({
      respCode: '34',
    });
  });

  it('asked for too often is 37 for a while, and for nobody else', async () => {
    const [watched, other] = [aNumber(), aNumber()];
    const txnTime = timeIn(0);
    await merchant.app(watched, { txnTime });
    const codes = [];
    for (let poll = 0; poll <= MOST_POLLS; poll += 1) {
      codes.push((await merchant.query(watched, txnTime)).said['respCode']);
    }
    expect(codes).toEqual([...Array.from({ length: MOST_POLLS }, () => '34'), '37']);
    expect(await origOf(other, txnTime)).toEqual(['34', undefined]);
    await advance(10_000);
    expect(await origOf(watched, txnTime)).toEqual(['34', undefined]);
  });
});

describe('a request', () => {
  const stranger = () => ({
    ...merchant.account,
    privateKeyPem: generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  });
  it.each<[string, string, Over, () => Sending]>([
    ['changed after it was signed', '11', {}, () => ({ resaid: { txnAmt: '1' } })],
    ['signed by a stranger', '11', {}, () => ({ account: stranger() })],
    ['without a signature', '11', {}, () => ({ resaid: { signature: undefined } })],
    ['signed another way', '11', { signMethod: '11' }, () => ({})],
    [
      'under the certificate of another merchant',
      '11',
      {},
      () => ({ account: { ...merchant.account, certId: jd.account.certId } }),
    ],
    [
      'of a merchant that nobody is',
      '31',
      {},
      () => ({ account: { ...merchant.account, merId: '1'.repeat(15) } }),
    ],
    ['without an amount', '13', { txnAmt: undefined }, () => ({})],
    ['without its backUrl', '13', { backUrl: '' }, () => ({})],
    ['with yuan for fen', '10', { txnAmt: '128.00' }, () => ({})],
    ['for nothing', '10', { txnAmt: '0' }, () => ({})],
    ['with a number of other letters', '10', { orderId: 'order-0001_a' }, () => ({})],
    ['with a time that is none', '10', { txnTime: '20261301000000' }, () => ({})],
    ['with a time of long ago', '10', { txnTime: timeIn(-2 * 3_600_000) }, () => ({})],
    ['that is late already', '10', { payTimeout: timeIn(-1_000) }, () => ({})],
    ['with a field that nobody knows', '10', { closeTime: '1' }, () => ({})],
    ['with a brace that would open its answer', '10', { reqReserved: '{tea' }, () => ({})],
    ['of another business', '10', { bizType: '000000' }, () => ({})],
    ['of another version', '10', { version: '5.0.0' }, () => ({})],
  ])('%s is %s, signed, and nothing has happened', async (_, code, over, sending) => {
    const orderId = over['orderId'] ?? aNumber();
    const answer = await merchant.app(orderId, over, sending());
    expect(answer.status).toBe(200);
    expect(answer.said).toMatchObject({ respCode: code });
    expect(merchant.verifies(answer.said)).toBe(true);
    expect((await world.control('GET', '/control/unionpay/orders')).json).not.toEqual(
      expect.arrayContaining([expect.objectContaining({ orderId })]),
    );
  });

  it.each<[string, string, string, string | undefined, number]>([
    ['by GET', 'GET', 'queryTrans.do', undefined, 405],
    ['to a path that nobody has', 'POST', 'queryTrans', undefined, 404],
    ['that is JSON', 'POST', 'queryTrans.do', 'application/json', 415],
  ])('%s is %s %s %s and no message', async (_, method, call, contentType, status) => {
    const answer = await fetch(`http://127.0.0.1:${world.unionpayPort}/gateway/api/${call}`, {
      method,
      ...(contentType && { headers: { 'content-type': contentType }, body: '{}' }),
    });
    expect([answer.status, await answer.text()]).toEqual([status, '']);
  });

  it.each(['a', 'a=1&a=2', 'a=%', 'a=%FF', 'a=龙'])('whose body is %s is 10', async (body) => {
    const answer: Answer = await merchant.post('queryTrans', body);
    expect(answer.said).toMatchObject({ respCode: '10' });
  });

  it('is one of many at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => merchant.app(aNumber())));
    expect(answers.every(({ said }) => merchant.verifies(said))).toBe(true);
    expect(new Set(answers.map(({ said }) => said['tn'])).size).toBe(50);
  });
});
