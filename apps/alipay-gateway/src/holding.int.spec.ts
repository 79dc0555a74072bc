import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptRequested } from '@hutong/domain-events';
import type { GatewayStage } from '@hutong/gateway/conformance';
import { anAttemptCloseRequested, eventually } from '@hutong/testing';
import { startRecordedStage } from './recorded-stage.examples.js';

const MINUTE_MS = 60_000;

describe('an order on recorded payloads', () => {
  let stage: GatewayStage;
  beforeAll(async () => {
    stage = await startRecordedStage();
  }, 60_000);
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  }, 30_000);

  /** @param stepMs so much time passes at each look. */
  const until = async ({ attemptId }: AttemptRequested, status: string, stepMs = 100) =>
    eventually(
      async () => {
        stage.clock.advance(stepMs);
        return (await stage.world.attempt(attemptId))?.status === status;
      },
      { what: `an attempt that is ${status}`, withinMs: 10_000 },
    );
  const asked = async (): Promise<number> => {
    const metrics = await stage.world.metrics();
    const line = /^hutong_gateway_call_duration_seconds_count\{[^}]*call="close"[^}]*\} (\d+)$/m;
    return Number(line.exec(metrics)?.[1] ?? 0);
  };
  const end = ({ paymentId, attemptId }: AttemptRequested) =>
    stage.world.command(
      anAttemptCloseRequested({ paymentId, attemptId, reason: 'other_attempt_won' }),
    );

  it('that nobody has opened is held until nobody can open it any more', async () => {
    const command = stage.command('ended');
    await stage.world.command(command);
    await until(command, 'awaiting_payer');
    await end(command);
    await eventually(
      async () => {
        stage.passTime();
        return (await asked()) > 1;
      },
      { what: 'two tries to close what is not there', withinMs: 10_000 },
    );
    const before = await asked();
    stage.clock.advance(14 * MINUTE_MS);
    await eventually(async () => (await asked()) > before, { what: 'another try' });
    expect((await stage.world.attempt(command.attemptId))?.status).toBe('awaiting_payer');
    await until(command, 'closed', MINUTE_MS);
    const reports = await stage.world.reports(command.paymentId);
    expect(reports.map(({ event }) => event)).toMatchObject([
      { type: 'attempt.awaiting_payer' },
      { type: 'attempt.closed', reason: 'other_attempt_won' },
    ]);
  });

  it('that is held is paid by whoever opens it meanwhile', async () => {
    const command = stage.command('ended_paid');
    await stage.world.command(command);
    await until(command, 'awaiting_payer');
    await end(command);
    await stage.world.settled();
    await stage.pay(command.attemptId, 'told');
    await until(command, 'succeeded');
  });

  it('has refunds whose notices are a reason to ask, and no more', async () => {
    const command = stage.command('refunded');
    const types = async () =>
      (await stage.world.reports(command.paymentId)).map(({ event }) => event.type);
    const told = (type: string) =>
      eventually(async () => (await types()).some((one) => one === type), { what: type });
    await stage.world.command(command);
    await until(command, 'awaiting_payer');
    await stage.pay(command.attemptId, 'told');
    await until(command, 'succeeded');
    const refund = await stage.refund('refunded', command);
    await stage.loseNextRefundAnswer(refund);
    await stage.world.command(refund);
    await told('refund.pending');
    await stage.endRefund(refund, 'told'); // no time passes: nothing else makes it ask
    await told('refund.succeeded');
    expect(await stage.refunds(refund)).toBe(1);
    expect(await stage.world.refundNotifications(refund.refundId)).toBe(0);
    expect(await stage.world.quarantined(command.attemptId)).toEqual([]);
  });
});
