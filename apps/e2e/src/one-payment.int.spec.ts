import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TopicProbe } from '@hutong/messaging';
import { testBroker, testDatabase } from '@hutong/testing';
import { Merchant, Operator, Payer, startRing, type Ring } from '@hutong/world';
import { describeBadInput } from './bad-input.examples.js';

const root = join(import.meta.dirname, '../../..');
const METHOD = 'wechat/wechat_pay/qr';
const WITHIN_MS = 30_000;

/** One payment through every service and the sandbox, each of them twice, as processes of their own. */
describe('one payment all the way round', () => {
  let ring: Ring;
  let probe: TopicProbe;
  let merchants: readonly Merchant[];
  let payer: Payer;
  let operators: readonly Operator[];

  beforeAll(async () => {
    const [{ brokers }, { adminUrl }] = await Promise.all([testBroker(), testDatabase()]);
    ring = await startRing({ root, brokers, adminUrl, instances: 2 });
    probe = await TopicProbe.connect({ brokers });
    payer = new Payer(ring.sandbox);
    merchants = ring.addressesOf('checkout').map((at) => new Merchant(at, ring.apiKey));
    const [routing] = ring.addressesOf('routing');
    if (routing === undefined) throw new Error('no routing runs');
    operators = ring
      .addressesOf('ledger')
      .map((ledger) => new Operator({ ledger, routing }, ring.token));
  }, 120_000);

  afterAll(async () => {
    await probe.close();
    await ring[Symbol.asyncDispose]();
  }, 60_000);

  const at = <T>(all: readonly T[], index: number): T => {
    const one = all[index % all.length];
    if (one === undefined) throw new Error('no instance runs');
    return one;
  };

  /** Asks to be paid at one instance and chooses at the next. */
  async function waitingForMoney(orderReference: string, first = 0) {
    const payment = await at(merchants, first).request({ orderReference, minor: '12800' });
    const attempt = await at(merchants, first + 1).choose(
      payment.paymentId,
      payment.offer?.number ?? 0,
      METHOD,
    );
    return { payment, attempt, code: attempt.action?.content ?? '' };
  }

  it('is offered, shown as a code, paid, and booked to the fen', async () => {
    const { payment, attempt, code } = await waitingForMoney('order-1');
    expect(payment).toMatchObject({
      status: 'offered',
      offer: {
        number: 1,
        methods: expect.arrayContaining([expect.objectContaining({ method: METHOD })]),
      },
    });
    expect(attempt).toMatchObject({
      status: 'awaiting_payer',
      action: { type: 'qr', content: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl/) },
    });

    await payer.scanAndPay(code);

    const paid = await at(merchants, 0).seeUntil(payment.paymentId, 'paid', WITHIN_MS);
    expect(paid.attempts).toEqual([
      expect.objectContaining({ attemptId: attempt.attemptId, status: 'succeeded' }),
    ]);
    const booked = await at(operators, 0).entriesOf(attempt.attemptId, WITHIN_MS);
    expect(booked).toEqual(await at(operators, 1).entriesOf(attempt.attemptId, WITHIN_MS));
    expect(booked).toMatchObject([{ type: 'payment.paid', gross: { minor: '12800' }, sum: '0' }]);
  });

  it('wakes who waits for it, on whichever instance the waiter sits', async () => {
    const { payment, attempt, code } = await waitingForMoney('order-2');

    const waiting = merchants.map((one) => one.seeUntil(payment.paymentId, 'paid', WITHIN_MS));
    await payer.scanAndPay(code);

    const seen = await Promise.all(waiting);
    expect(seen.map(({ status }) => status)).toEqual(['paid', 'paid']);
    // What follows counts what the ledger holds, which has to stand still by then.
    await at(operators, 0).entriesOf(attempt.attemptId, WITHIN_MS);
  });

  describeBadInput(() => ({
    ring,
    probe,
    payer,
    merchant: at(merchants, 1),
    operator: at(operators, 0),
  }));
});
