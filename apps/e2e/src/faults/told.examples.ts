import { catalogue } from '@hutong/domain-events';
import type { ProbedRecord } from '@hutong/messaging';
import { eventually } from '@hutong/testing';
import type { RingService } from '@hutong/world';
import { heardBy, type FaultWorld } from './fault-world.examples.js';
import { interleavings, runsOf } from './interleavings.examples.js';
import { WITHIN_MS } from './ways.examples.js';

/** An event of one payment as its topic has it. */
export type Told = Readonly<{ topic: string; type: string; record: ProbedRecord }>;

/** What was told of one payment: a list for each topic, in its order. */
export type Story = readonly (readonly Told[])[];

/** Of each of these payments, in their order. */
export async function storiesOf(
  { probe }: FaultWorld,
  paymentIds: readonly string[],
): Promise<Story[]> {
  const topics = await Promise.all(
    catalogue.map(async ({ name }) => {
      const records = await probe.records(name);
      return Map.groupBy(records.map(told(name)), ({ record }) => record.key);
    }),
  );
  return paymentIds.map((id) => topics.flatMap((byKey) => [byKey.get(id) ?? []]));
}

const told =
  (topic: string) =>
  (record: ProbedRecord): Told => {
    const envelope: unknown = JSON.parse(record.value ?? '{}');
    return { topic, type: String(Reflect.get(Object(envelope), 'type')), record };
  };

/** Two payments have the same outline if the same kinds of events were told of them, topic by topic. */
export const outlineOf = (story: Story): string => story.map(inWords).join(' | ');

/** An order of events, by their kinds. */
export const inWords = (events: readonly Told[]): string =>
  events.map(({ type }) => type).join(' ');

/** Every order in which a service may hear it: each topic's own is kept. Of nothing there is one, empty. */
export const ordersAt = (service: RingService, story: Story): readonly (readonly Told[])[] =>
  interleavings(story.map((own) => own.filter(({ topic }) => heardBy(service).includes(topic))));

/**
 * Tells a service again what it has heard, the payments beside one another, each in its own order: what
 * comes from another topic waits until everything before it was heard, so that none overtakes.
 */
export async function tellAgain(
  world: FaultWorld,
  service: RingService,
  orders: readonly (readonly Told[])[],
): Promise<void> {
  const all = orders.map((order) => runsOf(order, ({ topic }) => topic));
  const longest = Math.max(0, ...all.map((runs) => runs.length));
  for (let step = 0; step < longest; step += 1) {
    const next = all.flatMap((runs) => runs[step] ?? []);
    for (const [topic, own] of Map.groupBy(next, (one) => one.topic)) {
      await world.probe.produce(topic, ...own.map(asItWas));
    }
    await heardAll(world, service);
  }
}

/** Once a service has nothing more to hear. */
export const heardAll = ({ probe }: FaultWorld, service: RingService): Promise<unknown> =>
  eventually(() => probe.settled(heardBy(service), service), {
    withinMs: WITHIN_MS,
    what: `${service} to have heard everything`,
  });

const asItWas = ({ record: { key, bytes, headers, partition } }: Told) => ({
  key,
  value: bytes,
  headers,
  partition,
});
