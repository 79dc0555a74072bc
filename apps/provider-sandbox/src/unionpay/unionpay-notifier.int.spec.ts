import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';
import { aNumber, formIn, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';
import type { OrderView } from './unionpay-view.js';

let world: World;
let receiver: Receiver;
let merchant: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  receiver = await startReceiver();
  receiver.answerWith(200);
  merchant = await UnionpayMerchant.of(world, 'taobao', receiver.url);
  await world.control('POST', '/control/clock', { scale: 1 });
  await world.control('DELETE', '/control/faults');
});
afterEach(() => receiver[Symbol.asyncDispose]());
afterAll(() => world[Symbol.asyncDispose]());

const arm = (fault: string, more: object = {}) =>
  world.control('POST', '/control/faults', {
    provider: 'unionpay',
    call: 'notify',
    fault,
    ...more,
  });
const advance = (advanceMs: number) => world.control('POST', '/control/clock', { advanceMs });

/** A paid order, whose notification is on its way. */
async function paid(over: object = {}): Promise<string> {
  const orderId = aNumber();
  await merchant.app(orderId, { reqReserved: '茶 und cups' });
  await world.control('POST', '/control/unionpay/pay', { orderId, ...over });
  return orderId;
}

const notificationOf = async (orderId: string) => {
  const found = await world.control('GET', `/control/unionpay/orders?orderId=${orderId}`);
  return (found.json as OrderView[])[0]?.notifications[0];
};
const stateIs = (orderId: string, state: string) =>
  eventually(async () => (await notificationOf(orderId))?.state === state, {
    what: `the notification to be ${state}`,
  });
const tried = (orderId: string, count: number) =>
  eventually(async () => (await notificationOf(orderId))?.tries.length === count, {
    what: `try ${count}`,
  });
const heard = (count: number) =>
  eventually(
    () => receiver.heard.length >= count && receiver.heard.map(({ body }) => formIn(body)),
    {
      what: `${count} notifications`,
    },
  );

describe('a notification', () => {
  it('is an encoded form, signed, and says what a query says', async () => {
    const orderId = await paid();
    await stateIs(orderId, 'accepted');
    const [notice] = receiver.heard;
    expect(notice?.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
    expect(notice?.body).toContain('%0D%0A');
    const [told] = await heard(1);
    expect(merchant.verifies(told ?? {})).toBe(true);
    const { txnTime = '' } = told ?? {};
    const { said } = await merchant.query(orderId, txnTime);
    for (const name of ['queryId', 'traceNo', 'traceTime', 'settleDate', 'settleAmt', 'reserved']) {
      expect(told).toHaveProperty(name, said[name]);
    }
    expect(told).toMatchObject({
      merId: merchant.account.merId,
      orderId,
      txnType: '01',
      txnAmt: '12800',
      currencyCode: '156',
      respCode: '00',
      respMsg: 'success',
      reqReserved: '茶 und cups',
      queryId: expect.stringMatching(/^\d{21}$/),
    });
    expect((await notificationOf(orderId))?.tries).toMatchObject([
      { outcome: 'accepted', httpStatus: 200, signing: 'good' },
    ]);
  });

  it('says A6 of a payment with a defect', async () => {
    await paid({ defect: true });
    expect(await heard(1)).toMatchObject([{ respCode: 'A6', respMsg: '有缺陷的成功[A600000]' }]);
  });

  it('says 42 of late money where that is asked for', async () => {
    const orderId = aNumber();
    await merchant.app(orderId, { payTimeout: timeIn(60_000) });
    await advance(60_000);
    await world.control('POST', '/control/unionpay/pay', { orderId, late: true, tellsLate: true });
    expect(await heard(1)).toMatchObject([{ orderId, respCode: '42' }]);
  });

  it.each([204, 302, 500])('answered with %i comes again', async (status) => {
    receiver.answerWith(status);
    const orderId = await paid();
    await tried(orderId, 1);
    expect(await notificationOf(orderId)).toMatchObject({ state: 'waiting' });
  });

  it('comes five times, then never again', async () => {
    receiver.answerWith(500);
    await world.control('POST', '/control/clock', { scale: 1_000_000 });
    const orderId = await paid();
    await stateIs(orderId, 'given_up');
    expect(receiver.heard).toHaveLength(5);
    expect(new Set(receiver.heard.map(({ body }) => body)).size).toBe(1);
    await advance(86_400_000);
    expect(await notificationOf(orderId)).toMatchObject({ state: 'given_up' });
    expect(receiver.heard).toHaveLength(5);
  });

  it('comes after one, two, four and five minutes', async () => {
    receiver.answerWith(500, 500, 500, 500, 200);
    const orderId = await paid();
    await tried(orderId, 1);
    for (const [index, minutes] of [1, 2, 4, 5].entries()) {
      await advance(minutes * 60_000 - 5_000);
      expect(receiver.heard).toHaveLength(index + 1);
      await advance(5_000);
      await tried(orderId, index + 2);
    }
    await stateIs(orderId, 'accepted');
  });

  it('is repeated on demand, several at once', async () => {
    const orderId = await paid();
    await stateIs(orderId, 'accepted');
    const repeated = await world.control('POST', '/control/unionpay/notifications', {
      orderId,
      copies: 3,
    });
    expect(repeated.json).toMatchObject({ tries: [1, 2, 3].map(() => ({ outcome: 'accepted' })) });
    expect(receiver.heard).toHaveLength(4);
    const forged = { orderId, signing: 'foreign_chain' };
    await world.control('POST', '/control/unionpay/notifications', forged);
    expect(merchant.verifies((await heard(5))[4] ?? {})).toBe(false);
  });

  it('is not there to be repeated before anything was told', async () => {
    const orderId = aNumber();
    await merchant.app(orderId);
    const repeated = await world.control('POST', '/control/unionpay/notifications', { orderId });
    expect(repeated).toMatchObject({ status: 409, json: { code: 'order_not_paid' } });
  });
});

describe('a fault of notifications', () => {
  it.each(['bad_signature', 'wrong_subject', 'expired', 'foreign_chain'])(
    '%s makes one that nobody may believe',
    async (fault) => {
      await arm(fault);
      await paid();
      const [told] = await heard(1);
      expect(told).toHaveProperty('signPubKeyCert');
      expect(merchant.verifies(told ?? {})).toBe(false);
    },
  );

  it('tells one fen more than the books have', async () => {
    await arm('wrong_amount');
    await paid();
    const [told] = await heard(1);
    expect(told).toMatchObject({ txnAmt: '12801', settleAmt: '12801' });
    expect(merchant.verifies(told ?? {})).toBe(true);
  });

  it.each(['duplicate_notification', 'parallel_notification'])('sends two: %s', async (fault) => {
    await arm(fault);
    await paid();
    const told = await heard(2);
    expect(new Set(told.map(({ queryId }) => queryId)).size).toBe(1);
    expect(told.every((each) => merchant.verifies(each))).toBe(true);
  });

  it('keeps one from ever being sent', async () => {
    await arm('no_notification');
    const orderId = await paid();
    await stateIs(orderId, 'suppressed');
    expect(receiver.heard).toEqual([]);
  });

  it('is an order’s own, where it names one', async () => {
    await arm('no_notification', { outTradeNo: aNumber() });
    await stateIs(await paid(), 'accepted');
  });
});
