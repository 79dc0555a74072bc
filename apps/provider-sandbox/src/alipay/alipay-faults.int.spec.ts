import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { aNumber, type Answer } from './alipay-merchant.examples.js';
import { AlipayWorld } from './alipay-world.examples.js';

let world: AlipayWorld;

beforeAll(async () => {
  world = await AlipayWorld.start();
});
afterEach(() => world.world.control('DELETE', '/control/faults'));
afterAll(() => world[Symbol.asyncDispose]());

const statusOf = async (number: string) =>
  (await world.merchant.query(number)).node['trade_status'];
const precreated = async (number: string) =>
  (await world.order(number).catch(() => undefined)) !== undefined;

describe('a fault of Alipay', () => {
  it.each([
    ['drop_request', false],
    ['drop_answer', true],
  ])('%s cuts the connection; it happened: %s', async (fault, happened) => {
    await world.arm('precreate', fault);
    const number = aNumber();
    await expect(world.merchant.precreate(number)).rejects.toThrow();
    expect(await precreated(number)).toBe(happened);
  });

  it.each<[string, string, string, boolean]>([
    ['unknown_20000', '20000', 'isp.unknow-error', false],
    ['unknown_20000_after', '20000', 'isp.unknow-error', true],
    ['system_error', '40004', 'ACQ.SYSTEM_ERROR', false],
    ['system_error_after', '40004', 'ACQ.SYSTEM_ERROR', true],
    ['rate_limited', '40005', 'isv.method-call-limited', false],
  ])('%s answers %s %s; it happened: %s', async (fault, code, subCode, happened) => {
    await world.arm('precreate', fault);
    const number = aNumber();
    const answer = await world.merchant.precreate(number);
    expect(answer).toMatchObject({ status: 200, node: { code, sub_code: subCode } });
    expect(answer.sign === undefined).toBe(code === '40005'); // the gateway's own are not signed
    expect(await precreated(number)).toBe(happened);
  });

  it.each([
    ['error_500', false],
    ['error_500_after', true],
  ])('%s answers a page under 500; it happened: %s', async (fault, happened) => {
    await world.arm('precreate', fault);
    const number = aNumber();
    await expect(world.merchant.precreate(number)).rejects.toThrow(/JSON/);
    expect(await precreated(number)).toBe(happened);
  });

  it('refuses with whatever code it was given, for the order it was given', async () => {
    const [other, number] = [aNumber(), aNumber()];
    const more = { code: 'ACQ.ACCESS_FORBIDDEN', outTradeNo: number };
    await world.arm('precreate', 'refuse', more);
    expect((await world.merchant.precreate(other)).node).toMatchObject({ code: '10000' });
    expect((await world.merchant.precreate(number)).node).toMatchObject({
      code: '40004',
      sub_code: 'ACQ.ACCESS_FORBIDDEN',
    });
  });

  it.each<[string, (answer: Answer) => unknown]>([
    ['bad_signature', (answer) => expect(answer.sign).toBeDefined()],
    ['unsigned', (answer) => expect(answer.sign).toBeUndefined()],
    [
      'slashes_plain',
      ({ content, ...answer }) => {
        const plain = content.replaceAll('\\/', '/');
        expect(plain).not.toBe(content);
        expect(world.merchant.verifies({ ...answer, content: plain })).toBe(true);
      },
    ],
  ])('%s happens, and its answer does not verify as it stands', async (fault, look) => {
    await world.arm('precreate', fault);
    const number = aNumber();
    const answer = await world.merchant.precreate(number);
    expect(answer.node).toMatchObject({ code: '10000' });
    expect(world.merchant.verifies(answer)).toBe(false);
    look(answer);
    expect(await precreated(number)).toBe(true);
  });

  it('tells one fen more than the books have, well signed', async () => {
    const number = await world.paid();
    await world.arm('query', 'wrong_amount');
    const answer = await world.merchant.query(number);
    expect(world.merchant.verifies(answer)).toBe(true);
    expect(answer.node).toMatchObject({ total_amount: '128.01', receipt_amount: '128.01' });
    expect((await world.order(number)).taken).toEqual({ currency: 'CNY', minor: '12800' });
  });

  it.each(['close', 'cancel'] as const)('lets money come after %s', async (call) => {
    const number = await world.waiting();
    await world.arm(call, 'success_after_close', { delayMs: 50 });
    expect((await world.merchant[call](number)).node).toMatchObject({ code: '10000' });
    await eventually(async () => (await statusOf(number)) === 'TRADE_SUCCESS', {
      what: 'the money to come',
    });
    expect(await world.order(number)).toMatchObject({ late: true });
    const [notice] = await world.heard(number);
    expect(notice).toMatchObject({ isAlipays: true, said: { trade_status: 'TRADE_SUCCESS' } });
  });

  it('is slow in both ways', async () => {
    await world.arm('query', 'delay', { delayMs: 100 });
    await world.arm('query', 'delay_answer', { delayMs: 100 });
    const began = performance.now();
    await world.merchant.query(aNumber());
    await world.merchant.query(aNumber());
    expect(performance.now() - began).toBeGreaterThanOrEqual(195);
  });
});

