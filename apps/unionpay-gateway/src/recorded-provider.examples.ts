import type { ServerResponse } from 'node:http';
import { answered, RecordedProvider, type RecordedCall } from '@hutong/gateway/conformance';
import { recorded } from './recorded.examples.js';

/** Answers what was recorded for an order or a refund, by the state that it is said to be in. */
export const startRecordedUnionpay = (): Promise<RecordedProvider> =>
  RecordedProvider.start(answer);

function answer(
  { body }: RecordedCall,
  response: ServerResponse,
  provider: RecordedProvider,
): void {
  const form = new URLSearchParams(body);
  const id = form.get('orderId') ?? '';
  const { create, again, query } = callsOf(id);
  const isKnown = provider.created(id).length > 0;
  if (form.get('txnType') === '00') {
    const told = query[provider.stateOf(id) ?? (isKnown ? '05' : '34')] ?? query['34'];
    answered(response, told ?? again);
  } else {
    provider.create(id, { body, answer: isKnown ? again : create }, response);
  }
}

const all = Object.values(recorded.orders).flatMap(({ attemptId, refund, ...calls }) => [
  { id: attemptId, ...calls },
  ...(refund === undefined ? [] : [{ id: refund.refundId, ...refund }]),
]);

/** By the number of an order or a refund. */
export function callsOf(id: string) {
  const calls = all.find((one) => one.id === id);
  if (calls === undefined) throw new Error('nothing was recorded under this number');
  return calls;
}
