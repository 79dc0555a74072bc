import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTopics } from '@hutong/messaging';
import { LOCAL_PARTITIONS } from '@hutong/domain-events';
import { freePorts } from '@hutong/testing';
import { issueAccessToken, writeWechatAccounts, type SandboxAccount } from './ring-secrets.js';
import { createDatabases, dropDatabases, type ServiceDatabase } from './ring-databases.js';
import { Reaper } from './reaper.js';
import { runCommand, ServiceProcess, type ServiceSpec } from './service-process.js';

/** The services of the ring that keep a database, in the order in which data goes round. */
export const RING_SERVICES = ['checkout', 'routing', 'wechat-gateway', 'ledger'] as const;
export type RingService = (typeof RING_SERVICES)[number];

export type RingOptions = Readonly<{
  /** The repository: its apps must be built. */
  root: string;
  brokers: readonly string[];
  /** Address, password included, of a role that may create roles and databases. */
  adminUrl: string;
  /** How many processes of each service; one where nothing is said. */
  instances?: Partial<Record<RingService, number>>;
  /** Told what is going on, one step a line. */
  report?: (line: string) => void;
}>;

/** The whole system as processes of its own, and what a client needs to use it. */
export type Ring = AsyncDisposable &
  Readonly<{
    /** Every running process of a service, in the order in which they were started. */
    instancesOf(service: RingService): readonly ServiceProcess[];
    /** Base address of each instance's HTTP interface. */
    addressesOf(service: RingService): readonly URL[];
    sandbox: URL;
    /** Secret key of platform `taobao`, for checkout. */
    apiKey: string;
    /** Operator's token for routing and ledger. */
    token: string;
    brokers: readonly string[];
    databases: ReadonlyMap<string, ServiceDatabase>;
    /** Starts one more instance of a service. */
    add(service: RingService): Promise<ServiceProcess>;
    /** Starts every instance of a service again that has ended, at its old address. */
    restart(service: RingService): Promise<void>;
  }>;

/** Starts sandbox and services and waits until each is ready. Whatever fails, nothing is left behind. */
export async function startRing(options: RingOptions): Promise<Ring> {
  const folder = await mkdtemp(join(tmpdir(), 'hutong-ring-'));
  const reaper = Reaper.start(folder);
  try {
    return await RunningRing.start(options, folder, reaper);
  } catch (cause) {
    await reaper[Symbol.asyncDispose]();
    throw cause;
  }
}

type Running = { process: ServiceProcess; readonly http: URL };

class RunningRing implements Ring {
  private readonly running = new Map<RingService, Running[]>();
  readonly brokers: readonly string[];
  apiKey = '';
  token = '';
  sandbox = new URL('http://127.0.0.1');
  databases: ReadonlyMap<string, ServiceDatabase> = new Map();
  private providerUrl = '';
  private notificationPort = 0;
  private readonly prefix = `ring_${randomBytes(5).toString('hex')}`;

  private constructor(
    private readonly options: RingOptions,
    private readonly folder: string,
    private readonly reaper: Reaper,
  ) {
    this.brokers = options.brokers;
  }

  static async start(options: RingOptions, folder: string, reaper: Reaper): Promise<RunningRing> {
    const ring = new RunningRing(options, folder, reaper);
    await Promise.all([ring.prepareStores(), ring.startSandbox()]);
    await Promise.all(RING_SERVICES.map((service) => ring.migrate(service)));
    ring.report('migrations applied');
    const wanted = RING_SERVICES.flatMap((service) =>
      Array.from({ length: options.instances?.[service] ?? 1 }, () => service),
    );
    await Promise.all(wanted.map((service) => ring.add(service)));
    ring.apiKey = await ring.issueKey();
    return ring;
  }

  instancesOf(service: RingService): readonly ServiceProcess[] {
    return (this.running.get(service) ?? []).map((one) => one.process);
  }

  addressesOf(service: RingService): readonly URL[] {
    return (this.running.get(service) ?? []).map((one) => one.http);
  }

  async add(service: RingService): Promise<ServiceProcess> {
    const siblings = this.running.get(service) ?? [];
    this.running.set(service, siblings);
    const [free = 0, managementPort = 0] = await freePorts(2);
    // The provider notifies one address: the first gateway listens there, as behind a load balancer.
    const port =
      service === 'wechat-gateway' && siblings.length === 0 ? this.notificationPort : free;
    const spec: ServiceSpec = {
      name: siblings.length === 0 ? service : `${service}-${siblings.length + 1}`,
      main: this.mainOf(service),
      readyUrl: new URL(`http://127.0.0.1:${managementPort}/health/ready`),
      env: {
        ...this.environmentOf(service),
        PORT: `${port}`,
        MANAGEMENT_PORT: `${managementPort}`,
      },
    };
    const process = ServiceProcess.start(spec, this.folder, this.reaper);
    siblings.push({ process, http: new URL(`http://127.0.0.1:${port}`) });
    await process.ready();
    this.report(`${spec.name} ready on port ${port}`);
    return process;
  }

