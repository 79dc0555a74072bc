import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PaymentView } from '@hutong/world';
import { firstOf, stateOf } from './ring-state.examples.js';
import { offered, payAndBook, WITHIN_MS, type Target } from './target.examples.js';

const [NOBODYS_PAYMENT, NOBODYS_ENDPOINT] = ['404 payment_unknown', '404 endpoint_unknown'];
const NOT_ALLOWED = '403 scope_missing';
/** What the keys of the first platform may do that may not do what is asked. */
const READER = ['payments:read', 'webhooks:read'];
const WRITER = ['payments:write', 'webhooks:write'];

type Row = Readonly<{ call: string; body?: object; foreign: string }>;

/** Every call about something that belongs to a platform. */
const calls: readonly Row[] = [
  { call: 'GET /payments/{paymentId}', foreign: NOBODYS_PAYMENT },
  { call: 'GET /payments/{paymentId}/events', foreign: NOBODYS_PAYMENT },
  {
    call: 'POST /payments/{paymentId}/attempts',
    body: { offer: 1, method: 'wechat/wechat_pay/qr' },
    foreign: NOBODYS_PAYMENT,
  },
  { call: 'POST /payments/{paymentId}/close', foreign: NOBODYS_PAYMENT },
  {
    call: 'POST /payments/{paymentId}/refunds',
    body: { amount: { currency: 'CNY', minor: '100' } },
    foreign: NOBODYS_PAYMENT,
  },
  { call: 'GET /webhook-endpoints/{endpointId}', foreign: NOBODYS_ENDPOINT },
  { call: 'GET /webhook-endpoints/{endpointId}/secret', foreign: NOBODYS_ENDPOINT },
  { call: 'POST /webhook-endpoints/{endpointId}/secret', foreign: NOBODYS_ENDPOINT },
  { call: 'POST /webhook-endpoints/{endpointId}/disable', foreign: NOBODYS_ENDPOINT },
  { call: 'GET /webhook-endpoints/{endpointId}/deliveries', foreign: NOBODYS_ENDPOINT },
  {
    call: 'POST /webhook-endpoints/{endpointId}/replays',
    body: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    foreign: NOBODYS_ENDPOINT,
  },
];
/** Calls about nothing yet, or about all that a platform has: to another platform these are its own. */
const ABOUT_NONE: readonly Omit<Row, 'foreign'>[] = [
  { call: 'POST /payments', body: {} },
  { call: 'POST /webhook-endpoints', body: { url: 'https://shop.example/hutong' } },
  { call: 'GET /webhook-endpoints' },
];
/** Not for platforms: an operator's token, or a payer's link. */
const NO_KEY = /^\w+ \/(surplus|pay)(\/|$)/;

/** Another platform's real key, and keys that may not do what is asked, on every call of checkout. */
export function describeForeignKeys(target: () => Target): void {
  describe("a real key that is not this payment's", () => {
    const keys = new Map<'own' | 'foreign' | 'reader' | 'writer', string>();
    let waiting: PaymentView;
    let paid: PaymentView;
    let endpointId = '';
    const ask = async (
      who: 'own' | 'foreign' | 'reader' | 'writer',
      { call, body }: Omit<Row, 'foreign'>,
      about = waiting,
    ): Promise<Readonly<{ said: string; json: unknown }>> => {
      const [method = '', route = ''] = call.split(' ');
      const path = route
        .replace('{paymentId}', about.paymentId)
        .replace('{endpointId}', endpointId);
      const answer = await fetch(new URL(path, firstOf(target().ring, 'checkout')), {
        method,
        headers: {
          authorization: `Bearer ${keys.get(who) ?? ''}`,
          ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const json: unknown = await answer.json();
      return { said: `${answer.status} ${String(Reflect.get(Object(json), 'code'))}`, json };
    };

    beforeAll(async () => {
      const { ring } = target();
      keys.set('own', ring.apiKey);
      keys.set('foreign', await ring.issueKey('jd'));
      keys.set('reader', await ring.issueKey('taobao', READER));
      keys.set('writer', await ring.issueKey('taobao', WRITER));
      waiting = await offered(target());
      paid = await payAndBook(target(), await offered(target()));
      const url = 'http://127.0.0.1:9/never-told';
      const made = await ask('own', { call: 'POST /webhook-endpoints', body: { url } });
      endpointId = String(Reflect.get(Object(made.json), 'endpointId'));
    }, 4 * WITHIN_MS);

    // Of all payments: rows are compared whole.
    const state = () => stateOf(target(), waiting.paymentId);

    it.each<Row>(calls)('of another platform makes $call say $foreign', async (row) => {
      const before = await state();

      expect((await ask('foreign', row)).said).toBe(row.foreign);
      expect((await ask('foreign', row, paid)).said).toBe(row.foreign);

      expect(await state()).toEqual(before);
    });

    it('of another platform sees none of the endpoints', async () => {
      expect((await ask('foreign', { call: 'GET /webhook-endpoints' })).json).toEqual({
        endpoints: [],
      });
    });

    it.each([...calls, ...ABOUT_NONE])('without the scope lets nobody $call', async (row) => {
      const before = await state();

      const who = /^GET .*(?<!\/secret)$/.test(row.call) ? 'writer' : 'reader';
      expect((await ask(who, row)).said).toBe(NOT_ALLOWED);
      expect((await ask(who, row, paid)).said).toBe(NOT_ALLOWED);

      expect(await state()).toEqual(before);
    });

    it('was tried on every call that there is', async () => {
      const { paths } = await described(target());
      const there = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const tried = [...calls, ...ABOUT_NONE].map(({ call }) => call);
      expect(there.filter((call) => !NO_KEY.test(call)).toSorted()).toEqual(tried.toSorted());
    });
  });
}

/** Checkout's own description of itself. */
async function described({ ring }: Target): Promise<Readonly<{ paths: Record<string, object> }>> {
  const answer = await fetch(new URL('/openapi.json', firstOf(ring, 'checkout')), {
    signal: AbortSignal.timeout(20_000),
  });
  return (await answer.json()) as Readonly<{ paths: Record<string, object> }>;
}
