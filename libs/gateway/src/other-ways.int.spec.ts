import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptRequested } from '@hutong/domain-events';
import {
  anAttemptCloseRequested,
  anAttemptRequested,
  eventually,
  FixedClock,
  WECHAT_QR,
} from '@hutong/testing';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

const MINUTE_MS = 60_000;
const NOON = '2026-11-24T04:00:00.000Z';
const at = (minutes: number) =>
  new Date(new Date(NOON).getTime() + minutes * MINUTE_MS).toISOString();

let clock: FixedClock;
let toys: ToyGateway;

const requested = async (o: Readonly<{ code?: true }> = {}) => {
  const end = new Date(clock.now().getTime() + 15 * MINUTE_MS);
  const method = { ...WECHAT_QR, ...(o.code && { presentation: 'barcode' as const }) };
  return anAttemptRequested({ expiresAt: end, notAfter: end, method });
};
const until = ({ attemptId }: AttemptRequested, status: string) =>
  eventually(async () => (await toys.world.attempt(attemptId))?.status === status, {
    what: `an attempt that is ${status}`,
  });
/** Whatever was being done about it is stored: only then may the clock move on. */
const atRest = ({ attemptId }: AttemptRequested) =>
  eventually(async () => (await toys.world.attempt(attemptId))?.leased === false, {
    what: 'an attempt that nobody works on',
  });
const reports = async ({ paymentId }: AttemptRequested) =>
  (await toys.world.reports(paymentId)).map(({ event }) => event);
const asked = ({ attemptId }: AttemptRequested) =>
  toys.provider.asked.filter((call) => call.endsWith(attemptId));
const end = ({ paymentId, attemptId }: AttemptRequested) =>
  toys.world.command(anAttemptCloseRequested({ paymentId, attemptId, reason: 'cancelled' }));
/** By a genuine notification. */
const toldPaid = async ({ attemptId, amount }: AttemptRequested, notificationId: string) => {
  const { status } = await fetch(`${toys.world.at()}/notifications/toys`, {
    method: 'POST',
    headers: { signature: 'good', 'content-type': 'application/json' },
    body: `${notificationId} ${attemptId} ${amount.minor}`,
  });
  expect(status).toBe(204);
};

describe('a gateway whose provider closes nothing', () => {
  beforeAll(async () => {
    clock = new FixedClock(NOON);
    toys = await startToyGateway({ clock, roles: ['all'], endless: true });
  }, 60_000);
  afterAll(async () => {
    await toys[Symbol.asyncDispose]();
  }, 30_000);

  it('asks at once about what has to end, lets it run out, and then says that we ended it', async () => {
    clock.set(at(0));
    const command = await requested();
    await toys.world.command(command);
    await until(command, 'awaiting_payer');
    await end(command);
    await eventually(() => asked(command).length === 1, { what: 'a question' });
    await atRest(command);
    expect((await toys.world.attempt(command.attemptId))?.status).toBe('awaiting_payer');
    toys.provider.decide(command.attemptId, { kind: 'closed', reason: 'expired' });
    clock.set(at(16));
    await until(command, 'closed');
    expect(asked(command).filter((call) => call.startsWith('close'))).toEqual([]);
    expect(await reports(command)).toMatchObject([
      { type: 'attempt.awaiting_payer' },
      { type: 'attempt.closed', reason: 'cancelled' },
    ]);
  });

  it('tells money that the provider calls late, of an order that we never knew to have ended', async () => {
    clock.set(at(30));
    const command = await requested();
    await toys.world.command(command);
    await until(command, 'awaiting_payer');
    await atRest(command);
    toys.provider.pay(command.attemptId, true);
    clock.set(at(46));
    await until(command, 'succeeded');
    expect((await reports(command)).at(-1)).toMatchObject({
      type: 'attempt.succeeded',
      late: true,
    });
  });
});

describe('a gateway that takes codes shown in stores', () => {
  beforeAll(async () => {
    clock = new FixedClock(NOON);
    toys = await startToyGateway({ clock, roles: ['all'] });
  }, 60_000);
  afterAll(async () => {
    await toys[Symbol.asyncDispose]();
  }, 30_000);

  it('has nothing to show while the payer is asked', async () => {
    const command = await requested({ code: true });
    await toys.world.command(command);
    await until(command, 'awaiting_payer');
    expect(await reports(command)).toMatchObject([
      { type: 'attempt.awaiting_payer', action: { type: 'wait', validUntil: command.expiresAt } },
    ]);
  });

  it('takes the answer to its sending for the payment, and asks for nothing', async () => {
    const command = await requested({ code: true });
    toys.provider.pay(command.attemptId);
    await toys.world.command(command);
    await until(command, 'succeeded');
    expect((await reports(command)).map(({ type }) => type)).toEqual(['attempt.succeeded']);
    expect(asked(command)).toEqual([]);
  });

  it('cancels what nobody can tell of, a minute after its end', async () => {
    clock.set(at(0));
    const command = await requested({ code: true });
    toys.provider.decide(command.attemptId, { kind: 'unknown', cause: 'system_error' });
    await toys.world.command(command);
    await until(command, 'unknown');
    await atRest(command);
    clock.set(at(15));
    await eventually(() => asked(command).length > 0, { what: 'a question at its deadline' });
    expect(asked(command).filter((call) => call.startsWith('close'))).toEqual([]);
    await eventually(
      () => {
        clock.advance(MINUTE_MS);
        return asked(command).some((call) => call.startsWith('close'));
      },
      { what: 'an order that is closed at the provider' },
    );
    await until(command, 'closed');
    expect((await reports(command)).map(({ type }) => type)).toEqual([
      'attempt.unknown',
      'attempt.closed',
    ]);
  });

  it('takes no notice for money that a close may have given back: it asks', async () => {
    clock.set(at(0));
    const command = await requested({ code: true });
    toys.provider.decide(command.attemptId, { kind: 'unknown', cause: 'system_error' });
    toys.provider.decideClose(command.attemptId, { kind: 'unknown', cause: 'answer_lost' });
    await toys.world.command(command);
    await until(command, 'unknown');
    await end(command);
    const closes = () => asked(command).filter((call) => call.startsWith('close')).length;
    await eventually(
      () => {
        clock.advance(MINUTE_MS);
        return closes() === 1;
      },
      { what: 'a close whose answer is lost' },
    );
    toys.provider.decide(command.attemptId, { kind: 'closed', reason: 'expired' });
    for (const notice of ['before', 'after']) {
      const before = asked(command).length;
      await toldPaid(command, notice);
      await eventually(() => asked(command).length > before, { what: `a question ${notice}` });
      await until(command, 'closed');
    }
    expect((await reports(command)).map(({ type }) => type)).toEqual([
      'attempt.unknown',
      'attempt.closed',
    ]);
  });
});
