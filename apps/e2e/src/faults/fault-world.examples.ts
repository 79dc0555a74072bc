import { join } from 'node:path';
import { catalogue, gatewayService, parkedTopics, PROVIDERS } from '@hutong/domain-events';
import { TopicProbe } from '@hutong/messaging';
import { eventually, startOwnBroker, testDatabase, type OwnBroker } from '@hutong/testing';
import {
  comparePayments,
  Merchant,
  metricOf,
  printDifferences,
  readRows,
  RING_SERVICES,
  SandboxControl,
  startRing,
  type Columns,
  type Comparison,
  type Ring,
  type RingOptions,
  type RingService,
} from '@hutong/world';

const root = join(import.meta.dirname, '../../../..');

/** A provider's gaps between tries pass so many times as fast. */
export const HURRY = 120;

/** A whole ring on a broker of its own, for faults to strike, and who uses it. */
export type FaultWorld = Readonly<{
  ring: Ring;
  broker: OwnBroker;
  probe: TopicProbe;
  sandbox: SandboxControl;
  /** A shop at each instance of checkout, in their order. */
  shops: readonly [Merchant, ...Merchant[]];
}>;

export type FaultWorldOptions = Pick<RingOptions, 'instances' | 'settings'> &
  Partial<Pick<RingOptions, 'adminUrl'> & Readonly<{ broker: OwnBroker }>>;

/** @param running stops all of it. */
export async function startFaultWorld(
  running: AsyncDisposableStack,
  options: FaultWorldOptions = {},
): Promise<FaultWorld> {
  const { adminUrl = (await testDatabase()).adminUrl, broker: given, ...more } = options;
  const broker = given ?? running.use(await startOwnBroker());
  const { brokers } = broker;
  const ring = running.use(await startRing({ root, brokers, adminUrl, ...more }));
  const probe = running.use(await TopicProbe.connect({ brokers }));
  const sandbox = new SandboxControl(ring.sandbox);
  await sandbox.hurry(HURRY);
  const [first, ...others] = ring
    .addressesOf('checkout')
    .map((address) => new Merchant(address, ring.apiKey));
  if (first === undefined) throw new Error('no checkout runs');
  return { ring, broker, probe, sandbox, shops: [first, ...others] };
}

/**
 * The ring once it is at rest: nothing waits to be sent or to be heard, nothing is set aside, and the four
 * books agree payment by payment, to the fen. @throws Error saying what is in the way, if it does not get there.
 */
export const agreed = (world: FaultWorld, withinMs: number): Promise<Comparison> =>
  eventually(
    async () => {
      const compared = await comparePayments(world.ring);
      const stuck = await Promise.all([waitingIn(world), asideIn(world)]);
      const wrong = [...printDifferences(compared), ...stuck.flat()];
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
      return compared;
    },
    { withinMs, what: 'the ring to be at rest, with all books alike' },
  );

/** What waits to be sent, to be tried again or to be heard, one line each. */
export async function waitingIn(world: FaultWorld): Promise<string[]> {
  const inTables = RING_SERVICES.map((service) =>
    rowsIn(world, service, { outbox: 'id', parked_keys: 'key' }),
  );
  const unheard = RING_SERVICES.map(async (service) => {
    const records = await behind(world, service);
    return records === 0n ? [] : [`${service} has ${records} records more to hear`];
  });
  return (await Promise.all([...inTables, ...unheard])).flat();
}

/** What was set aside for people, one line each. */
async function asideIn(world: FaultWorld): Promise<string[]> {
  const inTables = PROVIDERS.map((provider) =>
    rowsIn(world, gatewayService[provider], { quarantine: 'id' }),
  );
  const onTopics = parkedTopics().map(async ({ name, group }) => {
    const offsets = await world.probe.offsets(name, group);
    const parked = offsets.reduce((sum, { end }) => sum + end, 0n);
    return parked === 0n ? [] : [`${parked} records on ${name}`];
  });
  return (await Promise.all([...inTables, ...onTopics])).flat();
}

async function rowsIn({ ring }: FaultWorld, service: RingService, tables: Columns) {
  const rows = await readRows(ring.databaseOf(service), tables);
  return Object.entries(rows).flatMap(([table, own]) =>
    own.length === 0 ? [] : [`${own.length} rows in ${table} of ${service}`],
  );
}

/** How many records of its topics the group of a service has not committed: so many come again. */
export async function behind({ probe }: FaultWorld, service: RingService): Promise<bigint> {
  const offsets = await Promise.all(heardBy(service).map((topic) => probe.offsets(topic, service)));
  return offsets.flat().reduce((sum, { committed, end }) => sum + (end - committed), 0n);
}

/** The topics that a service's group hears. */
export const heardBy = (service: RingService): string[] =>
  catalogue.filter((topic) => topic.heardBy.includes(service)).map(({ name }) => name);

/** What all instances of a service count together. @param label as that of `metricOf`. */
export async function countedBy(
  ring: Ring,
  service: RingService,
  metric: string,
  label = '',
): Promise<number> {
  const own = ring.instancesOf(service);
  const each = await Promise.all(own.map((one) => metricOf(one, metric, label)));
  return each.reduce((sum, count) => sum + count, 0);
}

const DELIVERED = 'hutong_consumer_events_total';

/** How often handlers of a service have failed at an event, which they were given again. */
export const retried = (ring: Ring, service: RingService): Promise<number> =>
  countedBy(ring, service, DELIVERED, 'outcome="retried"');

/** How a delivery ends; that of a parked key's record is counted when its turn comes. */
const ENDS = ['done', 'skipped', 'parked'];

/** How many records a service has dealt with since it was started; one that was tried again, once. */
export async function dealtWithBy(ring: Ring, service: RingService): Promise<number> {
  const each = ENDS.map((end) => countedBy(ring, service, DELIVERED, `outcome="${end}"`));
  return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
}

/** How many records of a topic tell of an event that another one there has told of. */
export async function toldAgain({ probe }: FaultWorld, topic: string): Promise<number> {
  const ids = (await probe.records(topic)).map(({ value }): unknown => {
    const told: unknown = JSON.parse(value ?? '{}');
    return typeof told === 'object' && told !== null && 'id' in told ? told.id : undefined;
  });
  return ids.length - new Set(ids).size;
}
