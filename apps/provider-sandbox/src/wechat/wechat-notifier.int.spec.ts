import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { aNumber, jsonOf, Merchant } from '../merchant.examples.js';
import { startReceiver, type Notice, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';

let world: World;
let receiver: Receiver;
let merchant: Merchant;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  receiver = await startReceiver();
  merchant = new Merchant(world.wechatPort, world.taobao, receiver.url);
  await world.control('POST', '/control/clock', { scale: 1 });
  await world.control('DELETE', '/control/faults');
});
afterEach(() => receiver[Symbol.asyncDispose]());
afterAll(() => world[Symbol.asyncDispose]());

/** A paid order, whose notification is on its way. */
async function paid(): Promise<string> {
  const number = aNumber();
  await merchant.native(number);
  await world.control('POST', '/control/wechat/pay', { outTradeNo: number });
  return number;
}

const notificationOf = async (number: string) => (await world.order(number)).notifications[0];

const stateIs = (number: string, state: string) =>
  eventually(async () => (await notificationOf(number))?.state === state, {
    what: `the notification to be ${state}`,
  });

const heard = (count: number) =>
  eventually(() => receiver.heard.length >= count && receiver.heard, {
    what: `${count} notifications`,
  });

const idOf = (notice: Notice) => jsonOf(notice)['id'];

