import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptRequested } from '@hutong/domain-events';
import { anAttemptCloseRequested, anAttemptId, eventually } from '@hutong/testing';
import {
  USUAL_WAYS,
  type GatewayStage,
  type ProviderWays,
  type Scenario,
} from './gateway-stage.examples.js';

export * from './account-files.examples.js';
export * from './gateway-stage.examples.js';
export * from './gateway-world.examples.js';
export * from './notice-tap.examples.js';
export * from './recorded-provider.examples.js';
export * from './sealing-keys.examples.js';
export * from './shifted-clock.examples.js';

const WITHIN_MS = 20_000;

/**
 * What every gateway promises, whoever its provider is: run it on recorded payloads and on a provider
 * that really answers. @param start at `name`; disposed of at the end. @param said where it differs.
 */
export function describeGateway(
  name: string,
  start: () => Promise<GatewayStage>,
  said: Partial<ProviderWays> = {},
): void {
  const ways: ProviderWays = { ...USUAL_WAYS, ...said };
  describe(`a gateway on ${name}`, () => {
    let stage: GatewayStage;
    let starting: Promise<GatewayStage> | undefined;

    beforeAll(async () => {
      starting = start();
      stage = await starting;
    }, 120_000);
    afterAll(async () => {
      // A start that failed has said why and closed what it opened; one that took too long is closed here.
      const started = await starting?.catch(() => undefined);
      await started?.[Symbol.asyncDispose]();
    }, 60_000);

    /** @throws NotWrittenYet at once where a gateway still lacks what the attempt waits for. */
    const until = async (
      { attemptId }: AttemptRequested,
      what: string,
      look: () => Promise<boolean>,
    ) => {
      const missing = () => stage.world.notWritten(attemptId);
      await eventually(
        () => {
          stage.passTime();
          return missing() !== undefined || look();
        },
        { what, withinMs: WITHIN_MS },
      ).catch(async (late: unknown) => {
        throw new Error(`${what}: it came to ${await stage.world.told(attemptId)}`, {
          cause: late,
        });
      });
      const found = missing();
      if (found !== undefined) throw found;
    };
    const untilStatus = (command: AttemptRequested, status: string) =>
      until(command, `an attempt that is ${status}`, async () => {
        return (await stage.world.attempt(command.attemptId))?.status === status;
      });
    const requested = async (scenario: Scenario) => {
      const command = stage.command(scenario);
      await stage.world.command(command);
      return command;
    };
    const shown = async (scenario: Scenario) => {
      const command = await requested(scenario);
      await untilStatus(command, 'awaiting_payer');
      await stage.open?.(command.attemptId);
      return command;
    };
    const reports = async ({ paymentId, attemptId }: AttemptRequested) =>
      (await stage.world.reports(paymentId))
        .map(({ event }) => event)
        .filter((event) => event.attemptId === attemptId);
    const types = async (command: AttemptRequested) =>
      (await reports(command)).map(({ type }) => type);

    it('opens one order, however often it is asked to', async () => {
      const command = await shown('shown');
      await stage.world.command(command);
      await stage.world.command(command);
      await stage.world.settled();
      expect(await stage.orders(command.attemptId)).toBe(1);
      const [report, ...more] = await reports(command);
      expect(more).toEqual([]);
      expect(report).toMatchObject({
        type: 'attempt.awaiting_payer',
        attemptId: command.attemptId,
        action: { type: expect.any(String), validUntil: expect.any(Date) },
      });
    });

    const resent = ways.resending === 'tells' ? ['attempt.awaiting_payer'] : [];
    /** In doubt, and out of it again where sending the same once more tells what to show. */
    const doubted = async (command: AttemptRequested) => {
      await stage.world.command(command);
      await until(command, 'an order that is in doubt', async () =>
        (await types(command)).includes('attempt.unknown'),
      );
      if (ways.resending === 'tells') await untilStatus(command, 'awaiting_payer');
      return reports(command);
    };

    it('does not know what became of a lost answer, asks, and sends the same again', async () => {
      const command = stage.command('lost');
      await stage.loseNextAnswer(command.attemptId);
      const told = (await doubted(command)).map(({ type }) => type);
      expect(told).toEqual(['attempt.unknown', ...resent]);
      expect(await stage.orders(command.attemptId)).toBe(1);
      if (ways.resending === 'tells') return;
      // What is in doubt may be paid all the same.
      await stage.pay(command.attemptId, 'untold');
      await untilStatus(command, 'succeeded');
      expect(await stage.orders(command.attemptId)).toBe(1);
    });

    it('believes no answer that does not verify', async () => {
      const command = stage.command('unverifiable');
      await stage.spoilNextAnswer(command.attemptId);
      expect(await doubted(command)).toMatchObject([
        { type: 'attempt.unknown', cause: 'unverifiable_answer' },
        ...resent.map((type) => ({ type })),
      ]);
      expect(await stage.orders(command.attemptId)).toBe(1);
    });

    it('finds money of which nobody told it', async () => {
      const command = await shown('untold');
      await stage.pay(command.attemptId, 'untold');
      await untilStatus(command, 'succeeded');
      expect(await reports(command)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.succeeded', amount: command.amount, late: false },
      ]);
      expect(await stage.world.notifications(command.attemptId)).toBe(0);
    });

    it('applies a notification once, however often and at once it comes', async () => {
      const command = await shown('told');
      await stage.pay(command.attemptId, 'told');
      await untilStatus(command, 'succeeded');
      const notice = await stage.lastNotice(command.attemptId);
      const again = await Promise.all([notice, notice, notice].map((one) => stage.tell(one)));
      const { kept } = stage.answers;
      expect(again).toEqual([kept, kept, kept]);
      expect(await types(command)).toEqual(['attempt.awaiting_payer', 'attempt.succeeded']);
      expect(await stage.world.notifications(command.attemptId)).toBe(1);
    });

    it('refuses what is forged, altered or replayed, and takes the genuine one after it', async () => {
      const command = await shown('forged');
      await stage.pay(command.attemptId, 'untold');
      const notice = await stage.lastNotice(command.attemptId);
      const answers: string[] = [];
      for (const { what, notice: forged } of stage.forgeries(notice)) {
        answers.push(`${what}: ${await stage.tell(forged)}`);
      }
      const { kept, refused } = stage.answers;
      const expected = stage.forgeries(notice).map(({ what }) => `${what}: ${refused}`);
      expect(answers).toEqual(expected);
      expect(answers.length).toBeGreaterThanOrEqual(5);
      expect(await stage.world.notifications(command.attemptId)).toBe(0);

      if (stage.staleAfterMs !== undefined) {
        stage.clock.advance(stage.staleAfterMs);
        expect(await stage.tell(notice)).toBe(refused);
        stage.clock.advance(-stage.staleAfterMs);
      }
      expect(await stage.tell(notice)).toBe(kept);
      await untilStatus(command, 'succeeded');
      expect(await types(command)).toEqual(['attempt.awaiting_payer', 'attempt.succeeded']);
    });

    it('puts a wrong amount aside, asks, and believes the answer', async () => {
      const command = await shown('other_amount');
      await stage.pay(command.attemptId, 'other_amount');
      await untilStatus(command, 'succeeded');
      expect(await stage.world.quarantined(command.attemptId)).toEqual(['other_amount']);
      expect(await reports(command)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.succeeded', amount: command.amount },
      ]);
      expect(await stage.world.notifications(command.attemptId)).toBe(0);
    });

    it('takes money that comes before the answer to its own call', async () => {
      const command = stage.command('early');
      const release = await stage.holdNextAnswer(command.attemptId);
      await stage.world.command(command);
      await until(command, 'the order at the provider', async () => {
        return (await stage.orders(command.attemptId)) === 1;
      });
      await stage.pay(command.attemptId, 'told');
      await untilStatus(command, 'succeeded');
      release();
      await until(command, 'an answered call', async () => {
        return (await stage.world.attempt(command.attemptId))?.leased === false;
      });
      expect((await stage.world.attempt(command.attemptId))?.status).toBe('succeeded');
      expect(await types(command)).toEqual(['attempt.succeeded']);
    });

    it('says that an order has expired, and that it was paid all the same', async () => {
      const command = await shown('late');
      await stage.expire(command.attemptId);
      if (ways.late === 'told') await untilStatus(command, 'closed');
      await stage.payLate(command.attemptId);
      await untilStatus(command, 'succeeded');
      expect(await reports(command)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        ...(ways.late === 'told' ? [{ type: 'attempt.closed', reason: 'expired' }] : []),
        { type: 'attempt.succeeded', amount: command.amount, late: true },
      ]);
    });

    const end = async ({ paymentId, attemptId }: AttemptRequested) =>
      stage.world.command(
        anAttemptCloseRequested({ paymentId, attemptId, reason: 'other_attempt_won' }),
      );
    const paid = async (scenario: Scenario) => {
      const command = await shown(scenario);
      await stage.pay(command.attemptId, 'told');
      await untilStatus(command, 'succeeded');
      return command;
    };
    const untilTold = (command: AttemptRequested, type: 'refund.pending' | 'refund.succeeded') =>
      until(command, `a report of ${type}`, async () => (await types(command)).includes(type));

    it('brings an order to its end that has to have one, and says why', async () => {
      const command = await shown('ended');
      await end(command);
      if (ways.closing === 'watched') {
        await stage.world.settled();
        expect((await stage.world.attempt(command.attemptId))?.status).toBe('awaiting_payer');
        await stage.expire(command.attemptId);
      }
      await untilStatus(command, 'closed');
      expect(await reports(command)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.closed', reason: 'other_attempt_won' },
      ]);
    });

    it('closes nothing that was paid before', async () => {
      const command = await shown('ended_paid');
      await stage.pay(command.attemptId, 'untold');
      await end(command);
      await untilStatus(command, 'succeeded');
      expect(await reports(command)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.succeeded', amount: command.amount, late: false },
      ]);
    });

    it('gives money back once, however often it is asked to and told of it', async () => {
      const command = await paid('refunded');
      const refund = await stage.refund('refunded', command);
      await stage.world.command(refund);
      await stage.world.command(refund);
      const { refundId, amount } = refund;
      if (ways.refunding === 'told') {
        await untilTold(command, 'refund.pending');
        await stage.endRefund(refund, 'told');
        await untilTold(command, 'refund.succeeded');
        const notice = await stage.lastNotice(refundId);
        const again = await Promise.all([notice, notice].map((one) => stage.tell(one)));
        expect(again).toEqual([stage.answers.kept, stage.answers.kept]);
        expect(await stage.world.refundNotifications(refundId)).toBe(1);
      }
      await untilTold(command, 'refund.succeeded');
      await stage.world.settled();
      expect(await stage.refunds(refund)).toBe(1);
      expect((await reports(command)).slice(2)).toMatchObject([
        ...(ways.refunding === 'told' ? [{ type: 'refund.pending', refundId }] : []),
        { type: 'refund.succeeded', refundId, amount },
      ]);
    });

    it('asks what became of a refund whose answer was lost, and sends no other', async () => {
      const command = await paid('refund_lost');
      const refund = await stage.refund('refund_lost', command);
      await stage.loseNextRefundAnswer(refund);
      await stage.world.command(refund);
      await untilTold(command, 'refund.succeeded');
      expect(await stage.refunds(refund)).toBe(1);
      expect((await types(command)).slice(2)).toEqual(['refund.pending', 'refund.succeeded']);
      expect(await stage.world.refundNotifications(refund.refundId)).toBe(0);
    });

    if (ways.refunding === 'told') {
      it('puts a refund of a wrong amount aside, asks, and believes the answer', async () => {
        const command = await paid('refund_less');
        const refund = await stage.refund('refund_less', command);
        await stage.world.command(refund);
        await untilTold(command, 'refund.pending');
        await stage.endRefund(refund, 'other_amount');
        await untilTold(command, 'refund.succeeded');
        expect(await stage.world.quarantined(command.attemptId)).toEqual(['other_amount']);
        expect((await reports(command)).slice(2)).toMatchObject([
          { type: 'refund.pending' },
          { type: 'refund.succeeded', amount: refund.amount },
        ]);
      });
    }

    if (ways.codes === 'taken') {
      it("takes a payer's code, with nothing to show, and keeps nothing of it", async () => {
        const command = stage.codeCommand?.();
        if (command === undefined) throw new Error('the stage has no command with a code');
        await stage.world.command(command);
        await untilStatus(command, 'awaiting_payer');
        expect(await stage.world.keeps(command.attemptId, stage.sealing.secret)).toBe(false);
        await stage.pay(command.attemptId, 'untold');
        await untilStatus(command, 'succeeded');
        expect(await stage.orders(command.attemptId)).toBe(1);
        expect(await reports(command)).toMatchObject([
          { type: 'attempt.awaiting_payer', action: { type: 'wait' } },
          { type: 'attempt.succeeded', amount: command.amount },
        ]);
      });
    }

    it('opens what was sealed to it, and keeps nothing of it behind the sending', async () => {
      const command = await shown('sealed');
      const { secret } = stage.sealing;
      expect(command.sealedPayer).not.toContain(secret);
      expect(await stage.world.keeps(command.attemptId, secret)).toBe(false);
      expect(JSON.stringify(await reports(command))).not.toContain(secret);
    });

    it('sends nothing of what was sealed to another gateway', async () => {
      const attemptId = anAttemptId();
      const { foreign } = stage.sealing;
      const command = { ...stage.command('sealed'), attemptId, sealedPayer: foreign };
      await stage.world.command(command);
      await untilStatus(command, 'failed');
      expect((await reports(command)).at(-1)).toMatchObject({
        type: 'attempt.failed',
        reason: 'misconfigured',
      });
      expect(await stage.orders(attemptId)).toBe(0);
    });
  });
}
