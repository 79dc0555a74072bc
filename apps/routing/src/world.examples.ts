import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { DatabaseConfig, Role } from '@hutong/config';
import { migrate } from '@hutong/database';
import {
  CHECKOUT_PAYMENTS,
  decodeEnvelope,
  encodeEnvelope,
  GATEWAY_ALIPAY,
  GATEWAY_REPORTS,
  GATEWAY_WECHAT,
  keyOf,
  parkedTopic,
  ROUTING_DECISIONS,
  type DomainEvent,
  type Envelope,
  type EventId,
  type Service,
  type Topic,
} from '@hutong/domain-events';
import type { RunningInstance } from '@hutong/http';
import { ensureTopics, TopicProbe, type KafkaSettings, type RawBytes } from '@hutong/messaging';
import { createLogger, Metrics } from '@hutong/telemetry';
import {
  anEventId,
  eventually,
  FixedClock,
  freePorts,
  freshDatabase,
  testBroker,
} from '@hutong/testing';
import { startRouting } from './start-routing.adapter.js';
import { migrations, openDatabase, type RoutingDatabase } from './store/database.repository.js';

const HEARD = [CHECKOUT_PAYMENTS, GATEWAY_REPORTS] as const;
const TOLD = [ROUTING_DECISIONS, GATEWAY_WECHAT, GATEWAY_ALIPAY] as const;
const TOPICS = [...HEARD, ...TOLD, ...HEARD.map((topic) => parkedTopic(topic, 'routing'))];
export const silent = createLogger({ service: 'routing', level: 'silent' });

/** When the clock of every world begins. */
export const NOW = '2026-11-24T08:00:00.000Z';

/** Two platforms: one with a single method, one whose policy changed on the first of October. */
const POLICIES = {
  taobao: {
    platform: 'taobao',
    versions: [
      {
        version: '2024-09',
        effectiveFrom: '2024-09-01T00:00:00+08:00',
        offerValidForSeconds: 600,
        methods: [{ method: 'wechat/wechat_pay/qr', label: 'WeChat Pay' }],
      },
    ],
  },
  jd: {
    platform: 'jd',
    versions: [
      {
        version: 'opening',
        effectiveFrom: '2026-01-01T00:00:00+08:00',
        offerValidForSeconds: 600,
        methods: [{ method: 'alipay/alipay/redirect', label: 'Alipay' }],
      },
      {
        version: 'capped',
        effectiveFrom: '2026-10-01T00:00:00+08:00',
        offerValidForSeconds: 600,
        methods: [
          {
            method: 'wechat/wechat_pay/qr',
            label: 'WeChat Pay',
            conditions: { maxAmount: { currency: 'CNY', minor: '10000' } },
          },
          { method: 'alipay/alipay/redirect', label: 'Alipay', conditions: { channels: ['web'] } },
        ],
      },
    ],
  },
};

export const migrated = () =>
  freshDatabase('routing', (config) => migrate(config, migrations, { logger: silent }));

type Instance = Readonly<{ running: RunningInstance; stops: AsyncDisposableStack }>;
type Files = Readonly<{ policiesDir: string; tokensFile: string }>;
type Told = Readonly<{ source?: Service; id?: EventId; businessTime?: Date }>;

/** Routing alone, on a real broker and database of its own, with the spec as everybody around it. */
export class World implements AsyncDisposable {
  readonly clock = new FixedClock(NOW);
  private readonly instances: Instance[] = [];
  private sequence = 0;
  private readonly log = keeping((text) => this.logged.push(text));
  /** Every line that any instance has written. */
  readonly logged: string[] = [];

