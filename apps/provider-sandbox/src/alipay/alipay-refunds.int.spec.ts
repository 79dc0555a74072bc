import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aNumber } from './alipay-merchant.examples.js';
import { AlipayWorld } from './alipay-world.examples.js';

const DAY_MS = 86_400_000;
const GAP_MS = 3_000;
let world: AlipayWorld;

beforeAll(async () => {
  world = await AlipayWorld.start();
});
afterEach(() => world.world.control('DELETE', '/control/faults'));
afterAll(() => world[Symbol.asyncDispose]());

const refund = async (number: string, own: string, amount = '1.00') =>
  (await world.merchant.refund(number, own, { refund_amount: amount })).node;
const asked = async (number: string, own: string) =>
  (await world.merchant.queryRefund(number, own)).node;
const statusOf = async (number: string) =>
  (await world.merchant.query(number)).node['trade_status'];

describe('a refund at Alipay', () => {
  it('moves money once per number, and tells the sum of all', async () => {
    const number = await world.paid();
    expect(await refund(number, 'R1', '28.00')).toMatchObject({
      fund_change: 'Y',
      refund_fee: '28.00',
      send_back_fee: '28.00',
    });
    expect(await refund(number, 'R1', '28.00')).toMatchObject({
      fund_change: 'N',
      refund_fee: '28.00',
    });
    expect(await refund(number, 'R1', '28.01')).toMatchObject({
      sub_code: 'ACQ.DISCORDANT_REPEAT_REQUEST',
    });
    expect(await refund(number, 'R2')).toMatchObject({ sub_code: 'ACQ.SYSTEM_ERROR' });
    await world.advance(GAP_MS);
    expect(await refund(number, 'R2', '50.00')).toMatchObject({
      fund_change: 'Y',
      refund_fee: '78.00',
      send_back_fee: '50.00',
    });
    expect(await statusOf(number)).toBe('TRADE_SUCCESS');
    await world.advance(GAP_MS);
    expect(await refund(number, 'R3', '50.01')).toMatchObject({
      sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
    });
    expect(await refund(number, 'R4', '50.00')).toMatchObject({ refund_fee: '128.00' });
    expect(await statusOf(number)).toBe('TRADE_CLOSED');
    expect(await asked(number, 'R1')).toMatchObject({
      refund_status: 'REFUND_SUCCESS',
      refund_amount: '28.00',
      total_amount: '128.00',
    });
  });

  it('is found under its number alone; what is not there is an empty success', async () => {
    const number = await world.paid();
    expect(await asked(number, 'R1')).toEqual({ code: '10000', msg: 'Success' });
    expect(await asked(aNumber(), 'R1')).toMatchObject({
      code: '40004',
      sub_code: 'TRADE_NOT_EXIST',
    });
  });

  it('needs a number of its own for a part, and takes the order’s for all of it', async () => {
    const number = await world.paid();
    const out_request_no = undefined;
    const part = await world.merchant.refund(number, '', { out_request_no });
    expect(part.node).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' });
    const over = { out_request_no, refund_amount: '128.00' };
    const whole = await world.merchant.refund(number, '', over);
    expect(whole.node).toMatchObject({ fund_change: 'Y' });
    expect(await asked(number, number)).toMatchObject({ refund_status: 'REFUND_SUCCESS' });
  });

  it.each([
    ['what was never scanned', async () => aNumber(), 'ACQ.TRADE_NOT_EXIST'],
    ['what waits', () => world.waiting(), 'ACQ.TRADE_STATUS_ERROR'],
  ])('of %s is refused', async (_, made, subCode) => {
    expect(await refund(await made(), 'R1')).toMatchObject({ code: '40004', sub_code: subCode });
  });

  it('moves late, or never, by a fault: until then there is nothing to find', async () => {
    const number = await world.paid();
    await world.arm('refund', 'moves_late', { delayMs: 60_000 });
    expect(await refund(number, 'R1')).toMatchObject({ fund_change: 'N', refund_fee: '0.00' });
    expect(await refund(number, 'R1')).toMatchObject({ fund_change: 'N' });
    expect(await asked(number, 'R1')).toEqual({ code: '10000', msg: 'Success' });
    await world.advance(60_000);
    expect(await asked(number, 'R1')).toMatchObject({ refund_status: 'REFUND_SUCCESS' });

    await world.arm('refund', 'never_moves');
    expect(await refund(number, 'R2')).toMatchObject({ fund_change: 'N' });
    await world.advance(DAY_MS);
    expect(await asked(number, 'R2')).toEqual({ code: '10000', msg: 'Success' });
    expect(await refund(number, 'R2')).toMatchObject({ fund_change: 'Y', refund_fee: '2.00' });
  });

  it('is not given from an empty account, until it is paid again', async () => {
    const number = await world.paid();
    await world.control('withdraw', { account: 'taobao' });
    expect(await refund(number, 'R1')).toMatchObject({
      sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
    });
    await world.paid();
    expect(await refund(number, 'R1')).toMatchObject({ fund_change: 'Y' });
  });

  it('is in the books, to the fen', async () => {
    const before = await totals();
    const number = await world.paid();
    await refund(number, 'R1', '28.05');
    expect(await world.order(number)).toMatchObject({
      taken: { currency: 'CNY', minor: '12800' },
      refunds: [{ outRequestNo: 'R1', status: 'SUCCESS', amount: { minor: '2805' } }],
    });
    const after = await totals();
    expect(after.kept - before.kept).toBe(9_995);
    expect(after.refunded - before.refunded).toBe(2_805);
    const all = await world.world.control('GET', '/control/alipay/refunds');
    expect(all.json).toContainEqual(expect.objectContaining({ outTradeNo: number }));
  });

  it('is too late after a year', async () => {
    const number = await world.paid();
    await world.advance(366 * DAY_MS);
    expect(await statusOf(number)).toBe('TRADE_FINISHED');
    expect(await refund(number, 'R1')).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_FINISHED' });
  });
});

describe('cancelling', () => {
  it('closes what waits and gives back what was paid', async () => {
    const waiting = await world.waiting();
    expect((await world.merchant.cancel(waiting)).node).toMatchObject({
      action: 'close',
      retry_flag: 'N',
    });
    expect(await statusOf(waiting)).toBe('TRADE_CLOSED');
    const paid = await world.paid();
    await refund(paid, 'R1');
    expect((await world.merchant.cancel(paid)).node).toMatchObject({ action: 'refund' });
    expect((await world.merchant.cancel(paid)).node).toMatchObject({ action: 'refund' });
    expect(await statusOf(paid)).toBe('TRADE_CLOSED');
    expect((await world.order(paid)).refunds).toMatchObject([
      { outRequestNo: 'R1', amount: { minor: '100' } },
      { status: 'SUCCESS', amount: { minor: '12700' } },
    ]);
    expect((await world.merchant.cancel(aNumber())).node).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    });
  });

  it('is to be asked for again where a fault says so', async () => {
    const paid = await world.paid();
    await world.arm('cancel', 'retry');
    expect((await world.merchant.cancel(paid)).node).toMatchObject({ retry_flag: 'Y' });
    expect(await statusOf(paid)).toBe('TRADE_SUCCESS');
  });
});

async function totals(): Promise<Readonly<{ kept: number; refunded: number }>> {
  const { json } = await world.world.control('GET', '/control/alipay/totals');
  const [taobao] = json as readonly Readonly<Record<'kept' | 'refunded', { minor: string }>>[];
  return { kept: Number(taobao?.kept.minor), refunded: Number(taobao?.refunded.minor) };
}
