import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anOrder, PlatformClient, World, type Answer } from '../world.examples.js';

const AT_ONCE = { prefer: 'wait=0' };

/** One request: by which of its run's keys, for which of its orders, in which wording, at which instance. */
type Ask = Readonly<{ key: number; order: number; wording: number; at: number }>;
type Asked = Ask & Readonly<{ answer: Answer }>;

const asks: fc.Arbitrary<Ask> = fc.record({
  key: fc.nat(2),
  order: fc.nat(1),
  wording: fc.nat(1),
  at: fc.nat(1),
});
/** What is asked at once, and what only behind it. */
const waves = fc.array(fc.array(asks, { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 4,
});

const opened = new AsyncDisposableStack();
let clients: readonly PlatformClient[];
let runs = 0;

beforeAll(async () => {
  const world = opened.use(await World.start('all', 'api'));
  const key = await world.keyFor('taobao');
  clients = [0, 1].map((index) => new PlatformClient(world.at(index), key));
}, 120_000);

afterAll(() => opened.disposeAsync(), 60_000);

async function ask(run: number, { key, order, wording, at }: Ask): Promise<Answer> {
  const client = clients[at];
  if (client === undefined) throw new Error(`no instance ${at}`);
  const body = anOrder({
    orderReference: `idempotent-${run}-${order}`,
    description: `as it is worded the ${wording}th time`,
  });
  return client.post('/payments', body, { ...AT_ONCE, 'idempotency-key': `run-${run}-${key}` });
}

const made = ({ answer }: Asked): boolean => answer.status === 201;
const paymentOf = ({ answer }: Asked): string => String(answer.body['paymentId']);
const bodyOf = ({ order, wording }: Ask): string => `${order} ${wording}`;
const distinct = <T>(all: readonly T[]): number => new Set(all).size;

/** What nobody may see, whatever was asked at once with what; nothing if all is well. */
function wrongIn(all: readonly Asked[]): string | undefined {
  const allowed = [
    'order_already_has_payment',
    'idempotency_key_reused',
    'idempotency_in_progress',
  ];
  const odd = all.find((one) => !made(one) && !allowed.includes(String(one.answer.body['code'])));
  if (odd !== undefined) return `answered ${odd.answer.status} ${String(odd.answer.body['code'])}`;
  const successes = all.filter(made);
  for (const [key, own] of Map.groupBy(successes, (one) => one.key)) {
    if (distinct(own.map(paymentOf)) > 1) return `key ${key} made several payments`;
    if (distinct(own.map(bodyOf)) > 1) return `key ${key} answered another body`;
  }
  for (const [order, own] of Map.groupBy(successes, (one) => one.order)) {
    if (distinct(own.map(paymentOf)) > 1) return `order ${order} has several payments`;
  }
  return undefined;
}

it('makes one payment of a key, a body and an order, whoever asks how often and at once', async () => {
  let repeated = 0;
  await fc.assert(
    fc.asyncProperty(waves, async (all) => {
      const run = (runs += 1);
      const told: Asked[] = [];
      for (const wave of all) {
        const answers = await Promise.all(wave.map((one) => ask(run, one)));
        told.push(...answers.map((answer, i) => ({ ...(wave[i] ?? missing()), answer })));
      }
      expect(wrongIn(told)).toBeUndefined();
      // Nothing is in progress any more: what was made is told again, and no other body is taken for it.
      for (const [, [first]] of Map.groupBy(told.filter(made), ({ key }) => key)) {
        if (first === undefined) continue;
        const again = await ask(run, { ...first, at: 1 - first.at });
        expect([again.status, again.body['paymentId']]).toEqual([201, paymentOf(first)]);
        const other = await ask(run, { ...first, wording: 1 - first.wording });
        expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
        repeated += 1;
      }
    }),
    { numRuns: 25 },
  );
  expect(repeated).toBeGreaterThan(0);
}, 120_000);

const missing = (): never => {
  throw new Error('more answers than requests');
};
