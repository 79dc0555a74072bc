import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { aNumber, jsonOf, Merchant, type Answer } from '../merchant.examples.js';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';

let world: World;
let receiver: Receiver;
let merchant: Merchant;

beforeAll(async () => {
  world = await startWorld();
  receiver = await startReceiver();
  merchant = new Merchant(world.wechatPort, world.taobao, receiver.url);
});
beforeEach(async () => {
  await world.control('POST', '/control/clock', { scale: 20 }); // settled in 50 ms
  await world.control('DELETE', '/control/faults');
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

/** A paid order of 12 800 fen, of which the merchant was told. */
async function paid(): Promise<string> {
  const number = aNumber();
  await merchant.native(number);
  await world.control('POST', '/control/wechat/pay', { outTradeNo: number });
  return number;
}

const pass = (advanceMs: number) => world.control('POST', '/control/clock', { advanceMs });
const of = (refund: number, total = 12_800) => ({ amount: { refund, total, currency: 'CNY' } });
const end = (outRefundNo: string, status: string) =>
  world.control('POST', '/control/wechat/refunds', { outRefundNo, status });
const tradeState = async (number: string) => jsonOf(await merchant.query(number))['trade_state'];

const statusIs = (outRefundNo: string, status: string) =>
  eventually(async () => jsonOf(await merchant.queryRefund(outRefundNo))['status'] === status, {
    what: `the refund to be ${status}`,
  });

/** What arrived of an order, opened, in the order of its coming. */
const toldOf = (number: string, kind: string) =>
  receiver.heard
    .map((notice) => ({ notice, says: merchant.opened(notice.body), ...jsonOf(notice) }))
    .filter(({ says, ...notice }) => says['out_trade_no'] === number && isOf(notice, kind));
const isOf = (notice: object, kind: string) =>
  'event_type' in notice && String(notice.event_type).startsWith(kind);
const heard = (number: string, count: number) =>
  eventually(
    () => {
      const told = toldOf(number, 'REFUND');
      return told.length >= count && told;
    },
    { what: `${count} notices of refunds` },
  );

function expectRefused(answer: Answer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(jsonOf(answer)).toMatchObject({ code });
  expect(answer.headers).not.toHaveProperty('wechatpay-signature');
}

describe('a refund at WeChat', () => {
  it('is accepted, arrives, and is told', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    const accepted = await merchant.refund(number, refundNo, { reason: '7 days', ...of(12_800) });
    expect(accepted.status).toBe(200);
    expect(merchant.verifies(accepted)).toBe(true);
    const { transactionId } = await world.order(number);
    const facts = { out_refund_no: refundNo, out_trade_no: number, transaction_id: transactionId };
    expect(jsonOf(accepted)).toMatchObject({
      ...facts,
      refund_id: expect.stringMatching(/^50300\d{24}$/),
      channel: 'ORIGINAL',
      create_time: expect.stringMatching(/\+08:00$/),
      status: 'PROCESSING',
      funds_account: 'AVAILABLE',
      amount: { total: 12_800, refund: 12_800, payer_refund: 12_800, currency: 'CNY' },
    });
    expect(jsonOf(accepted)).not.toHaveProperty('success_time');
    expect(await tradeState(number)).toBe('REFUND');

    await statusIs(refundNo, 'SUCCESS');
    const asked = await merchant.queryRefund(refundNo);
    expect(merchant.verifies(asked)).toBe(true);
    expect(jsonOf(asked)).toMatchObject({ success_time: expect.stringMatching(/\+08:00$/) });
    const [news] = await heard(number, 1);
    expect(news && merchant.verifies(news.notice)).toBe(true);
    expect(news).toMatchObject({
      event_type: 'REFUND.SUCCESS',
      resource: { original_type: 'refund', algorithm: 'AEAD_AES_256_GCM' },
      says: {
        mchid: world.taobao.mchid,
        ...facts,
        refund_id: jsonOf(accepted)['refund_id'],
        refund_status: 'SUCCESS',
        success_time: expect.any(String),
        user_received_account: expect.any(String),
        amount: { total: 12_800, refund: 12_800, payer_total: 12_800, payer_refund: 12_800 },
      },
    });
  });

  it('of more than was asked gives back what was really taken', async () => {
    const [number, refundNo] = [aNumber(), aNumber()];
    await merchant.native(number);
    const how = { outTradeNo: number, extraFen: 1 };
    expect(await world.control('POST', '/control/wechat/pay', how)).toMatchObject({
      json: { amount: { minor: '12800' }, taken: { minor: '12801' } },
    });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ amount: { total: 12_801 } });
    expect((await merchant.refund(number, refundNo, of(12_800))).status).not.toBe(200);

    const accepted = await merchant.refund(number, refundNo, of(12_801, 12_801));

    expect(jsonOf(accepted)).toMatchObject({ amount: { total: 12_801, refund: 12_801 } });
    await statusIs(refundNo, 'SUCCESS');
  });

  it('asked for again with the same words is the same one; with others it is refused', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    const answers = await Promise.all([1, 2, 3].map(() => merchant.refund(number, refundNo)));
    expect(new Set(answers.map((answer) => jsonOf(answer)['refund_id'])).size).toBe(1);
    expectRefused(await merchant.refund(number, refundNo, of(101)), 400, 'INVALID_REQUEST');
    await statusIs(refundNo, 'SUCCESS');
    expect(jsonOf(await merchant.refund(number, refundNo))).toMatchObject({ status: 'SUCCESS' });
    expect((await world.order(number)).refunds).toHaveLength(1);
    await heard(number, 1);
    expect(toldOf(number, 'REFUND')).toHaveLength(1);
  });

  it('may be partial and repeated, a minute apart, until all is given back', async () => {
    const number = await paid();
    expect((await merchant.refund(number, aNumber(), of(5_000))).status).toBe(200);
    expectRefused(await merchant.refund(number, aNumber(), of(7_800)), 429, 'FREQUENCY_LIMITED');
    await pass(60_000);
    expectRefused(await merchant.refund(number, aNumber(), of(7_801)), 400, 'INVALID_REQUEST');
    expect((await merchant.refund(number, aNumber(), of(7_800))).status).toBe(200);
    await pass(60_000);
    expectRefused(await merchant.refund(number, aNumber(), of(1)), 400, 'INVALID_REQUEST');
    expect((await world.order(number)).refunds).toMatchObject([
      { amount: { minor: '5000' } },
      { amount: { minor: '7800' } },
    ]);
  });

  it('is found by either number of its payment', async () => {
    const number = await paid();
    const { transactionId } = await world.order(number);
    const byId = { out_trade_no: undefined, transaction_id: transactionId };
    expect((await merchant.refund(number, aNumber(), byId)).status).toBe(200);
    const mixed = { transaction_id: transactionId, out_trade_no: await paid() };
    expectRefused(await merchant.refund(number, aNumber(), mixed), 404, 'RESOURCE_NOT_EXISTS');
    const neither = { out_trade_no: undefined };
    expectRefused(await merchant.refund(number, aNumber(), neither), 400, 'PARAM_ERROR');
  });

  it('of what is not paid, not there, or another merchant’s is refused', async () => {
    const open = aNumber();
    await merchant.native(open);
    const jd = new Merchant(world.wechatPort, world.jd, receiver.url);
    for (const answer of [
      await merchant.refund(open, aNumber()),
      await merchant.refund(aNumber(), aNumber()),
      await jd.refund(await paid(), aNumber()),
      await merchant.queryRefund(aNumber()),
    ]) {
      expectRefused(answer, 404, 'RESOURCE_NOT_EXISTS');
    }
  });

  it('of another total, or of a payment of last year, is refused', async () => {
    const number = await paid();
    const other = await merchant.refund(number, aNumber(), of(1, 12_801));
    expectRefused(other, 400, 'REFUND_FEE_MISMATCH');
    await pass(365 * 86_400_000);
    expectRefused(await merchant.refund(number, aNumber()), 400, 'TRADE_OVERDUE');
  });

  it('waits for money in the account, under the same number', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    expect(await world.control('POST', '/control/wechat/withdraw', { account: 'taobao' })).toEqual({
      status: 204,
      json: undefined,
    });
    expectRefused(await merchant.refund(number, refundNo), 403, 'NOT_ENOUGH');
    expectRefused(await merchant.queryRefund(refundNo), 404, 'RESOURCE_NOT_EXISTS');
    await paid();
    expect((await merchant.refund(number, refundNo)).status).toBe(200);
  });

  it.each([
    ['a bad number', { out_refund_no: 'a b' }],
    ['no currency', { amount: { refund: 1, total: 12_800 } }],
    ['nothing', { amount: { refund: 0, total: 12_800, currency: 'CNY' } }],
    ['half a fen', { amount: { refund: 0.5, total: 12_800, currency: 'CNY' } }],
    ['an unknown field', { refund: 1 }],
    ['a long reason', { reason: 'x'.repeat(81) }],
  ])('with %s is refused', async (_, over) => {
    expectRefused(await merchant.refund(await paid(), aNumber(), over), 400, 'PARAM_ERROR');
  });

  it.each(['/v3/refund/domestic/refunds/a', '/v3/refund/domestic/refunds'])(
    'without User-Agent is refused before anybody asks who is there: %s',
    async (path) => {
      const headers = { 'user-agent': undefined, authorization: undefined };
      const method = path.endsWith('a') ? 'GET' : 'POST';
      expectRefused(await merchant.send(method, path, '', { headers }), 400, 'INVALID_REQUEST');
    },
  );
});

