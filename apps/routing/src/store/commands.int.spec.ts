import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { done } from '@hutong/messaging';
import {
  aCloseRequested,
  aMethodSelected,
  anAttemptId,
  aPaymentId,
  aPaymentRefundRequested,
  aRefundFailed,
  aRefundPending,
  aRefundSucceeded,
  eventually,
} from '@hutong/testing';
import { received, StoresWorld } from './stores.examples.js';
import { readUsability } from './usability.repository.js';

describe('closes and refunds in a database', () => {
  let world: StoresWorld;

  beforeAll(async () => {
    world = await StoresWorld.open();
  }, 60_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const DECISIONS = 'routing.decisions';
  const WECHAT = 'gateway.wechat';
  const accepted = async () => {
    const { paymentId } = await world.offered();
    const { attemptId } = aMethodSelected();
    await world.one.decisions.answer(received(aMethodSelected({ paymentId, attemptId })));
    return { paymentId, attemptId };
  };

  it('close follows accept: the gateway hears of both, in that order', async () => {
    const { paymentId, attemptId } = await accepted();
    const heard = received(aCloseRequested({ paymentId, attempts: [attemptId] }));
    const answers = [world.one, world.other].map(({ commands }) => commands.close(heard));
    expect(await Promise.all(answers)).toEqual([done, done]);
    expect(await world.toldOf(paymentId)).toEqual([DECISIONS, DECISIONS, WECHAT, WECHAT]);
  });

  it('close comes before accept: the choice is refused when it comes, and no gateway hears of it', async () => {
    const { paymentId } = await world.offered();
    const attemptId = anAttemptId();
    const close = () => received(aCloseRequested({ paymentId, attempts: [attemptId] }));
    expect(await world.one.commands.close(close())).toEqual(done);
    expect(await world.one.commands.close(close())).toEqual(done); // asked again for another reason
    expect(await world.toldOf(paymentId)).toEqual([DECISIONS]);
    await world.other.decisions.answer(received(aMethodSelected({ paymentId, attemptId })));
    expect((await world.one.decisions.explain(paymentId))?.answers).toMatchObject([
      {
        attemptId,
        verdict: 'refused',
        reasons: ['the attempt was closed before it was passed on'],
      },
    ]);
    expect(await world.toldOf(paymentId)).toEqual([DECISIONS, DECISIONS, DECISIONS]);
  });

  it('close and accept at once: one of the two orders, and nothing between', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { paymentId } = await world.offered();
      const attemptId = anAttemptId();
      const choice = received(aMethodSelected({ paymentId, attemptId }));
      const close = received(aCloseRequested({ paymentId, attempts: [attemptId] }));
      await Promise.all([world.one.decisions.answer(choice), world.other.commands.close(close)]);
      const [answer] = (await world.one.decisions.explain(paymentId))?.answers ?? [];
      const commands = (await world.toldOf(paymentId)).filter((topic) => topic === WECHAT).length;
      expect(commands).toBe(answer?.verdict === 'accepted' ? 2 : 0);
    }
  });

  it('a close tells of a refused attempt once more that it was refused', async () => {
    const { paymentId } = await world.offered();
    const attemptId = anAttemptId();
    await world.one.decisions.answer(received(aMethodSelected({ paymentId, attemptId, offer: 9 })));
    await world.one.commands.close(received(aCloseRequested({ paymentId, attempts: [attemptId] })));
    expect(await world.toldOf(paymentId)).toEqual(Array(4).fill(DECISIONS));
  });

  it.each([
    ['of a payment that was never requested', async () => aCloseRequested()],
    [
      "that names another payment's attempt",
      async () =>
        aCloseRequested({
          paymentId: (await world.offered()).paymentId,
          attempts: [(await accepted()).attemptId],
        }),
    ],
  ])('a close %s is parked, and leaves no trace', async (_, event) => {
    const heard = received(await event());
    const parked = await world.one.commands.close(heard);
    expect(parked).toMatchObject({ kind: 'park' });
    expect(await world.one.commands.close(heard)).toEqual(parked);
    expect(await world.toldOf(heard.event.paymentId)).not.toContain(WECHAT);
  });

  it('a refund is commanded once, and its reports are heard', async () => {
    const { paymentId, attemptId } = await accepted();
    const heard = received(aPaymentRefundRequested({ paymentId, attemptId }));
    const answers = [world.one, world.other].map(({ commands }) => commands.refund(heard));
    expect(await Promise.all(answers)).toEqual([done, done]);
    expect(await world.toldOf(paymentId)).toEqual([DECISIONS, DECISIONS, WECHAT, WECHAT]);
    const about = { paymentId, attemptId, refundId: heard.event.refundId };
    for (const event of [aRefundPending(about), aRefundFailed(about), aRefundSucceeded(about)]) {
      expect(await world.one.reports.countRefund(received(event))).toEqual(done);
    }
  });

  it('a second refund of another id goes out as well, one of the same id does not', async () => {
    const { paymentId, attemptId } = await accepted();
    const first = aPaymentRefundRequested({ paymentId, attemptId });
    const second = aPaymentRefundRequested({ paymentId, attemptId });
    await world.one.commands.refund(received(first));
    expect(await world.one.commands.refund(received(second))).toEqual(done);
    expect(await world.one.commands.refund(received(first))).toMatchObject({ kind: 'park' });
    const commands = (await world.toldOf(paymentId)).filter((topic) => topic === WECHAT);
    expect(commands).toHaveLength(3);
  });

  it('a refund of what was never commanded is parked, and so are reports of one', async () => {
    const { paymentId, attemptId } = await accepted();
    const impossible = [
      aPaymentRefundRequested({ paymentId: aPaymentId(), attemptId }),
      aPaymentRefundRequested({ paymentId }),
      aPaymentRefundRequested({ paymentId, attemptId, provider: 'alipay' }),
    ];
    for (const event of impossible) {
      expect(await world.one.commands.refund(received(event))).toMatchObject({ kind: 'park' });
    }
    const report = aRefundSucceeded({ paymentId, attemptId });
    expect(await world.one.reports.countRefund(received(report))).toMatchObject({ kind: 'park' });
    expect(await world.toldOf(paymentId)).toEqual([DECISIONS, DECISIONS, WECHAT]);
  });

  it('what an operator switches off holds for every instance at once, and back on again', async () => {
    const offered = await world.offered();
    const turn = (off: boolean) =>
      world.other.switches.turn({
        target: 'wechat/wechat_pay/qr',
        off,
        turnedBy: 'operator',
        reason: 'Codes cannot be read',
      });
    await turn(true);
    const { paymentId } = await world.offered();
    const [decision] = (await world.one.decisions.explain(paymentId))?.decisions ?? [];
    expect(decision?.verdicts).toMatchObject([
      { against: ['wechat/wechat_pay/qr is switched off'] },
    ]);
    const choice = aMethodSelected({ paymentId: offered.paymentId });
    await world.one.decisions.answer(received(choice));
    expect((await world.one.decisions.explain(offered.paymentId))?.answers).toMatchObject([
      { verdict: 'refused', reasons: ['wechat/wechat_pay/qr is switched off'] },
    ]);
    await turn(false);
    expect(
      (await world.one.decisions.explain((await world.offered()).paymentId))?.decisions,
    ).toMatchObject([{ verdicts: [{ against: [] }] }]);
    const { off, turns } = await world.one.switches.all();
    expect([off, turns.map((one) => one.off)]).toEqual([[], [false, true]]);
  });

  it('a switch waits for the decisions in hand, so that none comes out after its answer', async () => {
    const turn = { target: 'alipay', off: true, turnedBy: 'operator', reason: 'Outage' };
    const inHand = Promise.withResolvers<void>();
    const deciding = world.db.transaction(async (tx) => {
      await readUsability(tx);
      await inHand.promise;
    });
    let answered = false;
    const turning = world.other.switches.turn(turn).then(() => {
      answered = true;
    });
    await eventually(
      async () => {
        const waiting = await world.db.query(
          `select 1 from pg_locks where locktype = 'advisory' and not granted
             and database = (select oid from pg_database where datname = current_database())`,
        );
        return waiting.length === 1;
      },
      { what: 'a switch that waits' },
    );
    expect(answered).toBe(false);
    inHand.resolve();
    await Promise.all([deciding, turning]);
    const seen = await world.db.transaction(readUsability);
    expect([...seen.switchedOff]).toEqual(['alipay']);
    await world.one.switches.turn({ ...turn, off: false });
  });

  it('a switch keeps neither a close nor a refund back', async () => {
    const { paymentId, attemptId } = await accepted();
    const turn = { target: 'wechat', turnedBy: 'operator', reason: 'Outage' };
    await world.one.switches.turn({ ...turn, off: true });
    await world.one.commands.close(received(aCloseRequested({ paymentId, attempts: [attemptId] })));
    await world.one.commands.refund(received(aPaymentRefundRequested({ paymentId, attemptId })));
    await world.one.switches.turn({ ...turn, off: false });
    const commands = (await world.toldOf(paymentId)).filter((topic) => topic === WECHAT);
    expect(commands).toHaveLength(3);
  });
});
