import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayService, LOCAL_PARTITIONS, type Provider } from '@hutong/domain-events';
import { ensureTopics, type KafkaSettings } from '@hutong/messaging';
import type { Pace } from './account-files.js';
import { allDone } from './all-done.js';
import { Reaper } from './reaper.js';
import { createDatabases, dropDatabases } from './ring-databases.js';
import { noOtherRingOn } from './ring-groups.js';
import { RingPorts, type PortChoice, type PortPair } from './ring-ports.js';
import { startSandbox } from './ring-sandbox.js';
import { writeSecrets } from './ring-secrets.js';
import {
  environmentOf,
  mainOf,
  RING_SERVICES,
  type RingService,
  type RingSetting,
  type Settings,
} from './ring-services.js';
import { ServiceGroup } from './service-group.js';
import { runCommand, type ServiceProcess, type UnexpectedEnd } from './service-process.js';

export type RingOptions = Readonly<{
  /** The repository: its apps must be built. */
  root: string;
  /** On which no other ring runs: the start is refused there. */
  brokers: readonly string[];
  /** Who makes topics and looks at groups, at a broker that asks; who services are is in `settings`. */
  brokerAccess?: Pick<KafkaSettings, 'login' | 'tls'>;
  /** Address, password included, of a role that may create roles and databases. */
  adminUrl: string;
  /** How many processes of each service, or of those that are named; one where nothing is said. */
  instances?: number | Readonly<Partial<Record<RingService, number>>>;
  /** Takes business times from requests, and lets a minute of a provider's last half a second. */
  story?: boolean;
  /** The folder of the platforms' policies; those that are shipped if nothing is said. */
  policies?: string;
  /** Any free ports where nothing is said: several rings run beside one another. */
  ports?: PortChoice;
  /** What services are configured with beside what they need to start, by the names of variables. */
  settings?: Settings;
  /** Where a provider tells what became of an order; its gateway's first instance if nothing is said. */
  notified?: Readonly<Partial<Record<Provider, URL>>>;
  /** How fast every account may be used; as a small merchant's if nothing is said. */
  pace?: Pace;
  /** What Node itself is told in a process of this name, the sandbox's too: for profiles. */
  nodeArgsOf?: (process: string) => readonly string[];
  /** Told what is going on, one step a line. */
  report?: (line: string) => void;
  /** Told of every process that ends unasked once it was ready; of the sandbox, no service. */
  ended?: (end: UnexpectedEnd, service?: RingService) => void;
  /** Ends the start: it then fails, and nothing is left of it. */
  signal?: AbortSignal;
}>;

/** The whole system as processes of its own, and what a client needs to use it. */
export interface Ring extends AsyncDisposable {
  /** Control API and payer page. */
  readonly sandbox: URL;
  /** Secret key of platform `taobao`, for checkout. */
  readonly apiKey: string;
  /** Operator's token for routing and ledger. */
  readonly token: string;
  /** Every process of a service, in the order in which they were started. */
  instancesOf(service: RingService): readonly ServiceProcess[];
  /** Base address of each instance's HTTP interface. */
  addressesOf(service: RingService): readonly URL[];
  /** Address, password included, of a service's database: for comparing its books with the others'. */
  databaseOf(service: RingService): string;
  /** A key of any platform. @param scopes of checkout's, all if not given. */
  issueKey(platform: string, scopes?: readonly string[]): Promise<string>;
  /** Starts every instance of a service again that has ended, at its old address. */
  restart(service: RingService): Promise<void>;
  /** Stops the last instances in good order, or starts them again, so that the first `count` run. */
  scale(service: RingService, count: number): Promise<void>;
}

