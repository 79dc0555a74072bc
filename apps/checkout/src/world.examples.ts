import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, systemClock, type Clock, type DatabaseConfig, type Role } from '@hutong/config';
import { migrate } from '@hutong/database';
import {
  CHECKOUT_PAYMENTS,
  decodeEnvelope,
  encodeEnvelope,
  GATEWAY_REPORTS,
  keyOf,
  parkedTopic,
  PAYMENT_OUTCOMES,
  platformId,
  ROUTING_DECISIONS,
  type DomainEvent,
  type Envelope,
  type EventId,
  type Service,
  type Topic,
} from '@hutong/domain-events';
import type { RunningInstance } from '@hutong/http';
import { ensureTopics, TopicProbe, type KafkaSettings } from '@hutong/messaging';
import { createLogger, Metrics } from '@hutong/telemetry';
import { anEventId, eventually, freePorts, freshDatabase, testBroker } from '@hutong/testing';
import { ApiKeys } from './access/api-keys.repository.js';
import { SCOPES, type Scope } from './access/scopes.js';
import type { SharingConfig } from './share-link/sharing.adapter.js';
import { startCheckout } from './start-checkout.adapter.js';
import { migrations, openDatabase, type CheckoutDatabase } from './store/database.repository.js';
import type { WaitLimits } from './see-payment/payment-waiters.adapter.js';
import { STREAM_LIMITS, type StreamLimits } from './watch-payment/event-streams.adapter.js';

const HEARD = [ROUTING_DECISIONS, GATEWAY_REPORTS] as const;
const TOPICS = [
  CHECKOUT_PAYMENTS,
  PAYMENT_OUTCOMES,
  ...HEARD,
  ...HEARD.map((topic) => parkedTopic(topic, 'checkout')),
];
const SEALING_KEYS = Secret.of('5a'.repeat(32));
export const PEPPER = Secret.of('a pepper for specs, long enough to pass');
const LINK_KEY = Secret.of('a link key for specs, long enough to pass');
const silent = createLogger({ service: 'checkout', level: 'silent' });

/** May see and retry stuck surplus; may see it; may do something else. */
export const OPERATOR = 'operator-token-of-the-specs';
export const READER = 'reader-token-of-the-specs';
export const STRANGER = 'stranger-token-of-the-specs';
const token = (name: string, text: string, ...scopes: readonly string[]) => ({
  name,
  scopes,
  sha256: createHash('sha256').update(text).digest('hex'),
});
const tokens = [
  token('operator', OPERATOR, 'checkout:read', 'checkout:write'),
  token('reader', READER, 'checkout:read'),
  token('stranger', STRANGER, 'ledger:read'),
];

export type Answer = Readonly<{ status: number; headers: Headers; body: Record<string, unknown> }>;

export const migrated = () =>
  freshDatabase('checkout', (config) => migrate(config, migrations, { logger: silent }));

/** Checkout alone, on a real broker and database of its own, with the spec as everybody around it. */
export class World implements AsyncDisposable {
  private readonly instances: RunningInstance[] = [];
  private sequence = 0;

