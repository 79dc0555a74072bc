import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { startWorld, type World } from '../world.examples.js';
import { aNumber, timeIn, UnionpayMerchant } from './unionpay-merchant.examples.js';

let world: World;
let merchant: UnionpayMerchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = await UnionpayMerchant.of(world);
});
afterEach(() => world.control('DELETE', '/control/faults'));
afterAll(() => world[Symbol.asyncDispose]());

const arm = async (call: string, fault: string, more: object = {}) => {
  const armed = { provider: 'unionpay', call, fault, ...more };
  expect(await world.control('POST', '/control/faults', armed)).toMatchObject({ status: 201 });
};
const exists = async (orderId: string) =>
  ((await world.control('GET', `/control/unionpay/orders?orderId=${orderId}`)).json as object[])
    .length === 1;

describe('a call that goes wrong', () => {
  it.each([
    ['drop_request', false],
    ['drop_answer', true],
  ])('by %s leaves no answer, and the order there: %s', async (fault, happened) => {
    const orderId = aNumber();
    await arm('create', fault);
    await expect(merchant.app(orderId)).rejects.toThrow();
    expect(await exists(orderId)).toBe(happened);
  });

  it.each([
    ['error_500', false],
    ['error_500_after', true],
  ])('by %s is no message, and the order is there: %s', async (fault, happened) => {
    const orderId = aNumber();
    await arm('create', fault);
    expect(await merchant.app(orderId)).toMatchObject({ status: 500, body: '' });
    expect(await exists(orderId)).toBe(happened);
  });

  it.each([
    ['refuse', '31', false],
    ['answer_code', '03', true],
    ['answer_code', '04', true],
    ['answer_code', '05', true],
  ])('by %s %s says that, signed, and the order is there: %s', async (fault, code, happened) => {
    const orderId = aNumber();
    await arm('create', fault, { code });
    const { said } = await merchant.app(orderId);
    expect(said).toMatchObject({ respCode: code });
    expect(said).not.toHaveProperty('tn');
    expect(merchant.verifies(said)).toBe(true);
    expect(await exists(orderId)).toBe(happened);
  });

  it.each(['bad_signature', 'wrong_subject', 'expired', 'foreign_chain', 'unsigned'])(
    'by %s is done, and nobody may believe its answer',
    async (fault) => {
      const orderId = aNumber();
      await arm('create', fault);
      const { said } = await merchant.app(orderId);
      expect(said).toMatchObject({ respCode: '00' });
      expect(merchant.verifies(said)).toBe(false);
      expect(await exists(orderId)).toBe(true);
    },
  );

  it('by unsigned has neither certificate nor signature', async () => {
    await arm('query', 'unsigned');
    const { said } = await merchant.query(aNumber(), timeIn(0));
    expect(said).not.toHaveProperty('signature');
    expect(said).not.toHaveProperty('signPubKeyCert');
  });

  it('by unbalanced cannot be cut into its pairs', async () => {
    await arm('create', 'unbalanced');
    const { body, said } = await merchant.app(aNumber());
    expect(body).toContain('reserved={payApp=&respCode=00');
    expect(said).not.toHaveProperty('signature');
  });

  it.each(['03', '04', '05', '06', '61'])('a query may be told %s of a payment', async (code) => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    await merchant.app(orderId, { txnTime });
    await world.control('POST', '/control/unionpay/pay', { orderId });
    await arm('query', 'orig_code', { code });
    const told = await merchant.query(orderId, txnTime);
    expect(told.said).toMatchObject({ respCode: '00', origRespCode: code });
    expect((await merchant.query(orderId, txnTime)).said).toMatchObject({ origRespCode: '00' });
  });

  it('by wrong_amount tells one fen more, once', async () => {
    const orderId = aNumber();
    const txnTime = timeIn(0);
    await merchant.app(orderId, { txnTime });
    await world.control('POST', '/control/unionpay/pay', { orderId });
    await arm('query', 'wrong_amount');
    const told = await merchant.query(orderId, txnTime);
    expect(merchant.verifies(told.said)).toBe(true);
    expect(told.said).toMatchObject({ txnAmt: '12801', settleAmt: '12801' });
    expect((await merchant.query(orderId, txnTime)).said).toMatchObject({ txnAmt: '12800' });
  });

  it('by delay_answer happens at once and is told late', async () => {
    const orderId = aNumber();
    await arm('create', 'delay_answer', { delayMs: 400 });
    const late = merchant.app(orderId);
    await eventually(() => exists(orderId), { withinMs: 300, what: 'the order before its answer' });
    expect((await late).said).toMatchObject({ respCode: '00' });
  });

  it('strikes a share of all, as its seed decides', async () => {
    await arm('create', 'refuse', { code: '06', share: 0.5, seed: 7 });
    const codes = [];
    for (let call = 0; call < 12; call += 1) {
      codes.push((await merchant.app(aNumber())).said['respCode']);
    }
    expect(new Set(codes)).toEqual(new Set(['00', '06']));
  });

  it.each([
    ['refuse', {}],
    ['answer_code', {}],
    ['answer_code', { code: 'XX' }],
  ])('is not armed without one of UnionPay’s codes: %s %j', async (fault, more) => {
    const armed = { provider: 'unionpay', call: 'create', fault, ...more };
    expect(await world.control('POST', '/control/faults', armed)).toMatchObject({
      status: 422,
      json: { code: 'error_code_unknown' },
    });
  });
});

it('signs with another certificate of the same chain once it was changed', async () => {
  const before = (await merchant.app(aNumber())).said;
  await world.control('POST', '/control/unionpay/certificates/rotate', {});
  const after = (await merchant.app(aNumber())).said;
  expect(after['signPubKeyCert']).not.toBe(before['signPubKeyCert']);
  expect(merchant.verifies(after)).toBe(true);
});
