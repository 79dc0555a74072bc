import { expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { anAttemptRequested, aRefundRequested, AMOUNT, eventually } from '@hutong/testing';
import { startToyGateway } from './toy-gateway.examples.js';

/** Beyond what any of this waits for. */
const LEASE_MS = 600_000;

it('goes on soon with work whose result could not be kept, and asks what came of it', async () => {
  await using toys = await startToyGateway({
    clock: systemClock,
    roles: ['all'],
    leaseMs: LEASE_MS,
  });
  const { world, provider } = toys;
  const expiresAt = new Date(Date.now() + LEASE_MS);
  const order = anAttemptRequested({ expiresAt, notAfter: expiresAt });
  const { attemptId, paymentId } = order;
  const statusIs = (status: string) =>
    eventually(async () => (await world.attempt(attemptId))?.status === status, {
      what: `an attempt that is ${status}`,
      withinMs: 30_000,
    });
  /** Kills the connection that waits for the row's lock, while `held` is on its way to the provider. */
  const cutOff = (table: 'attempts' | 'refunds', key: string, id: string) =>
    world.db.transaction(async (tx) => {
      await tx.query(`select 1 from ${table} where ${key} = $1 for update`, [id]);
      answered.resolve();
      await eventually(
        async () => {
          const cut = await world.db.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where wait_event_type = 'Lock' and datname = current_database()`,
          );
          return cut.length > 0;
        },
        { what: 'a result that waits to be kept', withinMs: 30_000 },
      );
    });

  let answered = Promise.withResolvers<void>();
  provider.hold(attemptId, answered.promise);
  await world.command(order);
  await eventually(() => provider.received.has(attemptId), { what: 'an order', withinMs: 30_000 });
  await cutOff('attempts', 'attempt_id', attemptId);
  provider.pay(attemptId);
  await statusIs('succeeded');
  expect(provider.received.get(attemptId)).toHaveLength(1);
  expect(provider.asked).toContain(`query ${attemptId}`);

  const refund = aRefundRequested({ paymentId, attemptId, amount: AMOUNT });
  const { refundId } = refund;
  answered = Promise.withResolvers();
  provider.giveBack(refundId);
  provider.hold(refundId, answered.promise);
  await world.command(refund);
  await eventually(() => provider.received.has(refundId), { what: 'a refund', withinMs: 30_000 });
  await cutOff('refunds', 'refund_id', refundId);
  await eventually(
    async () => {
      const told = await world.reports(paymentId);
      return told.some(({ event }) => event.type === 'refund.succeeded');
    },
    { what: 'a refund that succeeded', withinMs: 30_000 },
  );
  expect(provider.received.get(refundId)).toHaveLength(1);
  expect(provider.asked).toContain(`query_refund ${refundId}`);
}, 120_000);
