import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AttemptReported, PaymentRequested } from '@hutong/domain-events';
import { done } from '@hutong/messaging';
import {
  aMethodSelected,
  anAttemptAwaitingPayer,
  anAttemptSucceeded,
  anAttemptUnknown,
} from '@hutong/testing';
import { received, StoresWorld, type Stores } from './stores.examples.js';

describe("a provider's health, shared by two instances", () => {
  let world: StoresWorld;

  beforeAll(async () => {
    world = await StoresWorld.open();
  }, 60_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    world.clock.advance(600_000); // what the spec before has reported is the past
    await world.db.query('delete from circuit');
  });

  type Sent = Readonly<{
    payment: PaymentRequested;
    about: Pick<AttemptReported, 'attemptId' | 'paymentId'>;
  }>;
  const answerOf = async (stores: Stores, { paymentId }: PaymentRequested) => {
    const { attemptId } = aMethodSelected();
    await stores.decisions.answer(received(aMethodSelected({ paymentId, attemptId })));
    const explained = await stores.decisions.explain(paymentId);
    return explained?.answers.find((one) => one.attemptId === attemptId);
  };
  /** An attempt on its way to WeChat. */
  const sent = async (): Promise<Sent> => {
    const payment = await world.offered();
    const answer = await answerOf(world.one, payment);
    if (answer?.verdict !== 'accepted') throw new Error(`not sent: ${answer?.reasons.join()}`);
    return { payment, about: { attemptId: answer.attemptId, paymentId: payment.paymentId } };
  };
  const report = (event: AttemptReported, partition: number) =>
    (partition % 2 === 0 ? world.one : world.other).reports.countAttempt(
      received(event, partition),
    );
  /** All at once, over both instances and as many partitions. */
  const reported = async (count: number, event: (about: Sent['about']) => AttemptReported) => {
    const attempts = await Promise.all(Array.from({ length: count }, sent));
    const answers = await Promise.all(attempts.map(({ about }, i) => report(event(about), i)));
    expect(answers).toEqual(attempts.map(() => done));
  };
  const failing = (count: number) => reported(count, anAttemptUnknown);
  const reasons = async (): Promise<readonly string[] | undefined> => {
    const { paymentId } = await world.offered();
    return (await world.other.decisions.explain(paymentId))?.decisions[0]?.verdicts[0]?.against;
  };
  const state = async (): Promise<string | undefined> => {
    const { circuits } = await world.one.switches.all();
    return circuits.get('wechat')?.state;
  };

  it('opens on five bad reports, whatever partitions and instances heard them', async () => {
    await failing(4);
    expect(await reasons()).toEqual([]);
    await failing(1);
    expect(await reasons()).toEqual(['wechat does not answer at present']);
  });

  it('counts a report once, however often it is told', async () => {
    const heard = received(anAttemptUnknown((await sent()).about));
    for (let i = 0; i < 9; i += 1) await world.one.reports.countAttempt(heard);
    expect(await state()).not.toBe('open');
  });

  it('forgets what is older than a minute', async () => {
    await failing(4);
    world.clock.advance(70_000);
    await failing(4);
    expect(await state()).toBe('closed');
  });

  it('stays closed while as many are well', async () => {
    await reported(6, anAttemptAwaitingPayer);
    await failing(5);
    expect(await state()).toBe('closed');
    await failing(1);
    expect(await state()).toBe('open');
  });

  it('refuses what was offered before it opened, and offers anew', async () => {
    const payment = await world.offered();
    await failing(5);
    expect(await answerOf(world.other, payment)).toMatchObject({
      verdict: 'refused',
      reasons: ['wechat does not answer at present'],
    });
    const explained = await world.one.decisions.explain(payment.paymentId);
    expect(explained?.decisions).toMatchObject([{ offer: 1 }, { offer: 2, validUntil: undefined }]);
    expect(await world.toldOf(payment.paymentId)).not.toContain('gateway.wechat');
  });

  it('lets one of many through once it has rested, and the next five seconds later', async () => {
    const payments = await Promise.all(Array.from({ length: 6 }, () => world.offered()));
    await failing(5);
    world.clock.advance(30_000);
    const race = await Promise.all(
      payments
        .slice(0, 5)
        .map((payment, i) => answerOf(i % 2 === 0 ? world.one : world.other, payment)),
    );
    expect(race.map((one) => one?.verdict).toSorted()).toEqual([
      'accepted',
      'refused',
      'refused',
      'refused',
      'refused',
    ]);
    expect(await reasons()).toEqual(['wechat is just being tried again']);
    world.clock.advance(5_000);
    expect(await reasons()).toEqual([]);
    const [, , , , , last] = payments;
    expect(last && (await answerOf(world.one, last))?.verdict).toBe('accepted');
  });

  it('closes on a good answer to an attempt that tried it, not on a late one of before', async () => {
    const before = await sent();
    await failing(5);
    world.clock.advance(30_000);
    await report(anAttemptSucceeded(before.about), 0);
    expect(await state()).toBe('open');
    const trying = await sent();
    await report(anAttemptAwaitingPayer(trying.about), 1);
    expect(await state()).toBe('closed');
    expect(await reasons()).toEqual([]);
    await report(anAttemptUnknown(before.about), 1); // the outage's last words
    await failing(1); // and one of after it, which counts from one
    expect(await state()).toBe('closed');
  });

  it('rests again where the attempt that tried it got nowhere', async () => {
    await failing(5);
    world.clock.advance(30_000);
    await report(anAttemptUnknown((await sent()).about), 0);
    expect(await reasons()).toEqual(['wechat does not answer at present']);
  });
});
