import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';
import { aNumber, formIn, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';

let world: World;
let receiver: Receiver;
let merchant: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
  receiver = await startReceiver();
  receiver.answerWith(200);
  merchant = await UnionpayMerchant.of(world, 'taobao', receiver.url);
  await hurry();
});
beforeEach(() => world.control('DELETE', '/control/faults'));
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const hurry = () => world.control('POST', '/control/clock', { scale: 100 });
const advance = (advanceMs: number) => world.control('POST', '/control/clock', { advanceMs });
const arm = (call: string, fault: string, more: object = {}) =>
  world.control('POST', '/control/faults', { provider: 'unionpay', call, fault, ...more });

/** A paid order of 12 800 fen. */
async function paid(): Promise<Readonly<{ orderId: string; queryId: string; txnTime: string }>> {
  const orderId = aNumber();
  const txnTime = timeIn(0);
  await merchant.app(orderId, { txnTime });
  const { json } = await world.control('POST', '/control/unionpay/pay', { orderId });
  return { orderId, txnTime, queryId: (json as { queryId: string }).queryId };
}

const standing = async (orderId: string, txnTime: string) => {
  const { said } = await merchant.query(orderId, txnTime);
  return said['origRespCode'] ?? said['respCode'];
};
const comesTo = (orderId: string, txnTime: string, code: string) =>
  eventually(async () => (await standing(orderId, txnTime)) === code, {
    what: `${orderId} to come to ${code}`,
  });
/** What was heard of a transaction, by the merchant's number. */
const heardOf = (orderId: string) =>
  receiver.heard.map(({ body }) => formIn(body)).filter((form) => form['orderId'] === orderId);
/** Milliseconds until the next 23:00 in Beijing. */
const untilSettled = () => 86_400_000 - ((Date.now() + 9 * 3_600_000) % 86_400_000);

describe('a refund', () => {
  it('is accepted, ends later, is told, and leaves the rest', async () => {
    const { queryId, orderId: paidId } = await paid();
    const orderId = aNumber();
    const txnTime = timeIn(0);
    await arm('refund', 'never_ends');
    const accepted = await merchant.refund(orderId, queryId, { txnTime, txnAmt: '300' });
    expect(merchant.verifies(accepted.said)).toBe(true);
    expect(accepted.said).toMatchObject({ respCode: '00', origQryId: queryId, txnType: '04' });
    expect(await standing(orderId, txnTime)).toBe('05');
    expect(heardOf(orderId)).toEqual([]);
    await world.control('POST', '/control/unionpay/refunds', { orderId, code: '00' });
    expect(await standing(orderId, txnTime)).toBe('00');
    const [told] = await eventually(() => heardOf(orderId).length > 0 && heardOf(orderId), {
      what: 'the notification',
    });
    expect(merchant.verifies(told ?? {})).toBe(true);
    expect(told).toMatchObject({
      txnType: '04',
      txnSubType: '00',
      txnAmt: '300',
      settleAmt: '300',
      origQryId: queryId,
      queryId: accepted.said['queryId'],
    });
    const books = await world.control('GET', `/control/unionpay/orders?orderId=${paidId}`);
    expect(books.json).toMatchObject([{ refunds: [{ orderId, kind: 'refund', state: 'done' }] }]);
  });

  it('ends by itself; many end, up to all of it, and no fen more', async () => {
    const { queryId } = await paid();
    const txnTime = timeIn(0);
    const [first, second, more] = [aNumber(), aNumber(), aNumber()];
    await merchant.refund(first, queryId, { txnTime, txnAmt: '100' });
    const tooMuch = await merchant.refund(more, queryId, { txnTime, txnAmt: '12701' });
    expect(tooMuch.said).toMatchObject({ respCode: '36' });
    await merchant.refund(second, queryId, { txnTime, txnAmt: '12700' });
    await comesTo(first, txnTime, '00');
    await comesTo(second, txnTime, '00');
    expect((await merchant.refund(more, queryId, { txnTime, txnAmt: '1' })).said).toMatchObject({
      respCode: '45',
    });
    expect(await standing(more, txnTime)).toBe('34');
  });

  it('under a number and time that were used is 12', async () => {
    const { queryId, orderId: paidId, txnTime } = await paid();
    const orderId = aNumber();
    await merchant.refund(orderId, queryId, { txnTime });
    for (const used of [orderId, paidId]) {
      expect((await merchant.refund(used, queryId, { txnTime })).said).toMatchObject({
        respCode: '12',
      });
    }
  });

  it('that fails is found by asking, and told to nobody', async () => {
    const { queryId } = await paid();
    const [failing, again] = [aNumber(), aNumber()];
    const txnTime = timeIn(0);
    await arm('refund', 'ends_failed', { code: '60' });
    expect((await merchant.refund(failing, queryId, { txnTime })).said['respCode']).toBe('00');
    await comesTo(failing, txnTime, '60');
    await merchant.refund(again, queryId, { txnTime, txnAmt: '12800' });
    await comesTo(again, txnTime, '00');
    await eventually(() => heardOf(again).length > 0, { what: 'news of the other one' });
    expect(heardOf(failing)).toEqual([]);
  });

  it('that fails may be told all the same, with its code and no success in it', async () => {
    const { queryId } = await paid();
    const orderId = aNumber();
    await arm('refund', 'ends_failed_told', { code: '60' });
    await merchant.refund(orderId, queryId);
    const [told] = await eventually(() => heardOf(orderId).length > 0 && heardOf(orderId), {
      what: 'the notification',
    });
    expect(merchant.verifies(told ?? {})).toBe(true);
    expect(told).toMatchObject({ txnType: '04', respCode: '60', respMsg: '交易失败[6000000]' });
  });

  it.each([
    ['ends_a6', {}, 'A6'],
    ['ends_late', { delayMs: 1_000 }, '00'],
  ])('by %s comes to %j %s', async (fault, more, code) => {
    const { queryId } = await paid();
    const orderId = aNumber();
    const txnTime = timeIn(0);
    await arm('refund', fault, more);
    await merchant.refund(orderId, queryId, { txnTime });
    await comesTo(orderId, txnTime, code);
  });

  it('is refused for what was not paid, of another merchant, or too long ago', async () => {
    const { queryId } = await paid();
    const jd = await UnionpayMerchant.of(world, 'jd');
    const unknown = await merchant.refund(aNumber(), '1'.repeat(21));
    const others = await jd.refund(aNumber(), queryId);
    await advance(331 * 86_400_000);
    const late = await merchant.refund(aNumber(), queryId);
    for (const { said } of [unknown, others, late]) expect(said).toMatchObject({ respCode: '35' });
  });

  it('of an empty account is 64', async () => {
    const { queryId } = await paid();
    await world.control('POST', '/control/unionpay/withdraw', { account: 'taobao' });
    expect((await merchant.refund(aNumber(), queryId)).said).toMatchObject({ respCode: '64' });
    await paid();
    expect((await merchant.refund(aNumber(), queryId)).said).toMatchObject({ respCode: '00' });
  });
});

