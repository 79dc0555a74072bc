import { catalogue, decodeEnvelope, type Service } from '@hutong/domain-events';
import type { ProbedRecord } from '@hutong/messaging';
import { eventually } from '@hutong/testing';
import type { RingService } from '@hutong/world';
import { heardBy, type FaultWorld } from './fault-world.examples.js';
import { inTurns, runsOf, type Turns } from './interleavings.examples.js';
import { WITHIN_MS } from './ways.examples.js';

/** An event of one payment as its topic has it. */
export type Told = Readonly<{ topic: string; source: Service; type: string; record: ProbedRecord }>;

/**
 * What was told of one payment: a list for each service on each topic, in its order. That is all the order
 * that the ring promises. A relay sends what its service tells of a payment one after another, and a
 * partition keeps it. Between topics nothing is promised; nor is it between two gateways on the one topic
 * of reports, since a relay that was killed behind the broker's answer sends its own once more, behind
 * whatever the other has told meanwhile.
 */
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
  return paymentIds.map((id) => topics.flatMap((byKey) => byTeller(byKey.get(id) ?? [])));
}

/** Its lists in the same order for each payment, whoever told first. */
const byTeller = (all: readonly Told[]): Story =>
  [...Map.groupBy(all, ({ source }) => source)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, own]) => own);

const told =
  (topic: string) =>
  (record: ProbedRecord): Told => {
    const read = decodeEnvelope(record.value ?? '');
    if (!read.ok) throw new Error(`${topic} holds what nobody reads: ${read.refusal.code}`);
    return { topic, source: read.value.source, type: read.value.event.type, record };
  };

/** Two payments have the same outline if the same kinds of events were told of them, list by list. */
export const outlineOf = (story: Story): string => story.map(inWords).join(' | ');

/** An order of events, by who told them and their kinds. */
export const inWords = (events: readonly Told[]): string =>
  events.map(({ source, type }) => `${source} ${type}`).join(', ');

/** What of it a service hears. */
export const heardOf = (service: RingService, story: Story): Story =>
  story.filter(([first]) => first !== undefined && heardBy(service).includes(first.topic));

/** One of the orders in which a service may hear it. */
export const heardInTurns = (service: RingService, story: Story, turns: Turns): readonly Told[] =>
  inTurns(heardOf(service, story), turns);

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
