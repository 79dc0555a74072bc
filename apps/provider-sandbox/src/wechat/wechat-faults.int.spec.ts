import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { aNumber, jsonOf, Merchant } from '../merchant.examples.js';
import { startWorld, type World } from '../world.examples.js';

let world: World;
let merchant: Merchant;

beforeAll(async () => {
  world = await startWorld();
  merchant = new Merchant(world.wechatPort, world.taobao);
});
afterEach(() => world.control('DELETE', '/control/faults'));
afterAll(() => world[Symbol.asyncDispose]());

const stateOf = async (number: string) => jsonOf(await merchant.query(number))['trade_state'];
const exists = async (number: string) => (await merchant.query(number)).status === 200;

describe('a call that goes wrong', () => {
  it.each([
    ['drop_request', false],
    ['drop_answer', true],
  ])('by %s leaves no answer, and the order there: %s', async (fault, happened) => {
    const number = aNumber();
    await world.arm('create', fault);
    await expect(merchant.native(number)).rejects.toThrow();
    expect(await exists(number)).toBe(happened);
    expect((await merchant.native(number)).status).toBe(200);
  });

  it.each([
    ['error_500', {}, 500, 'SYSTEM_ERROR', false],
    ['error_500_after', {}, 500, 'SYSTEM_ERROR', true],
    ['rate_limited', {}, 429, 'FREQUENCY_LIMITED', false],
    ['refuse', { code: 'NO_AUTH' }, 403, 'NO_AUTH', false],
  ])(
    'by %s %j answers %i %s, and the order is there: %s',
    async (fault, more, status, code, happened) => {
      const number = aNumber();
      await world.arm('create', fault, more);
      const answer = await merchant.native(number);
      expect(answer.status).toBe(status);
      expect(jsonOf(answer)).toMatchObject({ code });
      expect(answer.headers).not.toHaveProperty('wechatpay-signature');
      expect(await exists(number)).toBe(happened);
    },
  );

  it('by accepted_202 is signed, empty and not done', async () => {
    const number = aNumber();
    await world.arm('create', 'accepted_202');
    const answer = await merchant.native(number);
    expect(answer).toMatchObject({ status: 202, body: '' });
    expect(merchant.verifies(answer)).toBe(true);
    expect(await exists(number)).toBe(false);
  });

  it.each(['bad_signature', 'signtest'])('by %s is done and does not verify', async (fault) => {
    const number = aNumber();
    await world.arm('create', fault);
    const answer = await merchant.native(number);
    expect(answer.status).toBe(200);
    expect(merchant.verifies(answer)).toBe(false);
    expect(merchant.verifies(await merchant.native(number))).toBe(true);
  });

  it('by delay happens late, even if nobody waits for it', async () => {
    const number = aNumber();
    await world.arm('create', 'delay', { delayMs: 200 });
    const late = merchant.native(number);
    expect(await exists(number)).toBe(false);
    expect((await late).status).toBe(200);
    expect(await exists(number)).toBe(true);
  });

  it('by delay_answer happens at once and is told late', async () => {
    const number = aNumber();
    await world.arm('create', 'delay_answer', { delayMs: 400 });
    const late = merchant.native(number).then(() => 'answered');
    await eventually(() => exists(number), { withinMs: 300, what: 'the order before its answer' });
    expect(await late).toBe('answered');
  });

  it('by wrong_amount tells one fen more, once', async () => {
    const number = aNumber();
    await merchant.native(number);
    await world.arm('query', 'wrong_amount');
    const told = await merchant.query(number);
    expect(merchant.verifies(told)).toBe(true);
    expect(jsonOf(told)).toMatchObject({ amount: { total: 12_801 } });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ amount: { total: 12_800 } });
  });

  it('by success_after_close is closed and paid all the same', async () => {
    const number = aNumber();
    await merchant.native(number);
    await world.arm('close', 'success_after_close', { delayMs: 100 });
    expect((await merchant.close(number)).status).toBe(204);
    expect(await stateOf(number)).toBe('CLOSED');
    await eventually(async () => (await stateOf(number)) === 'SUCCESS', { what: 'late money' });
    expect(await world.order(number)).toMatchObject({ state: 'SUCCESS', late: true });
  });

  it('strikes as often as it was armed, the named order alone, and not who is refused anyway', async () => {
    const [named, other] = [aNumber(), aNumber()];
    await world.arm('create', 'error_500', { times: 2, outTradeNo: named });
    expect((await merchant.native(other)).status).toBe(200);
    expect((await merchant.native(named, {}, { serial: '0'.repeat(40) })).status).toBe(401);
    const statuses = [];
    for (let call = 1; call <= 3; call += 1) statuses.push((await merchant.native(named)).status);
    expect(statuses).toEqual([500, 500, 200]);
  });
});