  private constructor(
    private readonly kafka: KafkaSettings,
    private readonly database: DatabaseConfig,
    readonly db: CheckoutDatabase,
    readonly probe: TopicProbe,
    private readonly tokensFile: string,
    /** Where the gateways' public keys are, as `wechat-gateway.1.pem`. */
    readonly folder: string,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** @param roles one instance for each. Whatever fails, nothing stays open: it would keep jest running. */
  static async start(...roles: readonly Role[]): Promise<World> {
    await using opened = new AsyncDisposableStack();
    const { brokers } = await testBroker();
    const database = opened.use(await migrated());
    const namespace = `checkout-${randomBytes(5).toString('hex')}`;
    const timing = { heartbeatMs: 500, sessionMs: 6_000, maxWaitMs: 100 };
    const kafka = { brokers, namespace, timing };
    await ensureTopics({ ...kafka, partitions: 3, names: TOPICS });
    const db = opened.use(openDatabase(database.config, silent));
    const probe = opened.use(await TopicProbe.connect(kafka));
    const folder = await mkdtemp(join(tmpdir(), 'hutong-checkout-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const tokensFile = join(folder, 'tokens.json');
    await writeFile(tokensFile, JSON.stringify(tokens));
    await using starting = new AsyncDisposableStack();
    const world = starting.use(
      new World(kafka, database.config, db, probe, tokensFile, folder, opened.move()),
    );
    for (const role of roles) await world.add(role);
    starting.move();
    return world;
  }

  async add(
    role: Role,
    {
      pepper = PEPPER,
      story = false,
      requestsPerSecond = 1_000,
      clock = systemClock,
      streamLimits = STREAM_LIMITS,
      waitLimits = {},
      sharing = {},
    }: {
      pepper?: Secret;
      story?: boolean;
      requestsPerSecond?: number;
      clock?: Clock;
      streamLimits?: StreamLimits;
      waitLimits?: Partial<WaitLimits>;
      sharing?: Partial<SharingConfig>;
    } = {},
  ): Promise<RunningInstance> {
    const [port = 0, managementPort = 0] = await freePorts(2);
    const { brokers, ...kafka } = this.kafka;
    const running = await startCheckout(
      {
        role,
        host: '127.0.0.1',
        port,
        managementPort,
        database: this.database,
        kafka: { brokers },
        logLevel: 'silent',
        story,
        pepper,
        publicUrl: new URL('http://checkout.test'),
        requestsPerSecond,
        tokensFile: this.tokensFile,
        sharing: {
          linkKey: LINK_KEY,
          sealingKeysFolder: this.folder,
          trustedProxies: ['loopback'],
          ...sharing,
        },
        webhooks: { sealingKeys: SEALING_KEYS, developmentHosts: new Set(['127.0.0.1']) },
      },
      {
        clock,
        logger: silent,
        metrics: new Metrics('checkout'),
        onFatal: () => undefined,
        kafka,
        // Whoever gets an answer in time was woken.
        waitLimits: { lookEveryMs: 60_000, ...waitLimits },
        sweepEveryMs: 100,
        streamLimits,
      },
    );
    this.instances.push(running);
    this.opened.defer(() => running.management.close());
    for (const [, stop] of running.stop.toReversed()) this.opened.defer(stop);
    return running;
  }

  /** Base address of an instance. */
  at(index = 0): string {
    return `http://127.0.0.1:${this.instances[index]?.port}`;
  }

  management(index = 0): string {
    return `http://127.0.0.1:${this.instances[index]?.management.port}`;
  }

  async keyFor(platform: string, scopes: readonly Scope[] = SCOPES): Promise<string> {
    const asked = { platform: platformId(platform), name: 'spec', scopes };
    const key = await new ApiKeys(this.db, systemClock).issue(asked);
    if (key === undefined) throw new Error('a key without an end has expired');
    return key;
  }

  /** What a topic's producer would tell. */
  async tell(
    topic: Topic,
    event: DomainEvent,
    {
      source = 'routing',
      id = anEventId(),
      occurredAt = new Date('2026-11-24T08:00:00.000Z'),
    }: { source?: Service; id?: EventId; occurredAt?: Date } = {},
  ): Promise<void> {
    this.sequence += 1;
    const value = encodeEnvelope({ id, source, occurredAt, sequence: this.sequence, event });
    await this.probe.produce(topic, { key: keyOf(event), value });
  }

  /** Until the group has committed everything that it was told. */
  async settled(): Promise<void> {
    await eventually(() => this.probe.settled(HEARD, 'checkout'), { what: 'committed offsets' });
  }

  /** What checkout has said about a payment, once it is so many events. */
  async said(topic: Topic, paymentId: string, count: number): Promise<Envelope[]> {
    return eventually(
      async () => {
        const all = await this.eventsOf(topic, paymentId);
        return all.length >= count ? all : undefined;
      },
      { what: `${count} events on ${topic}` },
    );
  }

  async eventsOf(topic: Topic, paymentId: string): Promise<Envelope[]> {
    const records = await this.probe.records(topic);
    return records
      .filter((record) => record.key === paymentId)
      .map((record) => {
        const decoded = decodeEnvelope(record.value ?? '');
        if (!decoded.ok) throw new Error(decoded.refusal.detail);
        return decoded.value;
      });
  }

  parked(topic: (typeof HEARD)[number]) {
    return this.probe.records(parkedTopic(topic, 'checkout'));
  }

  /** Stops the rest also where one part does not stop well, and says so afterwards. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}

/** A platform's server with its key. */
export class PlatformClient {
  constructor(
    private readonly base: string,
    private readonly key: string,
  ) {}

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', path, headers, JSON.stringify(body));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('GET', path, headers);
  }

  private async call(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Answer> {
    const answer = await fetch(new URL(path, this.base), {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    const text = await answer.text();
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object');
    return { status: answer.status, headers: answer.headers, body: { ...parsed } };
  }
}

let orders = 0;

/** A body of `POST /payments` with an order of its own. */
export const anOrder = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  orderReference: `order-${(orders += 1)}`,
  merchantId: 'tea-house',
  amount: { currency: 'CNY', minor: '12800' },
  description: 'Longjing tea, 250 g',
  channel: 'web',
  payer: { userId: 'user-1', hasBoundCard: false, hasBalance: 'no' },
  ...over,
});