describe('an undo', () => {
  it('gives back all of it on the same settlement day, and is told as 31', async () => {
    const { queryId } = await paid();
    const orderId = aNumber();
    const txnTime = timeIn(0);
    expect((await merchant.undo(orderId, queryId, { txnTime })).said).toMatchObject({
      respCode: '00',
    });
    await comesTo(orderId, txnTime, '00');
    const [told] = await eventually(() => heardOf(orderId).length > 0 && heardOf(orderId), {
      what: 'the notification',
    });
    expect(told).toMatchObject({ txnType: '31', txnAmt: '12800', respMsg: 'success' });
    for (const again of [merchant.undo(aNumber(), queryId), merchant.refund(aNumber(), queryId)]) {
      expect((await again).said).toMatchObject({ respCode: '45' });
    }
  });

  it('of a part is 36, and after a part was refunded 45', async () => {
    const { queryId } = await paid();
    const part = await merchant.undo(aNumber(), queryId, { txnAmt: '12799' });
    expect(part.said).toMatchObject({ respCode: '36' });
    await merchant.refund(aNumber(), queryId);
    expect((await merchant.undo(aNumber(), queryId)).said).toMatchObject({ respCode: '45' });
  });

  it('is too late at 23:00 in Beijing; a refund is not', async () => {
    const { queryId } = await paid();
    await advance(untilSettled());
    expect((await merchant.undo(aNumber(), queryId)).said).toMatchObject({ respCode: '35' });
    expect((await merchant.refund(aNumber(), queryId)).said).toMatchObject({ respCode: '00' });
  });
});

it('keeps its own books, to the fen', async () => {
  await using opened = new AsyncDisposableStack();
  const fresh = opened.use(await startWorld());
  const seller = await UnionpayMerchant.of(fresh);
  await fresh.control('POST', '/control/faults', {
    provider: 'unionpay',
    call: 'refund',
    fault: 'never_ends',
  });
  const orderId = aNumber();
  await seller.app(orderId);
  await seller.app(aNumber());
  const paidOrder = await fresh.control('POST', '/control/unionpay/pay', { orderId, extraFen: 2 });
  const { queryId } = paidOrder.json as { queryId: string };
  await seller.refund(aNumber(), queryId, { txnAmt: '100' });
  const cny = (minor: string) => ({ currency: 'CNY', minor });
  const [taobao] = (await fresh.control('GET', '/control/unionpay/totals')).json as object[];
  expect(taobao).toEqual({
    account: 'taobao',
    merId: seller.account.merId,
    orders: 2,
    payments: 1,
    captured: cny('12802'),
    refunds: 1,
    refunded: cny('0'),
    refunding: cny('100'),
    kept: cny('12702'),
  });
});
