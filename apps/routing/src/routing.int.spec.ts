import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CHECKOUT_PAYMENTS,
  GATEWAY_ALIPAY,
  GATEWAY_REPORTS,
  GATEWAY_WECHAT,
  platformId,
  ROUTING_DECISIONS,
  type PaymentMethodSelected,
  type PaymentRequested,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  ALIPAY_REDIRECT,
  aCloseRequested,
  aMethodSelected,
  anAttemptAwaitingPayer,
  anAttemptFailed,
  anAttemptUnknown,
  anEventId,
  aPaymentRefundRequested,
  aPaymentRequested,
  aRefundSucceeded,
  eventually,
  WECHAT_QR,
} from '@hutong/testing';
import { World } from './world.examples.js';

const JD = platformId('jd');

describe('routing, two instances of it', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start('all', 'all');
  }, 120_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  }, 60_000);

  /** A payment asked for now, by the world's clock, that lives for a quarter of an hour. */
  const aPayment = (over: Partial<Omit<PaymentRequested, 'type'>> = {}) =>
    aPaymentRequested({ requestedAt: world.clock.now(), expiresAt: world.after(15), ...over });
  const offered = async (over: Partial<Omit<PaymentRequested, 'type'>> = {}) => {
    const payment = aPayment(over);
    await world.tell(CHECKOUT_PAYMENTS, payment);
    await world.said(ROUTING_DECISIONS, payment.paymentId, 1);
    return payment;
  };
  const aChoice = (
    { paymentId }: PaymentRequested,
    over: Partial<Omit<PaymentMethodSelected, 'type'>> = {},
  ) => aMethodSelected({ paymentId, ...over });
  const eventsSaid = async (...asked: Parameters<World['said']>) =>
    (await world.said(...asked)).map(({ event }) => event);

  it('offers what the policy allows', async () => {
    const { paymentId } = await offered();
    const [told] = await world.said(ROUTING_DECISIONS, paymentId, 1);
    expect(told).toMatchObject({ source: 'routing', sequence: 1, occurredAt: world.clock.now() });
    expect(told?.businessTime).toBeUndefined();
    expect(told?.event).toEqual({
      type: 'payment.offered',
      paymentId,
      offer: 1,
      policyVersion: '2024-09',
      validUntil: world.after(10),
      methods: [{ method: WECHAT_QR, label: 'WeChat Pay' }],
      refused: [],
    });
  });

  it('says why it leaves a method out, and when it offers none', async () => {
    const some = await offered({ platform: JD, amount: money(10_001n, 'CNY') });
    expect(await eventsSaid(ROUTING_DECISIONS, some.paymentId, 1)).toMatchObject([
      {
        type: 'payment.offered',
        policyVersion: 'capped',
        methods: [{ method: ALIPAY_REDIRECT, label: 'Alipay' }],
        refused: [{ method: WECHAT_QR, reasons: ['above the limit'] }],
      },
    ]);
    const none = await offered({
      platform: JD,
      amount: money(10_001n, 'CNY'),
      channel: 'in_store',
    });
    expect(await eventsSaid(ROUTING_DECISIONS, none.paymentId, 1)).toEqual([
      {
        type: 'payment.not_offered',
        paymentId: none.paymentId,
        offer: 1,
        policyVersion: 'capped',
        refused: [
          { method: WECHAT_QR, reasons: ['above the limit'] },
          { method: ALIPAY_REDIRECT, reasons: ['not for the channel in_store'] },
        ],
      },
    ]);
  });

  it('has nothing to offer on a platform without a policy', async () => {
    const { paymentId } = await offered({ platform: platformId('pinduoduo') });
    expect(await eventsSaid(ROUTING_DECISIONS, paymentId, 1)).toMatchObject([
      { type: 'payment.not_offered', policyVersion: 'none', refused: [] },
    ]);
  });

  it("decides by the policy of the story's time, and hands that time on", async () => {
    const payment = aPayment({ platform: JD });
    const businessTime = new Date('2026-03-01T00:00:00.000Z');
    await world.tell(CHECKOUT_PAYMENTS, payment, { businessTime });
    const [told] = await world.said(ROUTING_DECISIONS, payment.paymentId, 1);
    expect(told).toMatchObject({ businessTime, event: { policyVersion: 'opening' } });

    await world.tell(CHECKOUT_PAYMENTS, aChoice(payment, { method: ALIPAY_REDIRECT }), {
      businessTime,
    });
    const [command] = await world.said(GATEWAY_ALIPAY, payment.paymentId, 1);
    expect(command).toMatchObject({ businessTime, event: { type: 'attempt.requested' } });
  });

  it('accepts a choice and commands its gateway', async () => {
    const payment = await offered();
    const { paymentId } = payment;
    const choice = aChoice(payment, { returnUrl: 'https://shop.example/thanks' });
    const { attemptId } = choice;
    await world.tell(CHECKOUT_PAYMENTS, choice);
    expect(await eventsSaid(GATEWAY_WECHAT, paymentId, 1)).toEqual([
      {
        type: 'attempt.requested',
        paymentId,
        attemptId,
        platform: payment.platform,
        merchantId: payment.merchantId,
        method: WECHAT_QR,
        amount: payment.amount,
        description: payment.description,
        channel: payment.channel,
        expiresAt: payment.expiresAt,
        notAfter: world.after(1),
        returnUrl: 'https://shop.example/thanks',
        sealedPayer: undefined,
      },
    ]);
    expect(await eventsSaid(ROUTING_DECISIONS, paymentId, 2)).toMatchObject([
      { type: 'payment.offered' },
      { type: 'attempt.accepted', attemptId, offer: 1, method: WECHAT_QR },
    ]);
  });

  it('refuses a stale choice and offers anew; the new offer holds, the old one never again', async () => {
    const payment = await offered();
    const { paymentId } = payment;
    world.clock.advance(10 * 60_000);
    const late = aChoice(payment);
    await world.tell(CHECKOUT_PAYMENTS, late);
    expect((await eventsSaid(ROUTING_DECISIONS, paymentId, 3)).slice(1)).toMatchObject([
      {
        type: 'attempt.refused',
        attemptId: late.attemptId,
        offer: 1,
        reasons: ['the offer has expired'],
      },
      { type: 'payment.offered', offer: 2, validUntil: world.after(5) },
    ]);

    const anew = aChoice(payment, { offer: 2 });
    const old = aChoice(payment, { offer: 1 });
    await world.tell(CHECKOUT_PAYMENTS, anew);
    await world.tell(CHECKOUT_PAYMENTS, old);
    expect((await eventsSaid(ROUTING_DECISIONS, paymentId, 6)).slice(3)).toMatchObject([
      { type: 'attempt.accepted', attemptId: anew.attemptId, offer: 2 },
      {
        type: 'attempt.refused',
        attemptId: old.attemptId,
        reasons: ['offer 1 was replaced by offer 2'],
      },
      { type: 'payment.offered', offer: 3 },
    ]);
    expect(await eventsSaid(GATEWAY_WECHAT, paymentId, 1)).toMatchObject([
      { attemptId: anew.attemptId },
    ]);
  });

  it('refuses what was never offered: a number, a method', async () => {
    const payment = await offered();
    await world.tell(CHECKOUT_PAYMENTS, aChoice(payment, { offer: 7 }));
    await world.tell(CHECKOUT_PAYMENTS, aChoice(payment, { offer: 2, method: ALIPAY_REDIRECT }));
    expect((await eventsSaid(ROUTING_DECISIONS, payment.paymentId, 5)).slice(1)).toMatchObject([
      { type: 'attempt.refused', offer: 7, reasons: ['offer 7 was never made'] },
      { type: 'payment.offered', offer: 2 },
      { type: 'attempt.refused', reasons: ['alipay/alipay/redirect is not in the offer'] },
      { type: 'payment.offered', offer: 3 },
    ]);
    await world.settled();
    expect(await world.eventsOf(GATEWAY_WECHAT, payment.paymentId)).toEqual([]);
  });

  it('has nothing left to offer once the payment has expired', async () => {
    const payment = await offered();
    world.clock.advance(15 * 60_000);
    await world.tell(CHECKOUT_PAYMENTS, aChoice(payment));
    expect((await eventsSaid(ROUTING_DECISIONS, payment.paymentId, 3)).slice(1)).toMatchObject([
      { type: 'attempt.refused', reasons: ['the offer has expired'] },
      {
        type: 'payment.not_offered',
        offer: 2,
        refused: [{ method: WECHAT_QR, reasons: ['the payment has expired'] }],
      },
    ]);
  });

  it('does once what it is told again and again', async () => {
    const payment = aPayment();
    const choice = aChoice(payment);
    const stale = aChoice(payment, { offer: 9 });
    const events = [payment, choice, stale].map((event) => ({ event, id: anEventId() }));
    for (const { event, id } of [...events, ...events, ...events]) {
      await world.tell(CHECKOUT_PAYMENTS, event, { id });
    }
    await world.settled();
    const told = await world.eventsOf(ROUTING_DECISIONS, payment.paymentId);
    expect(told.map(({ sequence, event }) => [sequence, event.type])).toEqual([
      [1, 'payment.offered'],
      [2, 'attempt.accepted'],
      [4, 'attempt.refused'],
      [5, 'payment.offered'],
    ]);
    const commands = await world.eventsOf(GATEWAY_WECHAT, payment.paymentId);
    expect(commands.map(({ sequence, event }) => [sequence, event.type])).toEqual([
      [3, 'attempt.requested'],
    ]);
    expect(await world.parked(CHECKOUT_PAYMENTS, payment.paymentId)).toEqual([]);
  });

  it('passes closes and refunds on to the gateway, behind the attempt they are about', async () => {
    const payment = await offered();
    const { paymentId } = payment;
    const { attemptId } = aChoice(payment);
    const close = aCloseRequested({ paymentId, attempts: [attemptId], reason: 'expired' });
    const refund = aPaymentRefundRequested({ paymentId, attemptId, reason: 'Sold out' });
    for (const event of [aChoice(payment, { attemptId }), close, refund]) {
      await world.tell(CHECKOUT_PAYMENTS, event, {
        businessTime: new Date('2023-11-11T00:00:00Z'),
      });
    }
    const commands = await world.said(GATEWAY_WECHAT, paymentId, 3);
    expect(commands.map(({ sequence, event }) => [sequence, event.type])).toEqual([
      [3, 'attempt.requested'],
      [4, 'attempt.close_requested'],
      [5, 'refund.requested'],
    ]);
    expect(commands.map(({ event }) => event).slice(1)).toEqual([
      { type: 'attempt.close_requested', paymentId, attemptId, reason: 'expired' },
      {
        type: 'refund.requested',
        paymentId,
        refundId: refund.refundId,
        attemptId,
        amount: refund.amount,
        reason: 'Sold out',
      },
    ]);
    expect(commands.every(({ businessTime }) => businessTime !== undefined)).toBe(true);
    await world.tell(
      GATEWAY_REPORTS,
      aRefundSucceeded({ paymentId, attemptId, refundId: refund.refundId }),
    );
    await world.settled();
    expect(await world.parked(GATEWAY_REPORTS, paymentId)).toEqual([]);
  });

  it('parks what cannot be, with a reason', async () => {
    const payment = await offered();
    const choice = aChoice(payment);
    for (const event of [
      payment, // a second event of the same payment: another id
      choice,
      choice,
      aPaymentRefundRequested({ paymentId: payment.paymentId }),
    ]) {
      await world.tell(CHECKOUT_PAYMENTS, event);
    }
    const nobodys = aChoice(aPayment());
    await world.tell(CHECKOUT_PAYMENTS, nobodys);
    await world.tell(CHECKOUT_PAYMENTS, aCloseRequested({ paymentId: nobodys.paymentId }));
    await world.settled();
    expect(await world.parked(CHECKOUT_PAYMENTS, payment.paymentId)).toEqual([
      'payment.requested of a payment that was requested before',
      'a choice whose attempt was answered before',
      'a refund of an attempt that was never commanded',
    ]);
    expect(await world.parked(CHECKOUT_PAYMENTS, nobodys.paymentId)).toEqual([
      'a choice for a payment that was never requested',
      'a close of a payment that was never requested',
    ]);
    expect(await world.eventsOf(GATEWAY_WECHAT, payment.paymentId)).toHaveLength(1);
  });

  it('counts what is reported of its commands once, and parks reports of anything else', async () => {
    const payment = await offered();
    const { paymentId } = payment;
    const accepted = aChoice(payment);
    const refused = aChoice(payment, { offer: 5 });
    await world.tell(CHECKOUT_PAYMENTS, accepted);
    await world.tell(CHECKOUT_PAYMENTS, refused);
    await world.said(ROUTING_DECISIONS, paymentId, 4);
    const { attemptId } = accepted;
    const failed = anAttemptFailed({ paymentId, attemptId, provider: 'wechat' });
    const id = anEventId();
    await world.tell(GATEWAY_REPORTS, failed, { id });
    await world.tell(GATEWAY_REPORTS, failed, { id });
    await world.tell(GATEWAY_REPORTS, { ...failed, provider: 'alipay' });
    await world.tell(GATEWAY_REPORTS, { ...failed, attemptId: refused.attemptId });
    await world.tell(GATEWAY_REPORTS, anAttemptAwaitingPayer({ paymentId }));
    await world.tell(GATEWAY_REPORTS, aRefundSucceeded({ paymentId }));
    await world.settled();
    expect(await world.parked(GATEWAY_REPORTS, paymentId)).toEqual([
      'attempt.failed of an attempt that was never commanded',
      'attempt.failed of an attempt that was never commanded',
      'attempt.awaiting_payer of an attempt that was never commanded',
      'refund.succeeded of a refund that was never commanded',
    ]);
    const counted = await Promise.all(
      [0, 1].map(async (index) => {
        const text = await (await world.management('/metrics', index)).text();
        const line = /^hutong_routing_reports_total\{.*type="attempt\.failed".*\} (\d+)$/m;
        return Number(line.exec(text)?.[1] ?? 0);
      }),
    );
    expect(counted[0]).toBe(1 - (counted[1] ?? 0));
  });

  it('leaves a provider out that does not answer, tries it again, and offers it once it is well', async () => {
    const onJd = { platform: JD, amount: money(5_000n, 'CNY') };
    const attempts = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const payment = await offered(onJd);
        const choice = aChoice(payment, { method: ALIPAY_REDIRECT });
        await world.tell(CHECKOUT_PAYMENTS, choice);
        await world.said(GATEWAY_ALIPAY, payment.paymentId, 1);
        return choice;
      }),
    );
    const source = 'alipay-gateway';
    for (const { paymentId, attemptId } of attempts) {
      const about = { paymentId, attemptId, provider: 'alipay' } as const;
      await world.tell(GATEWAY_REPORTS, anAttemptUnknown(about), { source });
    }
    await world.settled();
    const without = await offered(onJd);
    expect(await eventsSaid(ROUTING_DECISIONS, without.paymentId, 1)).toMatchObject([
      {
        methods: [{ method: WECHAT_QR }],
        refused: [{ method: ALIPAY_REDIRECT, reasons: ['alipay does not answer at present'] }],
      },
    ]);
    world.clock.advance(30_000);
    const trying = await offered(onJd);
    const choice = aChoice(trying, { method: ALIPAY_REDIRECT });
    await world.tell(CHECKOUT_PAYMENTS, choice);
    await world.said(GATEWAY_ALIPAY, trying.paymentId, 1);
    const { paymentId, attemptId } = choice;
    const about = { paymentId, attemptId, provider: 'alipay' } as const;
    await world.tell(GATEWAY_REPORTS, anAttemptAwaitingPayer(about), { source });
    await world.settled();
    const again = await offered(onJd);
    expect(await eventsSaid(ROUTING_DECISIONS, again.paymentId, 1)).toMatchObject([
      { refused: [] },
    ]);
  });

  it('shares its partitions, and one instance carries on when the other stops', async () => {
    await eventually(async () => (await world.members()) === 2, { what: 'both instances' });
    const before = Array.from({ length: 9 }, () => aPayment());
    for (const payment of before) await world.tell(CHECKOUT_PAYMENTS, payment);
    await world.stop(0);
    const choices = before.map((payment) => aChoice(payment));
    for (const choice of choices) await world.tell(CHECKOUT_PAYMENTS, choice);
    await eventually(
      async () => {
        const { status } = await world.management('/health/ready', 1);
        return status === 200 && (await world.members()) === 1;
      },
      { what: 'the other instance alone' },
    );
    await world.settled();
    for (const { paymentId, attemptId } of choices) {
      const told = await eventsSaid(ROUTING_DECISIONS, paymentId, 2);
      expect(told).toMatchObject([
        { type: 'payment.offered', offer: 1 },
        { type: 'attempt.accepted', attemptId },
      ]);
      expect(await world.eventsOf(GATEWAY_WECHAT, paymentId)).toHaveLength(1);
    }
  }, 30_000);
});
