import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CHECKOUT_PAYMENTS, type PaymentId } from '@hutong/domain-events';
import { createLogger, currentTraceparent, withTraceparent } from '@hutong/telemetry';
import { aCloseRequested, aPaymentId, eventually } from '@hutong/testing';
import { park } from './disposition.js';
import type { Before } from './world.examples.js';
import { anEventOf, aRecord, World } from './world.examples.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const INCOMING = `00-${TRACE}-b7ad6b7169203331-01`;
/** `00-<trace>-<span>-<flags>` */
const traceOf = (traceparent = ''): string | undefined => traceparent.split('-')[1];
const spanOf = (traceparent = ''): string | undefined => traceparent.split('-')[2];

let world: World;
/** What the listener's logger wrote. */
const lines: string[] = [];
const saidIn = (trace: string): string[] =>
  lines
    .filter((line) => line.includes(`"traceId":"${trace}"`))
    .flatMap((line) => /"event":"([^"]*)"/.exec(line)?.slice(1) ?? []);
/** What a payment's handler does before its effect, and the traces in which it ran. */
const trouble = new Map<PaymentId, Before>();
const ranIn = new Map<PaymentId, string[]>();

beforeAll(async () => {
  world = await World.start();
  world.relay();
  const destination = new Writable({
    write: (line: Buffer, _, next) => {
      lines.push(line.toString());
      next();
    },
  });
  await world.listener({
    logger: createLogger({ service: 'routing', level: 'error', destination }),
    before: async ({ event }) => {
      const so = ranIn.get(event.paymentId) ?? [];
      ranIn.set(event.paymentId, [...so, currentTraceparent() ?? 'none']);
      return trouble.get(event.paymentId)?.(event);
    },
    inside: async ({ event }) => {
      const follower = followers.get(event.paymentId);
      if (follower === undefined) return;
      await world.db.transaction((tx) => world.outbox.append(tx, anEventOf(follower)));
    },
  });
}, 60_000);
afterAll(() => world[Symbol.asyncDispose](), 30_000);

/** The payment of which something is told when one of another payment has its effect. */
const followers = new Map<PaymentId, PaymentId>();
const handled = (paymentId: PaymentId, times = 1) =>
  eventually(
    () => {
      const ran = ranIn.get(paymentId) ?? [];
      return ran.length >= times && ran;
    },
    { what: `${times} calls of a handler` },
  );
const recordOf = async (paymentId: PaymentId) => {
  const records = await world.probe.records(CHECKOUT_PAYMENTS);
  return records.find(({ key }) => key === paymentId);
};

it('goes from a request through outbox, topic and handler to what is told next, a span each', async () => {
  const [asked, next] = [aPaymentId(), aPaymentId()];
  followers.set(asked, next);
  const within = await withTraceparent(INCOMING, async () => {
    await world.tell(aCloseRequested({ paymentId: asked }));
    return currentTraceparent();
  });
  const [hearing] = await handled(asked);
  const [hearingNext] = await handled(next);
  const told = (await recordOf(asked))?.headers['traceparent'];
  const toldNext = (await recordOf(next))?.headers['traceparent'];

  expect(told).toBe(within);
  expect(toldNext).toBe(hearing);
  const hops = [INCOMING, told, hearing, hearingNext];
  expect(hops.map(traceOf)).toEqual(hops.map(() => TRACE));
  expect(new Set(hops.map(spanOf)).size).toBe(hops.length);
});

it('is still there when a key in trouble is tried again, from its table', async () => {
  const paymentId = aPaymentId();
  let left = 3;
  trouble.set(paymentId, async () => {
    left -= 1;
    if (left >= 0) throw new Error('not yet');
    return undefined;
  });
  await withTraceparent(INCOMING, () => world.tell(aCloseRequested({ paymentId })));
  const ran = await handled(paymentId, 4); // in hand twice, then by turns of the parked key
  expect(ran.map(traceOf)).toEqual(ran.map(() => TRACE));
  const failures = saidIn(TRACE).filter((event) => event.includes('failed'));
  expect(failures).toEqual(['a handler failed', 'a handler failed', 'a parked key failed again']);
});

it('stays with a record that is parked', async () => {
  const paymentId = aPaymentId();
  trouble.set(paymentId, async () => park('not of this ring'));
  await withTraceparent(INCOMING, () => world.tell(aCloseRequested({ paymentId })));
  const [parked] = await eventually(async () => {
    const own = (await world.parked()).filter(({ key }) => key === paymentId);
    return own.length > 0 && own;
  });
  expect(traceOf(parked?.headers['traceparent'])).toBe(TRACE);
  expect(saidIn(TRACE)).toContain('an event was parked');
});

it('begins where nothing led to an event, as with a clock, once for all who hear of it', async () => {
  const paymentId = aPaymentId();
  await world.tell(aCloseRequested({ paymentId }));
  const [hearing] = await handled(paymentId);
  const told = (await recordOf(paymentId))?.headers['traceparent'];
  expect(traceOf(told)).toMatch(/^[0-9a-f]{32}$/);
  expect(traceOf(hearing)).toBe(traceOf(told));
  expect(traceOf(told)).not.toBe(TRACE);
});

it('begins at a record whose header is none', async () => {
  const paymentId = aPaymentId();
  const record = aRecord(aCloseRequested({ paymentId }));
  await world.produce({ ...record, headers: { traceparent: 'canary' } });
  const [hearing] = await handled(paymentId);
  expect(traceOf(hearing)).toMatch(/^[0-9a-f]{32}$/);
});
