import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import type { AttemptRequested } from '@hutong/domain-events';
import { withTraceparent } from '@hutong/telemetry';
import { anAttemptRequested, eventually } from '@hutong/testing';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const ANOTHER = 'a3ce929d0e0e47364bf92f3577b34da6';
const incoming = (trace: string) => `00-${trace}-b7ad6b7169203331-01`;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

let toys: ToyGateway;
beforeAll(async () => {
  toys = await startToyGateway({ clock: systemClock, roles: ['worker', 'api'] });
}, 60_000);
afterAll(async () => {
  await toys[Symbol.asyncDispose]();
}, 30_000);

/** As a provider does, which knows nothing of our traces, and may have its own. */
async function notify(text: string, traceparent?: string): Promise<number> {
  const headers = { signature: 'good', ...(traceparent !== undefined && { traceparent }) };
  const url = `${toys.world.at(1)}/notifications/toys`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: text,
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function shown(): Promise<AttemptRequested> {
  const command = anAttemptRequested({ expiresAt: inMinutes(15), notAfter: inMinutes(15) });
  await withTraceparent(incoming(TRACE), () => toys.world.command(command));
  await eventually(
    async () => (await toys.world.attempt(command.attemptId))?.status === 'awaiting_payer',
    { what: 'an attempt that is shown' },
  );
  return command;
}

const traceIds = async ({ paymentId }: AttemptRequested) =>
  (await toys.world.traces(paymentId)).map((traceparent = '') => traceparent.split('-')[1]);

it('goes from the command through the call of the provider to the report of its answer', async () => {
  const command = await shown();
  expect(await traceIds(command)).toEqual([TRACE]);
  expect(toys.provider.calledIn.get(command.attemptId)?.split('-')[1]).toBe(TRACE);
});

it.each([
  ['no trace', undefined],
  ['a trace of its own', incoming(ANOTHER)],
])('is the payment’s for money that a notification tells of with %s', async (_, traceparent) => {
  const command = await shown();
  expect(await notify(`n-${command.attemptId} ${command.attemptId} 12800`, traceparent)).toBe(204);
  expect(await traceIds(command)).toEqual([TRACE, TRACE]);
});

it('is the payment’s for money that was asked for after a notification that was wrong', async () => {
  const command = await shown();
  toys.provider.pay(command.attemptId);
  expect(await notify(`n-${command.attemptId} ${command.attemptId} 1`, incoming(ANOTHER))).toBe(
    204,
  );
  await eventually(
    async () => (await toys.world.attempt(command.attemptId))?.status === 'succeeded',
    { what: 'an attempt that is paid' },
  );
  expect(await traceIds(command)).toEqual([TRACE, TRACE]);
});
