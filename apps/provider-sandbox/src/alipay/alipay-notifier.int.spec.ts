import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AlipayWorld } from './alipay-world.examples.js';

const MINUTE_MS = 60_000;
let world: AlipayWorld;

beforeAll(async () => {
  world = await AlipayWorld.start();
});
afterEach(async () => {
  world.receiver.answerWith(200);
  world.receiver.say('success');
  await world.world.control('POST', '/control/clock', { scale: 1 });
  await world.world.control('DELETE', '/control/faults');
});
afterAll(() => world[Symbol.asyncDispose]());

const idOf = ({ said }: Readonly<{ said: Readonly<Record<string, string>> }>) => said['notify_id'];

describe('a notification of Alipay', () => {
  it('is a form that is encoded once, whatever the merchant wrote into it', async () => {
    const subject = '龙井茶 + 250 g, 100% "good"';
    const passback_params = encodeURIComponent('a=1&b=2');
    const number = await world.paid({ subject, passback_params, body: 'a+b c' });
    await world.stateIs(number, 'accepted');
    const [notice] = world.heardOf(number);
    expect(notice).toMatchObject({ isAlipays: true });
    expect(notice?.said).toMatchObject({ subject, passback_params, body: 'a+b c' });
    const raw = world.receiver.heard.at(-1);
    expect(raw?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(raw?.body).toContain('subject=%E9%BE%99%E4%BA%95%E8%8C%B6+%2B+250+g%2C+100%25');
  });

  it('is accepted by 200 and exactly `success`, and by nothing else', async () => {
    world.receiver.say('SUCCESS');
    const number = await world.paid();
    await world.tried(number, 1);
    world.receiver.answerWith(204);
    await world.advance(4 * MINUTE_MS);
    await world.tried(number, 2);
    world.receiver.answerWith(200);
    world.receiver.say('success');
    await world.advance(10 * MINUTE_MS);
    await world.stateIs(number, 'accepted');
    expect((await world.order(number)).notifications[0]?.tries).toMatchObject([
      { outcome: 'refused', httpStatus: 200 },
      { outcome: 'refused', httpStatus: 204 },
      { outcome: 'accepted', httpStatus: 200 },
    ]);
  });

  it('climbs the whole ladder under one number, each try signed, then gives up', async () => {
    world.receiver.answerWith(500);
    await world.world.control('POST', '/control/clock', { scale: 1_000_000 });
    const number = await world.paid();
    await world.stateIs(number, 'given_up');
    const notices = world.heardOf(number);
    expect(notices).toHaveLength(8);
    expect(new Set(notices.map(idOf)).size).toBe(1);
    expect(notices.every(({ isAlipays }) => isAlipays)).toBe(true);
  });

  it('is repeated on demand, several at once and forged too, under the same number', async () => {
    const number = await world.paid();
    await world.stateIs(number, 'accepted');
    await world.control('notifications', { outTradeNo: number, copies: 3 });
    await world.control('notifications', { outTradeNo: number, signature: 'bad' });
    const notices = world.heardOf(number);
    expect(notices.map(({ isAlipays }) => isAlipays)).toEqual([true, true, true, true, false]);
    expect(new Set(notices.map(idOf)).size).toBe(1);
    expect(
      await world.control('notifications', { outTradeNo: await world.waiting() }),
    ).toMatchObject({ status: 409, json: { code: 'order_not_paid' } });
  });

  it('is not sent of an order that gave no address, nor of a refund or a closing unless asked', async () => {
    const silent = await world.paid();
    await world.stateIs(silent, 'accepted');
    await world.merchant.refund(silent, 'R1');
    const closing = await world.waiting();
    await world.merchant.close(closing);
    const fresh = await world.waiting();
    await world.arm('close', 'notifies');
    await world.merchant.close(fresh);
    const [closed] = await world.heard(fresh);
    expect(closed?.said).toMatchObject({
      trade_status: 'TRADE_CLOSED',
      gmt_close: expect.stringMatching(/^\d{4}-/),
    });
    const told = await world.paid();
    await world.arm('refund', 'notifies');
    await world.merchant.refund(told, 'R2');
    const [, refunded] = await world.heard(told, 2);
    expect(refunded).toMatchObject({ isAlipays: true });
    expect(refunded?.said).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      out_biz_no: 'R2',
      refund_fee: '1.00',
      gmt_refund: expect.stringMatching(/^\d{4}-.*\.000$/),
    });
    expect(world.heardOf(silent)).toHaveLength(1);
    expect(world.heardOf(closing)).toEqual([]);
  });
});

describe("a fault of Alipay's notifications", () => {
  it('keeps one from ever being sent', async () => {
    await world.arm('notify', 'no_notification');
    const number = await world.paid();
    await world.stateIs(number, 'suppressed');
    await world.advance(24 * 60 * MINUTE_MS);
    expect(world.heardOf(number)).toEqual([]);
    expect((await world.merchant.query(number)).node).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
    });
  });

  it.each([
    ['loses a try', 'drop_request', 'lost', 0],
    ['does not hear the answer', 'drop_answer', 'unheard', 1],
  ])('%s', async (_, fault, outcome, sent) => {
    await world.arm('notify', fault);
    const number = await world.paid();
    await world.tried(number, 1);
    expect((await world.order(number)).notifications[0]?.tries).toMatchObject([{ outcome }]);
    expect(world.heardOf(number)).toHaveLength(sent);
    await world.advance(4 * MINUTE_MS);
    await world.stateIs(number, 'accepted');
  });

  it('makes a signature that does not verify', async () => {
    await world.arm('notify', 'bad_signature');
    const [notice] = await world.heard(await world.paid());
    expect(notice?.isAlipays).toBe(false);
  });

  it('tells one fen more than the books have, well signed', async () => {
    await world.arm('notify', 'wrong_amount');
    const [notice] = await world.heard(await world.paid());
    expect(notice).toMatchObject({ isAlipays: true, said: { total_amount: '128.01' } });
  });

  it.each(['duplicate_notification', 'parallel_notification'])('sends two: %s', async (fault) => {
    await world.arm('notify', fault);
    const notices = await world.heard(await world.paid(), 2);
    expect(new Set(notices.map(idOf)).size).toBe(1);
    expect(notices.every(({ isAlipays }) => isAlipays)).toBe(true);
  });

  it('lets a later one overtake an earlier one', async () => {
    await world.arm('notify', 'delay', { delayMs: 300 });
    const [slow, quick] = [await world.paid(), await world.paid()];
    await world.heard(quick);
    expect(world.heardOf(slow)).toEqual([]);
    await world.heard(slow);
  });
});