/** Starts sandbox and services and waits until each is ready. Whatever fails, nothing is left behind. */
export async function startRing(options: RingOptions): Promise<Ring> {
  const folder = await mkdtemp(join(tmpdir(), 'hutong-ring-'));
  const own = {
    folder,
    reaper: Reaper.start(folder),
    prefix: `ring_${randomBytes(5).toString('hex')}`,
  };
  await using stack = new AsyncDisposableStack();
  stack.defer(() => dropDatabases(options.adminUrl, own.prefix, RING_SERVICES));
  stack.use(own.reaper);
  const abort = () => void own.reaper[Symbol.asyncDispose]();
  options.signal?.addEventListener('abort', abort);
  try {
    options.signal?.throwIfAborted();
    const ring = await assemble(options, own);
    const rest = stack.move();
    return {
      ...ring,
      [Symbol.asyncDispose]: async () => {
        await ring[Symbol.asyncDispose]();
        await rest[Symbol.asyncDispose]();
      },
    };
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** What one ring has for itself: its folder, its processes, the prefix of its databases' names. */
type Own = Readonly<{ folder: string; reaper: Reaper; prefix: string }>;

async function assemble(options: RingOptions, own: Own): Promise<Ring> {
  const { report = () => undefined, ended = () => undefined } = options;
  const ports = new RingPorts(options.ports ?? 'free', report);
  const pairs = new Map<RingService, readonly PortPair[]>();
  for (const service of RING_SERVICES) {
    pairs.set(service, await ports.pairs(service, instancesWanted(options, service)));
  }
  const { setting, token, sandbox } = await surroundings(options, own, { ports, pairs });
  report('sandbox, databases and topics are ready');
  const migrated = new Map(
    RING_SERVICES.map((service) => [service, migrate(service, setting, own.reaper)]),
  );
  const [apiKey, ...groups] = await allDone(
    Promise.resolve(migrated.get('checkout')).then(() => issueKey(setting, own.reaper, 'taobao')),
    ...RING_SERVICES.map(async (service): Promise<[RingService, ServiceGroup]> => {
      await migrated.get(service);
      const group = await ServiceGroup.start(service, setting, pairs.get(service) ?? [], {
        ...own,
        ended: (end) => ended(end, service),
      });
      report(`${service} ready at ${group.addresses.map((at) => at.origin).join(' and ')}`);
      return [service, group];
    }),
  );
  const services = new Map(groups);
  const groupOf = (service: RingService): ServiceGroup => {
    const group = services.get(service);
    if (group === undefined) throw new Error(`${service} was not started`);
    return group;
  };
  return {
    sandbox,
    token,
    apiKey,
    instancesOf: (service) => groupOf(service).processes,
    addressesOf: (service) => groupOf(service).addresses,
    databaseOf: (service) => openedByAdmin(options.adminUrl, setting.databases.get(service)),
    issueKey: (platform, scopes) => issueKey(setting, own.reaper, platform, scopes),
    restart: (service) => groupOf(service).restart(),
    scale: (service, count) => groupOf(service).scale(count),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(groups.map(([, group]) => group.stop()));
    },
  };
}

const instancesWanted = ({ instances = 1 }: RingOptions, service: RingService): number =>
  typeof instances === 'number' ? instances : (instances[service] ?? 1);

/** Everything that services need to start. */
async function surroundings(
  { root, brokers, brokerAccess, adminUrl, ended, pace, notified = {}, ...options }: RingOptions,
  { folder, reaper, prefix }: Own,
  { ports, pairs }: { ports: RingPorts; pairs: ReadonlyMap<RingService, readonly PortPair[]> },
): Promise<{ setting: RingSetting; token: string; sandbox: URL }> {
  const { policies = shipped(root), story = false, nodeArgsOf = () => [], settings = {} } = options;
  const urlOf = (service: RingService): URL =>
    new URL(`http://127.0.0.1:${pairs.get(service)?.[0]?.http ?? 0}`);
  const [databases, sandbox, token] = await allDone(
    createDatabases({ adminUrl, prefix, services: RING_SERVICES, folder }),
    startSandbox({
      root,
      folder,
      reaper,
      ports,
      story,
      pace,
      nodeArgsOf,
      // A provider notifies one address: the first gateway listens there, as behind a load balancer.
      gatewayUrl: (provider) => notified[provider] ?? urlOf(gatewayService[provider]),
      ended,
    }),
    writeSecrets(folder),
    noOtherRingOn({ brokers, ...brokerAccess }),
    ensureTopics({ brokers, ...brokerAccess, partitions: LOCAL_PARTITIONS }),
  );
  const { providerUrl } = sandbox;
  const told = { policies, urlOf, providerUrl, story, nodeArgsOf, settings };
  const setting = { root, folder, brokers, databases, ...told };
  return { setting, token, sandbox: sandbox.url };
}

const shipped = (root: string): string => join(root, 'apps/routing/policies');

/** @throws Error if there is no such database. */
function openedByAdmin(adminUrl: string, database: string | undefined): string {
  if (database === undefined) throw new Error('no such database');
  const url = new URL(adminUrl);
  url.pathname = new URL(database).pathname;
  return url.href;
}

const migrate = (service: RingService, ring: RingSetting, reaper: Reaper): Promise<string> =>
  runCommand(mainOf(ring.root, service), ['migrate'], environmentOf(service, ring), reaper);

async function issueKey(
  setting: RingSetting,
  reaper: Reaper,
  platform: string,
  scopes?: readonly string[],
): Promise<string> {
  const named = ['--platform', platform, '--name', 'demo'];
  const args = ['keys', 'issue', ...named, ...(scopes ? ['--scopes', scopes.join(',')] : [])];
  const main = mainOf(setting.root, 'checkout');
  const out = await runCommand(main, args, environmentOf('checkout', setting), reaper);
  const key = /\bhk_\S+/.exec(out)?.[0];
  if (key === undefined) throw new Error('checkout printed no key');
  return key;
}