describe('a notification', () => {
  it('is signed, sealed for its merchant, and says what a query says', async () => {
    const number = await paid();
    await stateIs(number, 'accepted');
    const [notice] = receiver.heard;
    if (notice === undefined) throw new Error('nothing heard');
    expect(notice.headers).toMatchObject({
      'content-type': 'application/json',
      'wechatpay-serial': world.taobao.publicKeyId,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    });
    expect(merchant.verifies(notice)).toBe(true);
    expect(jsonOf(notice)).toMatchObject({
      id: expect.stringMatching(/^.{1,36}$/),
      event_type: 'TRANSACTION.SUCCESS',
      resource_type: 'encrypt-resource',
      resource: {
        original_type: 'transaction',
        algorithm: 'AEAD_AES_256_GCM',
        nonce: expect.stringMatching(/^.{12}$/),
      },
    });
    expect(merchant.opened(notice.body)).toEqual(jsonOf(await merchant.query(number)));
    expect(receiver.heard).toHaveLength(1);
    expect((await notificationOf(number))?.tries).toMatchObject([
      { outcome: 'accepted', httpStatus: 204, signature: 'good' },
    ]);
  });

  it('is accepted by its status alone: 200 too', async () => {
    receiver.answerWith(200);
    await stateIs(await paid(), 'accepted');
  });

  it('climbs the whole ladder with the same id and fresh signatures, then gives up', async () => {
    receiver.answerWith(500);
    await world.control('POST', '/control/clock', { scale: 1_000_000 });
    const number = await paid();
    await stateIs(number, 'given_up');
    expect(receiver.heard).toHaveLength(16);
    expect(new Set(receiver.heard.map(idOf)).size).toBe(1);
    expect(new Set(receiver.heard.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(16);
    expect(receiver.heard.every((notice) => merchant.verifies(notice))).toBe(true);
    expect((await notificationOf(number))?.tries).toHaveLength(16);
  });

  it('comes again when its gap is jumped over, and stops once it is accepted', async () => {
    receiver.answerWith(503, 404, 200);
    const number = await paid();
    await heard(1);
    await tried(number, 1);
    await world.control('POST', '/control/clock', { advanceMs: 15_000 });
    await tried(number, 2);
    await world.control('POST', '/control/clock', { advanceMs: 15_000 });
    await stateIs(number, 'accepted');
    expect((await notificationOf(number))?.tries).toMatchObject([
      { outcome: 'refused', httpStatus: 503 },
      { outcome: 'refused', httpStatus: 404 },
      { outcome: 'accepted', httpStatus: 200 },
    ]);
  });

  it('comes later to an address where nobody listens', async () => {
    await receiver[Symbol.asyncDispose]();
    const number = await paid();
    await tried(number, 1);
    expect(await notificationOf(number)).toMatchObject({
      state: 'waiting',
      tries: [{ outcome: 'unreachable' }],
    });
    receiver = await startReceiver(); // for afterEach
  });

  it('is repeated on demand after success, also several at once, under the same id', async () => {
    const number = await paid();
    await stateIs(number, 'accepted');
    const repeated = await world.control('POST', '/control/wechat/notifications', {
      outTradeNo: number,
      copies: 3,
    });
    expect(repeated).toMatchObject({
      status: 200,
      json: { tries: [1, 2, 3].map(() => ({ outcome: 'accepted' })) },
    });
    expect(receiver.heard).toHaveLength(4);
    expect(new Set(receiver.heard.map(idOf)).size).toBe(1);
    expect(receiver.heard.every((notice) => merchant.verifies(notice))).toBe(true);
  });

  it('is forged on demand, as WeChat does', async () => {
    const number = await paid();
    await stateIs(number, 'accepted');
    await world.control('POST', '/control/wechat/notifications', {
      outTradeNo: number,
      signature: 'probe',
    });
    const probe = receiver.heard[1];
    expect(probe?.headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\//);
    expect(probe && merchant.verifies(probe)).toBe(false);
  });

  it('is not sent of an order that is not paid', async () => {
    const number = aNumber();
    await merchant.native(number);
    expect(
      await world.control('POST', '/control/wechat/notifications', { outTradeNo: number }),
    ).toMatchObject({ status: 409, json: { code: 'order_not_paid' } });
    await world.control('POST', '/control/wechat/decline', { outTradeNo: number });
    await merchant.close(number);
    expect(await notificationOf(number)).toBeUndefined();
  });
});

describe('a fault of notifications', () => {
  it('keeps one from ever being sent', async () => {
    await world.arm('notify', 'no_notification');
    const number = await paid();
    await stateIs(number, 'suppressed');
    await world.control('POST', '/control/clock', { advanceMs: 86_400_000 });
    expect(receiver.heard).toEqual([]);
    expect(jsonOf(await merchant.query(number))).toMatchObject({ trade_state: 'SUCCESS' });
  });

  it.each([
    ['loses a try', 'drop_request', 'lost', 0],
    ['does not hear the answer', 'drop_answer', 'unheard', 1],
  ])('%s', async (_, fault, outcome, sent) => {
    await world.arm('notify', fault);
    const number = await paid();
    await tried(number, 1);
    expect((await notificationOf(number))?.tries).toMatchObject([{ outcome }]);
    expect(receiver.heard).toHaveLength(sent);
    await world.control('POST', '/control/clock', { advanceMs: 15_000 });
    await stateIs(number, 'accepted');
    expect(receiver.heard).toHaveLength(sent + 1);
  });

  it('makes a signature that does not verify', async () => {
    await world.arm('notify', 'bad_signature');
    await paid();
    const [notice] = await heard(1);
    expect(notice && merchant.verifies(notice)).toBe(false);
  });

  it('sends a probe before the good one', async () => {
    await world.arm('notify', 'signtest');
    await stateIs(await paid(), 'accepted');
    expect(receiver.heard.map((notice) => merchant.verifies(notice))).toEqual([false, true]);
  });

  it('signs with the certificate', async () => {
    await world.arm('notify', 'certificate_key');
    await paid();
    const [notice] = await heard(1);
    expect(notice?.headers['wechatpay-serial']).toMatch(/^[0-9A-F]{40}$/);
  });

  it('tells one fen more than the books have', async () => {
    await world.arm('notify', 'wrong_amount');
    const number = await paid();
    const [notice] = await heard(1);
    expect(merchant.opened(notice?.body ?? '')).toMatchObject({
      amount: { total: 12_801, payer_total: 12_801 },
    });
    expect(jsonOf(await merchant.query(number))).toMatchObject({ amount: { total: 12_800 } });
  });

  it.each(['duplicate_notification', 'parallel_notification'])('sends two: %s', async (fault) => {
    await world.arm('notify', fault);
    await paid();
    const notices = await heard(2);
    expect(new Set(notices.map(idOf)).size).toBe(1);
    expect(notices.every((notice) => merchant.verifies(notice))).toBe(true);
  });

  it('delays one', async () => {
    await world.arm('notify', 'delay', { delayMs: 200 });
    const began = performance.now();
    await paid();
    await heard(1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(195);
  });

  it('lets what is told later of the same order go before it', async () => {
    await world.arm('notify', 'reorder', { delayMs: 60_000 });
    const number = await paid();
    const other = await paid();
    await stateIs(other, 'accepted'); // of another order: the first waits all the same
    expect((await notificationOf(number))?.tries).toEqual([]);
    await merchant.refund(number, aNumber());
    await stateIs(number, 'accepted');
    const types = (await heard(3)).map((notice) => jsonOf(notice)['event_type']);
    expect(types).toEqual(['TRANSACTION.SUCCESS', 'REFUND.SUCCESS', 'TRANSACTION.SUCCESS']);
  });

  it('waits for something later no longer than it is told to', async () => {
    await world.arm('notify', 'reorder', { delayMs: 200 });
    const began = performance.now();
    await paid();
    await heard(1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(195);
  });
});

it('tells nothing more once its world has ended, whatever was on its way', async () => {
  const ending = await startWorld();
  const seller = new Merchant(ending.wechatPort, ending.taobao, receiver.url);
  await ending.arm('notify', 'delay', { delayMs: 50 });
  const number = aNumber();
  await seller.native(number);
  await ending.control('POST', '/control/wechat/pay', { outTradeNo: number });
  await ending[Symbol.asyncDispose]();
  const late = eventually(() => receiver.heard.length > 0, { withinMs: 300 });
  await expect(late).rejects.toThrow('waited 300 ms');
});

const tried = (number: string, count: number) =>
  eventually(async () => (await notificationOf(number))?.tries.length === count, {
    what: `try ${count}`,
  });