describe('time', () => {
  it('closes a trade at its deadline, and forgets an offer that nobody took up', async () => {
    const until = { timeout_express: '10m' };
    const [scanned, unseen] = [aNumber(), aNumber()];
    await world.control('open', { qrCode: await world.merchant.codeOf(scanned, until) });
    const code = await world.merchant.codeOf(unseen, until);
    await world.advance(600_000);
    expect(await statusOf(scanned)).toBe('TRADE_CLOSED');
    expect(await world.order(scanned)).toMatchObject({ closedBecause: 'expired' });
    expect(await world.pay({ qrCode: code })).toMatchObject({
      status: 409,
      json: { code: 'code_dead' },
    });
    expect((await world.merchant.query(unseen)).node).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    });
  });

  it('is not before now', async () => {
    const past = { time_expire: '2020-01-01 00:00:00' };
    expect((await world.merchant.precreate(aNumber(), past)).node).toMatchObject({
      sub_code: 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR',
    });
  });
});

describe('an order that Alipay would not take', () => {
  it.each<[string, object, string]>([
    ['a subject with a slash', { subject: 'a/b' }, 'ACQ.INVALID_PARAMETER'],
    ['no amount', { total_amount: undefined }, 'ACQ.INVALID_PARAMETER'],
    ['nothing', { total_amount: '0.00' }, 'ACQ.INVALID_PARAMETER'],
    ['three decimals', { total_amount: '1.001' }, 'ACQ.INVALID_PARAMETER'],
    ['a number for text', { total_amount: 128 }, 'ACQ.INVALID_PARAMETER'],
    ['more than a hundred million', { total_amount: '100000000.01' }, 'ACQ.TOTAL_FEE_EXCEED'],
    ['another product', { product_code: 'QUICK_WAP_WAY' }, 'ACQ.INVALID_PARAMETER'],
    ['a field that nobody knows', { totalAmount: '1' }, 'ACQ.INVALID_PARAMETER'],
    ['no such moment', { time_expire: '2030-02-30 00:00:00' }, 'ACQ.INVALID_PARAMETER'],
    ["another merchant's number", { seller_id: '2088' }, 'ACQ.INVALID_PARAMETER'],
  ])('with %s is refused', async (_, over, subCode) => {
    const answer = await world.merchant.precreate(aNumber(), over);
    expect(answer.node).toMatchObject({ code: '40004', sub_code: subCode });
    expect(world.merchant.verifies(answer)).toBe(true);
  });

  it('in words that are no JSON is refused by the gateway', async () => {
    const parameters = { biz_content: '{' };
    const answer = await world.merchant.query('x', { parameters });
    expect(answer.node).toMatchObject({ code: '40002', sub_code: 'isv.invalid-parameter' });
  });

  it.each([
    ['GET', '/', 404],
    ['PUT', '/gateway.do', 405],
  ])('%s %s is answered %i', async (method, path, status) => {
    const url = `http://127.0.0.1:${world.merchant.port}${path}`;
    expect((await fetch(url, { method })).status).toBe(status);
  });

  it('said twice in one request is refused', async () => {
    const answer = await world.merchant.post('app_id=1&app_id=2', '');
    expect(answer.node).toMatchObject({ sub_code: 'isv.invalid-parameter' });
  });
});
