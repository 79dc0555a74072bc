import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aNumber } from './alipay-merchant.examples.js';
import { AlipayWorld } from './alipay-world.examples.js';

let world: AlipayWorld;

beforeAll(async () => {
  world = await AlipayWorld.start();
});
afterEach(async () => {
  await world.control('interoperability', { account: 'taobao', takesUnionpay: false });
  await world.world.control('DELETE', '/control/faults');
});
afterAll(() => world[Symbol.asyncDispose]());

const agree = () => world.control('interoperability', { account: 'taobao', takesUnionpay: true });
const handIn = async (code: string, number = aNumber()) =>
  (await world.merchant.pay(number, code)).node;
const statusOf = async (number: string) => (await world.merchant.query(number)).node;

describe('a code shown in a shop', () => {
  it('is paid at once, told, and taken once', async () => {
    const code = await world.code();
    expect(code).toMatch(/^(2[5-9]|30)\d{16}$/);
    const number = aNumber();
    const answer = await world.merchant.pay(number, code);
    expect(world.merchant.verifies(answer)).toBe(true);
    expect(answer.node).toMatchObject({
      code: '10000',
      out_trade_no: number,
      trade_no: expect.stringMatching(/^\d{28}$/),
      receipt_amount: '128.00',
      gmt_payment: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      buyer_user_id: expect.stringMatching(/^2088\d{12}$/),
      fund_bill_list: [{ amount: '128.00', fund_channel: 'ALIPAYACCOUNT' }],
    });
    const [notice] = await world.heard(number);
    expect(notice?.said).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
    expect(await handIn(code, number)).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' });
    expect(await handIn(code)).toMatchObject({ sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID' });
  });

  it('lives a minute, and has to have been shown', async () => {
    const code = await world.code();
    await world.advance(60_000);
    for (const old of [code, '280000000000000000', '130000000000000000']) {
      expect(await handIn(old)).toMatchObject({
        code: '40004',
        sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
      });
    }
  });

  it.each([
    ['its payer is asked by the app', async () => undefined, { then: 'waits' }],
    ['a fault says so', () => world.arm('pay', 'asks_payer'), {}],
  ])('waits for its payer where %s', async (_, prepare, shown) => {
    await prepare();
    const number = aNumber();
    expect(await handIn(await world.code(shown), number)).toMatchObject({
      code: '10003',
      out_trade_no: number,
    });
    expect(await statusOf(number)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
    await world.pay({ outTradeNo: number });
    expect(await statusOf(number)).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
  });

  it('is declined for its reason, and the trade waits until it is cancelled', async () => {
    const number = aNumber();
    const code = await world.code({ then: 'declines', code: 'ACQ.PAYMENT_FAIL' });
    expect(await handIn(code, number)).toMatchObject({ sub_code: 'ACQ.PAYMENT_FAIL' });
    expect(await statusOf(number)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
    expect((await world.merchant.cancel(number)).node).toMatchObject({ action: 'close' });
  });

  it.each([
    ['cloud_quickpass', 'UNIONPAY_QUICKPASS', undefined],
    ['bank_app:0105', 'BANK_APP', '0105'],
  ])("of UnionPay's is taken where the merchant agreed: %s", async (wallet, channel, bank) => {
    const refused = await world.code({ wallet });
    expect(refused).toMatch(/^62\d{17}$/);
    expect(await handIn(refused)).toMatchObject({ sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID' });
    await agree();
    const number = aNumber();
    const paid = await handIn(await world.code({ wallet }), number);
    expect(paid).toMatchObject({ code: '10000' });
    expect(paid).not.toHaveProperty('buyer_user_id');
    expect(paid['fund_bill_list']).toEqual([
      { amount: '128.00', fund_channel: channel, ...(bank !== undefined && { bank_code: bank }) },
    ]);
    const [notice] = await world.heard(number);
    expect(JSON.parse(notice?.said['fund_bill_list'] ?? '')).toEqual([
      { amount: '128.00', fundChannel: channel, ...(bank !== undefined && { bankCode: bank }) },
    ]);
    expect(notice?.said).not.toHaveProperty('buyer_id');
    expect(await world.order(number)).toMatchObject({ wallet });
  });

  it("shown on UnionPay's own side is taken by its form", async () => {
    await agree();
    const shown = await world.world.control('POST', '/control/unionpay/codes', {});
    const { qrNo } = shown.json as Readonly<{ qrNo: string }>;
    const paid = await handIn(qrNo);
    expect(paid).toMatchObject({
      code: '10000',
      fund_bill_list: [{ fund_channel: 'UNIONPAY_QUICKPASS' }],
    });
    expect(await handIn(qrNo)).toMatchObject({ sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID' });
  });
});

describe('an order of Alipay', () => {
  it("is paid by whom one says, with UnionPay's apps where the merchant agreed, with WeChat's never", async () => {
    const number = await world.waiting();
    const refused = { status: 409, json: { code: 'wallet_not_accepted' } };
    expect(await world.pay({ outTradeNo: number, wallet: 'cloud_quickpass' })).toMatchObject(
      refused,
    );
    await agree();
    const other = await world.waiting();
    await world.pay({ outTradeNo: other, buyerId: '2088000000000042' });
    expect(await statusOf(other)).toMatchObject({ buyer_user_id: '2088000000000042' });
    expect(await world.pay({ outTradeNo: number, wallet: 'wechat_pay' })).toMatchObject(refused);
    expect(await world.pay({ outTradeNo: number, wallet: 'cloud_quickpass' })).toMatchObject({
      status: 200,
      json: { wallet: 'cloud_quickpass', state: 'TRADE_SUCCESS' },
    });
    expect(await statusOf(number)).toMatchObject({
      fund_bill_list: [{ fund_channel: 'UNIONPAY_QUICKPASS' }],
    });
  });
});

describe('a wrong word to the control API of Alipay', () => {
  const fault = { provider: 'alipay', call: 'query', fault: 'delay' };
  it.each<[string, object, number, string]>([
    ['/control/alipay/pay', {}, 400, 'which_order'],
    ['/control/alipay/pay', { tradeNo: '1'.repeat(28), outTradeNo: 'b' }, 400, 'which_order'],
    ['/control/alipay/pay', { outTradeNo: 'none' }, 404, 'order_not_found'],
    ['/control/alipay/pay', { qrCode: 'https://qr.alipay.com/x' }, 404, 'order_not_found'],
    ['/control/alipay/pay', { qrCode: 'https://example.com/x' }, 400, 'invalid_request'],
    ['/control/alipay/pay', { orderString: 'a=b' }, 422, 'client_refuses'],
    ['/control/alipay/codes', { wallet: 'paypal' }, 409, 'wallet_not_accepted'],
    ['/control/alipay/codes', { then: 'declines', code: 'X' }, 422, 'error_code_unknown'],
    ['/control/alipay/withdraw', { account: 'none' }, 404, 'account_not_found'],
    ['/control/faults', { ...fault, call: 'create' }, 422, 'call_unknown'],
    ['/control/faults', { ...fault, fault: 'never_moves' }, 422, 'fault_unknown'],
    ['/control/faults', { ...fault, fault: 'refuse', code: 'NO_AUTH' }, 422, 'error_code_unknown'],
  ])('%s %j is answered %i %s', async (path, body, status, code) => {
    expect(await world.world.control('POST', path, body)).toMatchObject({
      status,
      json: { code },
    });
  });
});
