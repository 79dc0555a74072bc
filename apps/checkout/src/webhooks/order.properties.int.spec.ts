import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FixedClock, type FreshDatabase } from '@hutong/testing';
import fc from 'fast-check';
import { migrated } from '../world.examples.js';
import type { DueWebhook } from './due-webhooks.repository.js';
import { aPaymentId, TAOBAO, WebhookInstance } from './webhook-world.examples.js';

const ROOM = { atOnce: 4, spare: 1, perEndpoint: 3, leaseMs: 30_000 };
const PAYMENTS = 3;

/** What may happen next, at either of two instances. */
type Happening =
  | Readonly<{ kind: 'told'; payment: number; outcomes: number }>
  | Readonly<{ kind: 'taken'; at: 0 | 1 }>
  | Readonly<{ kind: 'answered'; which: number; status: 200 | 500 }>
  /** The receiver has it, and whoever sent it dies before it is written down. */
  | Readonly<{ kind: 'lost'; which: number }>
  | Readonly<{ kind: 'later'; ms: number }>
  | Readonly<{ kind: 'replayed' }>;

const at = fc.constantFrom<0 | 1>(0, 1);
const happenings = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: told() },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('taken' as const), at }) },
    { weight: 6, arbitrary: answered() },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), which: fc.nat(9) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('later' as const),
        ms: fc.constantFrom(1, 1_000, 5_000, ROOM.leaseMs, 3_600_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('replayed' as const) }) },
  ),
  { minLength: 10, maxLength: 40, size: 'max' },
);

function told() {
  return fc.record({
    kind: fc.constant('told' as const),
    payment: fc.nat(PAYMENTS - 1),
    outcomes: fc.integer({ min: 1, max: 3 }),
  });
}

function answered() {
  return fc.record({
    kind: fc.constant('answered' as const),
    which: fc.nat(9),
    status: fc.constantFrom<200 | 500>(200, 500),
  });
}

describe('webhooks of one payment at one endpoint, whatever happens', () => {
  const opened = new AsyncDisposableStack();
  const clock = new FixedClock('2026-11-26T08:00:00.000Z');
  let instances: readonly WebhookInstance[];

  beforeAll(async () => {
    const database: FreshDatabase = opened.use(await migrated());
    instances = [0, 1].map(() => opened.use(new WebhookInstance(database.config, clock)));
  }, 60_000);
  afterAll(() => opened.disposeAsync());

  /** Plays it, then lets everything arrive. @returns per payment the sequences, as they arrived. */
  async function arrivals(all: readonly Happening[]): Promise<Map<string, number[]>> {
    const [here] = instances;
    if (here === undefined) throw new Error('no instance');
    const { endpointId } = await here.register('http://127.0.0.1/hooks');
    const ids = Array.from({ length: PAYMENTS }, aPaymentId);
    const seen = new Map(ids.map((id): [string, number[]] => [id, []]));
    const inHand: DueWebhook[] = [];
    const pick = (which: number) =>
      inHand.length === 0 ? undefined : inHand.splice(which % inHand.length, 1)[0];
    /** As the receiver sees it: sent, taken by it or not. */
    const answer = async (sent: DueWebhook | undefined, status: 200 | 500, isSettled = true) => {
      if (sent === undefined) return;
      const sequence: unknown = Reflect.get(Object(JSON.parse(sent.body)), 'sequence');
      if (status === 200) seen.get(sent.paymentId)?.push(Number(sequence));
      if (isSettled) await here.due.settle(sent, { status });
    };
    const replay = async () => {
      const to = new Date(clock.now().getTime() + 1);
      await here.deliveries.replay({ platform: TAOBAO, endpointId, from: new Date(0), to });
    };
    let replays = 0;
    for (const one of all) {
      switch (one.kind) {
        case 'told':
          await here.tell(
            ids[one.payment] ?? aPaymentId(),
            Array<'payment.paid'>(one.outcomes).fill('payment.paid'),
          );
          break;
        case 'taken':
          inHand.push(...((await instances[one.at]?.due.take(ROOM)) ?? []));
          break;
        case 'answered':
          await answer(pick(one.which), one.status);
          break;
        case 'lost':
          await answer(pick(one.which), 200, false);
          break;
        case 'later':
          // A worker gives an exchange up long before its lease ends.
          if (one.ms >= ROOM.leaseMs) inHand.splice(0);
          clock.advance(one.ms);
          break;
        case 'replayed':
          replays += 1;
          await replay();
          break;
      }
    }
    for (let idle = 0; idle < 2;) {
      clock.advance(13 * 3_600_000);
      const due = await here.due.take({ ...ROOM, atOnce: 100 });
      idle = due.length === 0 ? idle + 1 : 0;
      for (const sent of due) await answer(sent, 200);
    }
    await here.endpoints.disable(TAOBAO, endpointId);
    return replays === 0
      ? seen
      : new Map([...seen].map(([id, sequences]) => [id, once(sequences)]));
  }

  /** A replay goes back: what is left of its order is that everything came first in order. */
  const once = (sequences: readonly number[]) => [...new Set(sequences)];
  const inOrder = (sequences: readonly number[]) =>
    sequences.every((n, i) => n === (sequences[i - 1] ?? 0) + 1 || n === sequences[i - 1]);

  it('arrive in their order, none missing, repeated at most in their place', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (all) => {
        const seen = await arrivals(all);
        const asked = new Map<number, number>();
        for (const one of all) {
          if (one.kind !== 'told') continue;
          asked.set(one.payment, (asked.get(one.payment) ?? 0) + one.outcomes);
        }
        [...seen.values()].forEach((sequences, payment) => {
          expect([inOrder(sequences), sequences]).toEqual([true, sequences]);
          expect(new Set(sequences).size).toBe(asked.get(payment) ?? 0);
        });
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});
