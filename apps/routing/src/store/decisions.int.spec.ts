import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PaymentMethodSelected } from '@hutong/domain-events';
import { done, type Received } from '@hutong/messaging';
import { aMethodSelected, aPaymentId, aPaymentRequested } from '@hutong/testing';
import type { Decisions } from './decisions.repository.js';
import { received, StoresWorld } from './stores.examples.js';

describe('decisions in a database', () => {
  let world: StoresWorld;
  let one: Decisions;
  let other: Decisions;

  beforeAll(async () => {
    world = await StoresWorld.open();
    one = world.one.decisions;
    other = world.other.decisions;
  }, 60_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  it('decides once where both instances hear the same request at once', async () => {
    const heard = received(aPaymentRequested());
    const { paymentId } = heard.event;
    const answers = await Promise.all([one.offer(heard), other.offer(heard)]);
    expect(answers).toEqual([done, done]);
    expect((await one.explain(paymentId))?.decisions).toMatchObject([{ offer: 1 }]);
    expect(await world.toldOf(paymentId)).toEqual(['routing.decisions']);
  });

  it('commands once where both instances hear the same choice at once', async () => {
    const { paymentId } = await world.offered();
    const heard = received(aMethodSelected({ paymentId }));
    const answers = await Promise.all([one.answer(heard), other.answer(heard)]);
    expect(answers).toEqual([done, done]);
    expect(await world.toldOf(paymentId)).toEqual([
      'routing.decisions',
      'routing.decisions',
      'gateway.wechat',
    ]);
  });

  it('numbers new offers one after another where two stale choices race', async () => {
    const { paymentId } = await world.offered();
    const stale = () => received(aMethodSelected({ paymentId, offer: 9 }));
    await Promise.all([one.answer(stale()), other.answer(stale())]);
    const explained = await one.explain(paymentId);
    expect(explained?.decisions.map(({ offer }) => offer)).toEqual([1, 2, 3]);
    expect(explained?.answers).toHaveLength(2);
  });

  it('keeps nothing of an answer whose command cannot be kept, and answers when told again', async () => {
    const { paymentId } = await world.offered();
    const heard: Received<PaymentMethodSelected> = received(aMethodSelected({ paymentId }));
    await world.db.query(
      `alter table outbox add constraint no_command check (topic <> 'gateway.wechat') not valid`,
    );
    await expect(one.answer(heard)).rejects.toThrow();
    expect((await one.explain(paymentId))?.answers).toEqual([]);
    expect(await world.toldOf(paymentId)).toEqual(['routing.decisions']);

    await world.db.query('alter table outbox drop constraint no_command');
    expect(await one.answer(heard)).toEqual(done);
    expect((await one.explain(paymentId))?.answers).toMatchObject([{ verdict: 'accepted' }]);
    expect(await world.toldOf(paymentId)).toHaveLength(3);
  });

  it("lets the story's time pick no policy where no story is told", async () => {
    const businessTime = new Date('2021-07-01T00:00:00.000Z');
    const heard = { ...received(aPaymentRequested()), businessTime };
    expect(await one.offer(heard)).toEqual(done);
    expect(await one.explain(heard.event.paymentId)).toMatchObject({
      policyAt: heard.event.requestedAt,
      decisions: [{ policyVersion: '2024-09' }],
    });
  });

  it('takes every text that an event may hold', async () => {
    const payer = { hasBoundCard: 'no', hasBalance: 'no', installedApps: ['\u0000'] } as const;
    const heard = received(aPaymentRequested({ payer }));
    expect(await one.offer(heard)).toEqual(done);
    expect((await one.explain(heard.event.paymentId))?.requested).toEqual(heard.event);
  });

  it('leaves no trace of what it parks, so that it is parked again after a crash', async () => {
    const nobodys = received(aMethodSelected({ paymentId: aPaymentId() }));
    const parked = await one.answer(nobodys);
    expect(parked).toMatchObject({ kind: 'park' });
    expect(await one.answer(nobodys)).toEqual(parked);
    expect(await world.toldOf(nobodys.event.paymentId)).toEqual([]);
  });
});
