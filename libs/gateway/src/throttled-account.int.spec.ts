import { expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { platformId, type AttemptRequested } from '@hutong/domain-events';
import {
  anAttemptCloseRequested,
  anAttemptRequested,
  aRefundRequested,
  eventually,
} from '@hutong/testing';
import { startToyGateway } from './toy-gateway.examples.js';

const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const aCommand = (said: Partial<AttemptRequested> = {}): AttemptRequested =>
  anAttemptRequested({ expiresAt: ahead(15), notAfter: ahead(15), ...said });

it('an account that is too slow holds back its own new orders, and nothing else', async () => {
  const pace = { requestsPerSecond: 20, concurrency: 1 };
  await using toys = await startToyGateway({ clock: systemClock, roles: ['all'], pace });
  const { world, provider } = toys;
  const until = ({ attemptId }: AttemptRequested, status: string) =>
    eventually(async () => (await world.attempt(attemptId))?.status === status, {
      what: `an attempt that is ${status}`,
    });
  const taken = (what: string, sql: string, id: string) =>
    eventually(async () => (await world.db.query(sql, [id])).length === 1, { what });
  const [toClose, toRefund] = [aCommand(), aCommand()];
  for (const command of [toClose, toRefund]) {
    await world.command(command);
    await until(command, 'awaiting_payer');
  }
  const answer = await fetch(`${world.at()}/notifications/toys`, {
    method: 'POST',
    headers: { signature: 'good', 'content-type': 'application/json' },
    body: `n-${toRefund.attemptId} ${toRefund.attemptId} 12800`,
  });
  expect(answer.status).toBe(204);

  const answered = Promise.withResolvers<void>();
  using held = new DisposableStack();
  held.defer(answered.resolve);
  const stalled = aCommand();
  provider.hold(stalled.attemptId, answered.promise);
  await world.command(stalled);
  await until(stalled, 'submitted');
  const many = Array.from({ length: 80 }, () => aCommand());
  for (const command of many) await world.command(command);
  const waiting = async () =>
    (await world.db.query("select 1 from attempts where due_action = 'submit'")).length;
  await eventually(async () => (await waiting()) >= 40, { what: 'two seconds of submits' });

  const elsewhere = aCommand({ platform: platformId('jd') });
  const ids = ({ paymentId, attemptId }: AttemptRequested) => ({ paymentId, attemptId });
  const refund = aRefundRequested(ids(toRefund));
  await world.command(anAttemptCloseRequested(ids(toClose)));
  await world.command(refund);
  await world.command(elsewhere);
  await until(elsewhere, 'awaiting_payer');
  const wish = 'select 1 from attempts where attempt_id = $1 and close_asked is not null';
  await taken('a wish to close', wish, toClose.attemptId);
  await taken('a refund', 'select 1 from refunds where refund_id = $1', refund.refundId);

  // All that while the rest is still in Kafka: nobody's patience had to end for it.
  expect(await waiting()).toBeLessThanOrEqual(43);
  expect(await world.lag()).toBeGreaterThanOrEqual(80 - 43);
}, 60_000);
