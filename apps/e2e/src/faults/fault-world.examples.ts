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
      const wrong = [...printDifferences(compared), ...(await stuckIn(world))];
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
      return compared;
    },
    { withinMs, what: 'the ring to be at rest, with all books alike' },
  );

/** What waits or was set aside, one line each. */
async function stuckIn({ ring, probe }: FaultWorld): Promise<string[]> {
  const gateways: readonly RingService[] = PROVIDERS.map((provider) => gatewayService[provider]);
  const inTables = RING_SERVICES.map(async (service) => {
    const aside = gateways.includes(service) ? { quarantine: 'id' } : {};
    const tables = { outbox: 'id', parked_keys: 'key', ...aside };
    const rows = await readRows(ring.databaseOf(service), tables);
    return Object.entries(rows).flatMap(([table, own]) =>
      own.length === 0 ? [] : [`${own.length} rows in ${table} of ${service}`],
    );
  });
  const onTopics = parkedTopics().map(async ({ name, group }) => {
    const parked = (await probe.offsets(name, group)).reduce((sum, { end }) => sum + end, 0n);
    return parked === 0n ? [] : [`${parked} records on ${name}`];
  });
  const behind = RING_SERVICES.map(async (service) =>
    (await probe.settled(heardBy(service), service)) ? [] : [`${service} has more to hear`],
  );
  return (await Promise.all([...inTables, ...onTopics, ...behind])).flat();
}

/** The topics that a service's group hears. */
export const heardBy = (service: RingService): string[] =>
  catalogue.filter((topic) => topic.heardBy.includes(service)).map(({ name }) => name);

/** What all instances of a service count together. */
export async function countedBy(ring: Ring, service: RingService, metric: string): Promise<number> {
  const each = await Promise.all(ring.instancesOf(service).map((one) => metricOf(one, metric)));
  return each.reduce((sum, count) => sum + count, 0);
}

/** How many records of a topic tell of an event that another one there has told of. */
export async function toldAgain({ probe }: FaultWorld, topic: string): Promise<number> {
  const ids = (await probe.records(topic)).map(({ value }): unknown => {
    const told: unknown = JSON.parse(value ?? '{}');
    return typeof told === 'object' && told !== null && 'id' in told ? told.id : undefined;
  });
  return ids.length - new Set(ids).size;
}
