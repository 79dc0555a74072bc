import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptRequested } from '@hutong/domain-events';
import {
  anAttemptCloseRequested,
  anAttemptId,
  anAttemptRequested,
  eventually,
  FixedClock,
} from '@hutong/testing';
import { ShownOrders } from './shown-orders.repository.js';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

const NOON = '2026-11-24T04:00:00.000Z';
const at = (minutes: number) => new Date(new Date(NOON).getTime() + minutes * 60_000);

let clock: FixedClock;
let toys: ToyGateway;
let orders: ShownOrders;

const shown = async (): Promise<AttemptRequested> => {
  const end = new Date(clock.now().getTime() + 15 * 60_000);
  const returnUrl = 'https://shop.example/done?order=1';
  const command = anAttemptRequested({ expiresAt: end, notAfter: end, returnUrl });
  await toys.world.command(command);
  await until(command, 'awaiting_payer');
  return command;
};
const until = ({ attemptId }: AttemptRequested, status: string) =>
  eventually(async () => (await toys.world.attempt(attemptId))?.status === status, {
    what: `an attempt that is ${status}`,
  });

describe('an order that was shown to its payer', () => {
  beforeAll(async () => {
    clock = new FixedClock(NOON);
    toys = await startToyGateway({ clock, roles: ['all'], endless: true });
    orders = new ShownOrders(toys.world.db, clock);
  }, 60_000);
  afterAll(async () => {
    await toys[Symbol.asyncDispose]();
  }, 30_000);

  it('is open until its last moment, and says what it was prepared as', async () => {
    clock.set(at(0).toISOString());
    const { attemptId, expiresAt } = await shown();
    clock.set(new Date(expiresAt.getTime() - 1).toISOString());
    expect(await orders.open(attemptId)).toMatchObject({
      prepared: { attemptId, account: 'toys', fields: { presentation: 'qr' } },
      action: { type: 'qr', content: `toy://${attemptId}/0`, validUntil: expiresAt },
    });
    clock.set(expiresAt.toISOString());
    expect(await orders.open(attemptId)).toBeUndefined();
  });

  it('is open no more once it has to end, or was paid', async () => {
    clock.set(at(30).toISOString());
    const ending = await shown();
    const { paymentId, attemptId } = ending;
    expect(await orders.open(attemptId)).toBeDefined();
    await toys.world.command(anAttemptCloseRequested({ paymentId, attemptId }));
    await eventually(async () => (await orders.open(attemptId)) === undefined, {
      what: 'an order that has to end',
    });
    const paid = await shown();
    toys.provider.pay(paid.attemptId);
    clock.set(at(31).toISOString());
    await until(paid, 'succeeded');
    expect(await orders.open(paid.attemptId)).toBeUndefined();
  });

  it('is nobody’s that has another number, or none', async () => {
    const numbers = [anAttemptId(), '', '1', "' or true --", '%'];
    expect(await Promise.all(numbers.map((one) => orders.open(one)))).toEqual(
      numbers.map(() => undefined),
    );
    expect(await Promise.all(numbers.map((one) => orders.returnUrl(one)))).toEqual(
      numbers.map(() => undefined),
    );
  });

  it('leads back to its shop whatever became of it', async () => {
    clock.set(at(60).toISOString());
    const { attemptId } = await shown();
    clock.set(at(90).toISOString());
    expect(await orders.returnUrl(attemptId)).toBe('https://shop.example/done?order=1');
  });
});
