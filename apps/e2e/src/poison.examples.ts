import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  catalogue,
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  GATEWAY_WECHAT,
  MAX_BATCH_BYTES,
  parkedTopic,
  PAYMENT_OUTCOMES,
  ROUTING_DECISIONS,
  type Service,
  type Topic,
} from '@hutong/domain-events';
import type { RawBytes } from '@hutong/messaging';
import { eventually } from '@hutong/testing';
import { RING_SERVICES } from '@hutong/world';
import { stateOf } from './ring-state.examples.js';
import { offered, payAndBook, WITHIN_MS, type Target } from './target.examples.js';

/** Those of which somebody in the ring is the reader. */
const TOPICS = [
  CHECKOUT_PAYMENTS,
  ROUTING_DECISIONS,
  GATEWAY_WECHAT,
  GATEWAY_REPORTS,
  PAYMENT_OUTCOMES,
] as const satisfies Topic[];

/** Marks a record, so that it is known again where it is parked. */
const MARK = 'poison';

/** What one service cannot read from one topic, and what becomes of the payment whose key it has. */
export function describePoison(target: () => Target): void {
  describe('poison', () => {
    /** What was really told, of another payment. */
    const genuine = new Map<Topic, RawBytes & { key: string; value: string }>();
    beforeAll(async () => {
      const paid = await payAndBook(target(), await offered(target()));
      for (const name of TOPICS) {
        const [one] = (await target().probe.records(name)).filter((r) => r.key === paid.paymentId);
        if (typeof one?.key !== 'string' || one.value === null)
          throw new Error(`nothing was told on ${name}`);
        genuine.set(name, { key: one.key, value: one.value });
      }
    }, 2 * WITHIN_MS);

    const here: readonly string[] = RING_SERVICES;
    const consumed = TOPICS.flatMap((name) =>
      catalogue
        .filter((topic) => topic.name === name)
        .flatMap(({ heardBy }) => heardBy.filter((by) => here.includes(by)))
        .map((by) => ({ name, by })),
    );
    it.each<Readonly<{ name: Topic; by: Service }>>(consumed)(
      'on $name is parked whole by $by, changes nothing anywhere, and its payment goes on',
      async ({ name, by }) => {
        const { probe } = target();
        const payment = await offered(target());
        const before = await stateOf(target(), payment.paymentId);

        const elsewhere = TOPICS.find((one) => one !== name) ?? name;
        const poison = poisonOf(payment.paymentId, {
          told: genuine.get(name),
          elsewhere: genuine.get(elsewhere),
        });
        const round = randomUUID();
        for (const [code, record] of Object.entries(poison)) {
          await probe.produce(name, { ...record, headers: { [MARK]: `${round} ${code}` } });
        }

        const parked = await eventually(
          async () => {
            const all = await probe.records(parkedTopic(name, by));
            const own = all.filter(({ headers }) => headers[MARK]?.startsWith(round));
            return own.length === Object.keys(poison).length && own;
          },
          { withinMs: WITHIN_MS, what: `poison of ${name} parked by ${by}` },
        );
        for (const [code, { key, value }] of Object.entries(poison)) {
          const own = parked.find(({ headers }) => headers[MARK] === `${round} ${code}`);
          expect(own?.headers).toMatchObject({ 'dlt.error-code': code, 'dlt.group': by });
          expect(own?.key).toBe(key);
          expect(own?.bytes?.equals(Buffer.from(value ?? '')) ?? null).toBe(value && true);
        }
        expect(await stateOf(target(), payment.paymentId)).toEqual(before);
        await payAndBook(target(), payment);
        await payAndBook(target(), await offered(target()));
      },
      4 * WITHIN_MS,
    );
  });
}

type Told = (RawBytes & { key: string; value: string }) | undefined;

/** Under the payment's own key, but where the key is what is wrong: by the code that it is parked with. */
function poisonOf(
  key: string,
  { told, elsewhere }: Readonly<{ told: Told; elsewhere: Told }>,
): Readonly<Record<string, RawBytes>> {
  if (told === undefined || elsewhere === undefined) throw new Error('nothing was told yet');
  const event = JSON.parse(told.value) as object;
  return {
    tombstone: { key, value: null },
    not_utf8: { key, value: Buffer.from([0xff, 0xfe, 0x00]) },
    not_json: { key, value: 'x'.repeat(MAX_BATCH_BYTES - 512) },
    envelope_invalid: { key, value: '{}' },
    type_unknown: { key, value: told.value.replace(/"type":"[^"]*"/, '"type":"money.made.v1"') },
    version_unknown: { key, value: told.value.replace(/\.v\d+"/, '.v99"') },
    data_invalid: { key, value: JSON.stringify({ ...event, data: {} }) },
    key_misplaced: { key, value: told.value },
    type_misplaced: elsewhere,
  };
}