describe('how a refund ends', () => {
  it.each([
    ['ends_abnormal', 'ABNORMAL'],
    ['ends_closed', 'CLOSED'],
  ])('by the fault %s is %s, and told so', async (fault, status) => {
    const [number, refundNo] = [await paid(), aNumber()];
    await world.arm('refund', fault);
    expect(jsonOf(await merchant.refund(number, refundNo))).toMatchObject({ status: 'PROCESSING' });
    await statusIs(refundNo, status);
    const [news] = await heard(number, 1);
    expect(news).toMatchObject({
      event_type: `REFUND.${status}`,
      says: { out_refund_no: refundNo, refund_status: status },
    });
    expect(news?.says).not.toHaveProperty('success_time');
  });

  it('may be decided by hand, also for one that is stuck, and is final then', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    await world.arm('refund', 'never_ends');
    await merchant.refund(number, refundNo);
    await pass(86_400_000);
    expect(jsonOf(await merchant.queryRefund(refundNo))).toMatchObject({ status: 'PROCESSING' });
    expect(await end(refundNo, 'ABNORMAL')).toMatchObject({ status: 200 });
    expect(await end(refundNo, 'SUCCESS')).toMatchObject({ json: { status: 'SUCCESS' } });
    expect(await end(refundNo, 'CLOSED')).toMatchObject({
      status: 409,
      json: { code: 'refund_final' },
    });
    expect(await end(aNumber(), 'CLOSED')).toMatchObject({ status: 404 });
    const news = await heard(number, 2);
    expect(news.map(({ says }) => says['refund_status']).sort()).toEqual(['ABNORMAL', 'SUCCESS']);
  });

  it('leaves what a closed one took to the next one', async () => {
    const number = await paid();
    await world.arm('refund', 'never_ends');
    const refundNo = aNumber();
    await merchant.refund(number, refundNo, of(12_800));
    await end(refundNo, 'CLOSED');
    await pass(60_000);
    expect((await merchant.refund(number, aNumber(), of(12_800))).status).toBe(200);
  });

  it('is told before the payment is, when that was never heard of', async () => {
    await world.arm('notify', 'drop_request');
    const number = await paid();
    await merchant.refund(number, aNumber());
    const [news] = await heard(number, 1);
    expect(news?.says).toMatchObject({ out_trade_no: number });
    expect(toldOf(number, 'TRANSACTION')).toEqual([]);
    expect((await world.order(number)).notifications).toMatchObject([{ state: 'waiting' }]);
  });

  it('is told to nobody where no address was given', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    await merchant.refund(number, refundNo, { notify_url: undefined });
    await statusIs(refundNo, 'SUCCESS');
    expect((await world.order(number)).refunds).toMatchObject([{ notifications: [] }]);
  });

  it('is told again on demand', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    await merchant.refund(number, refundNo);
    await heard(number, 1);
    const again = { outTradeNo: number, outRefundNo: refundNo, copies: 2 };
    await world.control('POST', '/control/wechat/notifications', again);
    const news = await heard(number, 3);
    expect(new Set(news.map(({ notice }) => jsonOf(notice)['id'])).size).toBe(1);
  });
});

