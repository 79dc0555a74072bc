import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { GATEWAY_REPORTS, type AttemptRequested } from '@hutong/domain-events';
import { anAttemptRequested, eventually } from '@hutong/testing';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const incoming = (trace: string) => `00-${trace}-b7ad6b7169203331-01`;
const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000);

let toys: ToyGateway;
beforeAll(async () => {
  toys = await startToyGateway({ clock: systemClock, roles: ['worker', 'api'] });
}, 60_000);
afterAll(() => toys[Symbol.asyncDispose](), 30_000);

const notify = (text: string, headers: Readonly<Record<string, string>>) =>
  fetch(`${toys.world.at(1)}/notifications/toys`, {
    method: 'POST',
    headers: { signature: 'good', 'content-type': 'application/json', ...headers },
    body: text,
  });
const traces = async ({ paymentId }: AttemptRequested): Promise<readonly string[]> =>
  (await toys.world.reportHeaders(paymentId)).map(({ traceparent = '' }) => traceparent);