  private constructor(
    private readonly kafka: KafkaSettings,
    private readonly database: DatabaseConfig,
    readonly db: RoutingDatabase,
    private readonly probe: TopicProbe,
    private readonly files: Files,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** @param roles one instance for each. Whatever fails, nothing stays open: it would keep jest running. */
  static async start(...roles: readonly Role[]): Promise<World> {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'routing-spec-'));
    opened.defer(() => rm(folder, { recursive: true }));
    const { brokers } = await testBroker();
    const database = opened.use(await migrated());
    const namespace = `routing-${randomBytes(5).toString('hex')}`;
    const timing = { heartbeatMs: 500, sessionMs: 6_000, maxWaitMs: 100 };
    const kafka = { brokers, namespace, timing };
    await ensureTopics({ ...kafka, partitions: 3, names: TOPICS });
    const db = opened.use(openDatabase(database.config, silent));
    const probe = opened.use(await TopicProbe.connect(kafka));
    const files = await writeFiles(folder);
    await using starting = new AsyncDisposableStack();
    const world = new World(kafka, database.config, db, probe, files, opened.move());
    starting.use(world);
    for (const role of roles) await world.add(role);
    starting.move();
    return world;
  }

  async add(role: Role): Promise<void> {
    const [port = 0, managementPort = 0] = await freePorts(2);
    const { brokers, ...kafka } = this.kafka;
    const running = await startRouting(
      {
        role,
        host: '127.0.0.1',
        port,
        managementPort,
        database: this.database,
        kafka: { brokers },
        logLevel: 'silent',
        story: true,
        ...this.files,
      },
      {
        clock: this.clock,
        logger: createLogger({ service: 'routing', level: 'info', destination: this.log }),
        metrics: new Metrics('routing'),
        onFatal: () => undefined,
        kafka,
      },
    );
    const stops = this.opened.use(new AsyncDisposableStack());
    stops.defer(() => running.management.close());
    for (const [, stop] of running.stop.toReversed()) stops.defer(stop);
    this.instances.push({ running, stops });
  }

  /** @param minutes from now, by the world's clock. */
  after(minutes: number): Date {
    return new Date(this.clock.now().getTime() + minutes * 60_000);
  }

  /** Where an instance listens, in order: its HTTP and its management. */
  ports(index = 0): readonly [http: number, management: number] {
    const running = this.instances[index]?.running;
    return [running?.port ?? 0, running?.management.port ?? 0];
  }

  /** What an operator asks an instance. */
  get(path: string, token?: string, index = 0): Promise<Response> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return fetch(`http://127.0.0.1:${this.instances[index]?.running.port}${path}`, { headers });
  }

  /** What an operator tells an instance. */
  post(path: string, body: unknown, token?: string, index = 0): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.instances[index]?.running.port}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
  }

  management(path: string, index = 0): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.instances[index]?.running.management.port}${path}`);
  }

  /** What a topic's producer would tell. */
  async tell(topic: (typeof HEARD)[number], event: DomainEvent, told: Told = {}): Promise<void> {
    const { source = topic === GATEWAY_REPORTS ? 'wechat-gateway' : 'checkout' } = told;
    const { id = anEventId(), businessTime } = told;
    this.sequence += 1;
    const envelope = { id, source, occurredAt: this.clock.now(), sequence: this.sequence };
    const value = encodeEnvelope({ ...envelope, businessTime, event });
    await this.probe.produce(topic, { key: keyOf(event), value });
  }

  /** Any bytes at all, as whoever may write to a topic could send them. */
  async tellRaw(topic: (typeof HEARD)[number], ...records: readonly RawBytes[]): Promise<void> {
    await this.probe.produce(topic, ...records);
  }

  /** The headers of everything that was parked: the bytes beside them are as they came. */
  async parkedHeaders(): Promise<readonly Readonly<Record<string, string>>[]> {
    const topics = HEARD.map((topic) => parkedTopic(topic, 'routing'));
    const records = await Promise.all(topics.map((topic) => this.probe.records(topic)));
    return records.flat().map(({ headers }) => headers);
  }

  /** Everything that routing has told anybody. */
  async told(): Promise<readonly string[]> {
    const records = await Promise.all(TOLD.map((topic) => this.probe.records(topic)));
    return records.flat().map(({ key, value, headers }) => JSON.stringify({ key, value, headers }));
  }

  /** Until everything that was told is committed, and everything that follows from it is published. */
  async settled(): Promise<void> {
    await eventually(() => this.probe.settled(HEARD, 'routing'), { what: 'committed offsets' });
    await eventually(
      async () => (await this.db.query('select 1 from outbox limit 1')).length === 0,
      {
        what: 'an empty outbox',
      },
    );
  }

  /** What routing has said about a payment, once it is so many events. */
  async said(
    topic: (typeof TOLD)[number],
    paymentId: string,
    count: number,
  ): Promise<readonly Envelope[]> {
    return eventually(
      async () => {
        const all = await this.eventsOf(topic, paymentId);
        return all.length >= count ? all : undefined;
      },
      { what: `${count} events on ${topic}` },
    );
  }

  async eventsOf(topic: Topic, paymentId: string): Promise<readonly Envelope[]> {
    return (await this.probe.records(topic))
      .filter((record) => record.key === paymentId)
      .map((record) => {
        const decoded = decodeEnvelope(record.value ?? '');
        if (!decoded.ok) throw new Error(decoded.refusal.detail);
        return decoded.value;
      });
  }

  /** Why each event of a payment was parked. */
  async parked(topic: (typeof HEARD)[number], paymentId: string): Promise<readonly string[]> {
    const records = await this.probe.records(parkedTopic(topic, 'routing'));
    return records
      .filter(({ key }) => key === paymentId)
      .map(({ headers }) => headers['dlt.error-detail'] ?? '');
  }

  /** How many members the consumer group has. */
  members(): Promise<number> {
    return this.probe.members('routing');
  }

  /** An orderly stop of one instance. */
  async stop(index: number): Promise<void> {
    await this.instances[index]?.stops.disposeAsync();
  }

  /** Stops the rest also where one part does not stop well, and says so afterwards. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}

/** An operator who may read, one who may switch as well, and a service that may do neither. */
export const SWITCHER = randomBytes(32).toString('base64url');
export const OPERATOR = randomBytes(32).toString('base64url');
export const STRANGER = randomBytes(32).toString('base64url');

async function writeFiles(folder: string): Promise<Files> {
  const tokensFile = join(folder, 'tokens.json');
  const entry = (name: string, token: string, ...scopes: readonly string[]) => ({
    name,
    scopes,
    sha256: createHash('sha256').update(token).digest('hex'),
  });
  const tokens = [
    entry('operator', OPERATOR, 'routing:read'),
    entry('switcher', SWITCHER, 'routing:read', 'routing:write'),
    entry('stranger', STRANGER, 'ledger:read'),
  ];
  await writeFile(tokensFile, JSON.stringify(tokens));
  const policiesDir = await mkdtemp(join(folder, 'policies-'));
  for (const [name, policy] of Object.entries(POLICIES)) {
    await writeFile(join(policiesDir, `${name}.json`), JSON.stringify(policy));
  }
  return { policiesDir, tokensFile };
}

const keeping = (keep: (text: string) => void): Writable =>
  new Writable({
    write(chunk, _, done) {
      keep(String(chunk));
      done();
    },
  });