  async restart(service: RingService): Promise<void> {
    const ended = (this.running.get(service) ?? []).filter((one) => one.process.exited);
    for (const one of ended) {
      one.process = ServiceProcess.start(one.process.spec, this.folder, this.reaper);
    }
    await Promise.all(ended.map((one) => one.process.ready()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.running.values()].flat();
    await Promise.all(all.map((one) => one.process.stop()));
    await this.reaper[Symbol.asyncDispose]();
    await dropDatabases(this.options.adminUrl, this.prefix, RING_SERVICES);
  }

  private async prepareStores(): Promise<void> {
    const [databases] = await Promise.all([
      createDatabases(this.options.adminUrl, this.prefix, RING_SERVICES),
      ensureTopics({ brokers: [...this.brokers], partitions: LOCAL_PARTITIONS }),
      this.writeSecrets(),
    ]);
    this.databases = databases;
    for (const [service, { password }] of databases) {
      await writeFile(join(this.folder, `${service}.password`), password, { mode: 0o600 });
    }
    this.report('databases and topics created');
  }

  private async writeSecrets(): Promise<void> {
    this.token = await issueAccessToken(join(this.folder, 'tokens.json'), [
      'ledger:read',
      'routing:read',
    ]);
    await writeFile(join(this.folder, 'pepper'), randomBytes(32).toString('hex'), { mode: 0o600 });
  }

  private async startSandbox(): Promise<void> {
    const [port = 0, wechatPort = 0, gatewayPort = 0] = await freePorts(3);
    this.notificationPort = gatewayPort;
    this.providerUrl = `http://127.0.0.1:${wechatPort}`;
    this.sandbox = new URL(`http://127.0.0.1:${port}`);
    const sandbox = ServiceProcess.start(
      {
        name: 'provider-sandbox',
        main: join(this.options.root, 'apps/provider-sandbox/dist/main.js'),
        readyUrl: new URL('/credentials/wechat', this.sandbox),
        env: { HOST: '127.0.0.1', PORT: `${port}`, WECHAT_PORT: `${wechatPort}` },
      },
      this.folder,
      this.reaper,
    );
    await sandbox.ready();
    const answer = await fetch(new URL('/credentials/wechat', this.sandbox));
    const accounts = (await answer.json()) as readonly SandboxAccount[];
    await mkdir(join(this.folder, 'wechat-accounts'), { recursive: true });
    await writeWechatAccounts(join(this.folder, 'wechat-accounts'), accounts, gatewayPort);
    this.report(`provider-sandbox ready on port ${port}`);
  }

  private async migrate(service: RingService): Promise<void> {
    await runCommand(this.mainOf(service), ['migrate'], this.environmentOf(service));
  }

  private async issueKey(): Promise<string> {
    const args = ['keys', 'issue', '--platform', 'taobao', '--name', 'demo'];
    const out = await runCommand(this.mainOf('checkout'), args, this.environmentOf('checkout'));
    const key = /\bhk_\S+/.exec(out)?.[0];
    if (key === undefined) throw new Error(`checkout printed no key:\n${out}`);
    return key;
  }

  private mainOf(service: RingService): string {
    return join(this.options.root, 'apps', service, 'dist/main.js');
  }

  private environmentOf(service: RingService): Record<string, string> {
    const database = this.databases.get(service);
    if (database === undefined) throw new Error(`no database for ${service}`);
    return {
      HOST: '127.0.0.1',
      DATABASE_URL: database.url,
      DATABASE_PASSWORD_FILE: join(this.folder, `${service}.password`),
      KAFKA_BROKERS: this.brokers.join(','),
      ...this.ownEnvironmentOf(service),
    };
  }

  private ownEnvironmentOf(service: RingService): Record<string, string> {
    const tokens = { TOKENS_FILE: join(this.folder, 'tokens.json') };
    switch (service) {
      case 'checkout':
        return {
          PAYER_KEY_PEPPER_FILE: join(this.folder, 'pepper'),
          PUBLIC_URL: 'http://127.0.0.1:3000',
        };
      case 'routing':
        return { ...tokens, POLICIES_DIR: join(this.options.root, 'apps/routing/policies') };
      case 'wechat-gateway':
        return {
          WECHAT_BASE_URL: this.providerUrl,
          WECHAT_ACCOUNTS_DIR: join(this.folder, 'wechat-accounts'),
        };
      case 'ledger':
        return {
          ...tokens,
          CONTRACT_RATES_FILE: join(this.options.root, 'apps/ledger/contract-rates.json'),
        };
    }
  }

  private report(line: string): void {
    this.options.report?.(line);
  }
}
