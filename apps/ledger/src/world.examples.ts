import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { systemClock, type Role } from '@hutong/config';
import { migrate, type RawDatabase } from '@hutong/database';
import {
  encodeEnvelope,
  keyOf,
  parkedTopic,
  PAYMENT_OUTCOMES,
  type EventId,
  type PaymentOutcome,
} from '@hutong/domain-events';
import type { RunningInstance } from '@hutong/http';
import { ensureTopics, TopicProbe, type KafkaSettings, type RawBytes } from '@hutong/messaging';
import { createLogger, Metrics } from '@hutong/telemetry';
import { anEventId, eventually, freePorts, freshDatabase, testBroker } from '@hutong/testing';
import { readContractRates } from './contract-rates.config.js';
import { startLedger } from './start-ledger.adapter.js';
import { migrations, openDatabase } from './store/database.repository.js';

const PARKED = parkedTopic(PAYMENT_OUTCOMES, 'ledger');
const RATES = new URL('../contract-rates.json', import.meta.url);
export const silent = createLogger({ service: 'ledger', level: 'silent' });
export const rates = readContractRates(RATES.pathname);

export type Answer = Readonly<{ status: number; headers: Headers; body: Record<string, unknown> }>;

export const migrated = () =>
  freshDatabase('ledger', (config) => migrate(config, migrations, { logger: silent }));

/** The ledger alone, on a real broker and database of its own, with the spec as checkout and operator. */
export class World implements AsyncDisposable {
  private readonly instances: RunningInstance[] = [];
  private sequence = 0;
  private readonly log = keeping((text) => this.logged.push(text));
  /** Every line that any instance has written. */
  readonly logged: string[] = [];
  readonly token = randomBytes(24).toString('base64url');
  readonly weakToken = randomBytes(24).toString('base64url');

  private constructor(
    private readonly roles: readonly Role[],
    private readonly kafka: KafkaSettings,
    private readonly database: Awaited<ReturnType<typeof freshDatabase>>,
    private readonly folder: string,
    readonly db: RawDatabase,
    readonly probe: TopicProbe,
  ) {}

  /** @param roles one instance for each. */
  static async start(...roles: readonly Role[]): Promise<World> {
    const [{ brokers }, database, folder] = await Promise.all([
      testBroker(),
      migrated(),
      mkdtemp(join(tmpdir(), 'hutong-ledger-spec-')),
    ]);
    const namespace = `ledger-${randomBytes(5).toString('hex')}`;
    const timing = { heartbeatMs: 500, sessionMs: 6_000, maxWaitMs: 100 };
    const kafka = { brokers, namespace, timing };
    await ensureTopics({ ...kafka, partitions: 3, names: [PAYMENT_OUTCOMES, PARKED] });
    const db = openDatabase(database.config, silent);
    const probe = await TopicProbe.connect(kafka);
    const world = new World(roles, kafka, database, folder, db, probe);
    await world.writeTokens();
    await world.startAll();
    return world;
  }

  /** Stops all instances, does `meanwhile`, and starts them again. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    await this.stopAll();
    await eventually(async () => (await this.probe.members('ledger')) === 0, {
      what: 'an empty group',
    });
    await meanwhile();
    await this.startAll();
  }

  /** What checkout would tell. @returns the id under which it was told. */
  async tell(event: PaymentOutcome, id: EventId = anEventId()): Promise<EventId> {
    this.sequence += 1;
    const { occurredAt } = event;
    const told = { id, source: 'checkout', occurredAt, sequence: this.sequence, event } as const;
    await this.probe.produce(PAYMENT_OUTCOMES, { key: keyOf(event), value: encodeEnvelope(told) });
    return id;
  }

  /** Any bytes at all, as whoever may write to the topic could send them. */
  async tellRaw(...records: readonly RawBytes[]): Promise<void> {
    await this.probe.produce(PAYMENT_OUTCOMES, ...records);
  }

  /** The headers of everything that was parked: the bytes beside them are as they came. */
  async parkedHeaders(): Promise<readonly Readonly<Record<string, string>>[]> {
    return (await this.probe.records(PARKED)).map(({ headers }) => headers);
  }

  /** Until the group has committed everything that it was told. */
  async settled(): Promise<void> {
    await eventually(() => this.probe.settled([PAYMENT_OUTCOMES], 'ledger'), {
      what: 'committed offsets',
      withinMs: 20_000,
    });
  }

  /** Keys of what was parked, with why. */
  async parked(): Promise<readonly (readonly [key: string | null, why: string | undefined])[]> {
    const records = await this.probe.records(PARKED);
    return records.map(({ key, headers }) => [key, headers['dlt.error-detail']]);
  }

  async ask(path: string, { token = this.token, at = 0 } = {}): Promise<Answer> {
    const authorization = { ...(token !== '' && { authorization: `Bearer ${token}` }) };
    const url = `http://127.0.0.1:${this.instances[at]?.port}${path}`;
    const answer = await fetch(url, {
      headers: authorization,
      signal: AbortSignal.timeout(10_000),
    });
    const body: unknown = await answer.json();
    if (typeof body !== 'object' || body === null) throw new Error('not an object');
    return { status: answer.status, headers: answer.headers, body: { ...body } };
  }

  /** Where an instance listens, in order: its HTTP and its management. */
  ports(at = 0): readonly [http: number, management: number] {
    const running = this.instances[at];
    return [running?.port ?? 0, running?.management.port ?? 0];
  }

  /** The sum over all instances of a metric's series that have these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const texts = await Promise.all(
      this.instances.map(async ({ management }) =>
        (await fetch(`http://127.0.0.1:${management.port}/metrics`)).text(),
      ),
    );
    return texts
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith(`${name}{`) && wanted.every((one) => line.includes(one)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAll();
    await this.probe.close();
    await this.db.close();
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }

  private async startAll(): Promise<void> {
    for (const role of this.roles) this.instances.push(await this.startOne(role));
  }

  private async startOne(role: Role): Promise<RunningInstance> {
    const [port = 0, managementPort = 0] = await freePorts(2);
    const { brokers, ...kafka } = this.kafka;
    return startLedger(
      {
        role,
        host: '127.0.0.1',
        port,
        managementPort,
        database: this.database.config,
        kafka: { brokers },
        logLevel: 'silent',
        story: false,
        bookingClock: 'append',
        rates,
        tokensFile: join(this.folder, 'tokens.json'),
      },
      {
        clock: systemClock,
        logger: createLogger({ service: 'ledger', level: 'info', destination: this.log }),
        metrics: new Metrics('ledger'),
        onFatal: () => undefined,
        kafka,
      },
    );
  }

  private async stopAll(): Promise<void> {
    for (const { stop, management } of this.instances.splice(0)) {
      for (const [, run] of stop) await run();
      await management.close();
    }
  }

  private async writeTokens(): Promise<void> {
    const entry = (name: string, token: string, scope: string) => ({
      name,
      scopes: [scope],
      sha256: createHash('sha256').update(token).digest('hex'),
    });
    const tokens = [
      entry('operator', this.token, 'ledger:read'),
      entry('other', this.weakToken, 'routing:read'),
    ];
    await writeFile(join(this.folder, 'tokens.json'), JSON.stringify(tokens));
  }
}

const keeping = (keep: (text: string) => void): Writable =>
  new Writable({
    write(chunk, _, done) {
      keep(String(chunk));
      done();
    },
  });