describe('a refund that goes wrong', () => {
  it('happens once when its answer is lost', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    await world.arm('refund', 'drop_answer');
    await expect(merchant.refund(number, refundNo)).rejects.toThrow();
    expect((await merchant.queryRefund(refundNo)).status).toBe(200);
    expect((await merchant.refund(number, refundNo)).status).toBe(200);
    expect((await world.order(number)).refunds).toHaveLength(1);
  });

  it('tells one fen more than the books have', async () => {
    const [number, refundNo] = [await paid(), aNumber()];
    await merchant.refund(number, refundNo);
    await world.arm('query_refund', 'wrong_amount');
    const [wrong, right] = [
      await merchant.queryRefund(refundNo),
      await merchant.queryRefund(refundNo),
    ];
    expect(jsonOf(wrong)).toMatchObject({ amount: { refund: 101 } });
    expect(jsonOf(right)).toMatchObject({ amount: { refund: 100 } });
  });
});

it('leaves books that agree to the fen', async () => {
  await using own = await startWorld();
  const seller = new Merchant(own.wechatPort, own.jd);
  const numbers = [aNumber(), aNumber(), aNumber()];
  for (const number of numbers) await seller.native(number);
  const [first = '', second = ''] = numbers;
  for (const outTradeNo of [first, second]) {
    await own.control('POST', '/control/wechat/pay', { outTradeNo });
  }
  const [whole, part] = [aNumber(), aNumber()];
  await own.arm('refund', 'never_ends');
  await seller.refund(first, whole, of(12_800));
  await own.control('POST', '/control/wechat/refunds', { outRefundNo: whole, status: 'SUCCESS' });
  await own.arm('refund', 'never_ends');
  await seller.refund(second, part, of(1));
  expect((await own.control('GET', '/control/wechat/refunds')).json).toMatchObject([
    { outTradeNo: first, outRefundNo: whole, status: 'SUCCESS' },
    { outTradeNo: second, outRefundNo: part, status: 'PROCESSING' },
  ]);
  const cny = (minor: string) => ({ currency: 'CNY', minor });
  expect((await own.control('GET', '/control/wechat/totals')).json).toMatchObject([
    { account: 'taobao', orders: 0, payments: 0, captured: cny('0'), kept: cny('0') },
    {
      account: 'jd',
      orders: 3,
      payments: 2,
      captured: cny('25600'),
      refunds: 2,
      refunded: cny('12800'),
      refunding: cny('1'),
      kept: cny('12799'),
    },
  ]);
});
