import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { Clock, Role, ServiceConfig } from '@hutong/config';
import { migrate, RawDatabase } from '@hutong/database';
import {
  decodeEnvelope,
  encodeEnvelope,
  GATEWAY_REPORTS,
  gatewayService,
  gatewayTopic,
  keyOf,
  parkedTopic,
  type Envelope,
  type EventId,
  type Provider,
  type Service,
  type TopicEvents,
} from '@hutong/domain-events';
import { ensureTopics, TopicProbe, type KafkaSettings, type ProbedRecord } from '@hutong/messaging';
import { NotWrittenYet } from '@hutong/result';
import {
  createLogger,
  currentTraceparent,
  Metrics,
  type LogFields,
  type Logger,
} from '@hutong/telemetry';
import { anEventId, eventually, freePorts, freshDatabase, testBroker } from '@hutong/testing';
import { migrationsOfGateway, type RunningGateway, type Surroundings } from '../start-gateway.js';

/** Starts one instance of the gateway under test. */
export type StartGateway = (config: ServiceConfig, around: Surroundings) => Promise<RunningGateway>;

export type GatewayWorldOptions = Readonly<{
  provider: Provider;
  clock: Clock;
  start: StartGateway;
  /** Where notifications are to arrive at the first instance; any free port where nothing is said. */
  port?: number;
  /** Where its log goes; nowhere if nothing is said. */
  log?: Writable;
  /** Long enough that nobody loses one by chance where nothing is said. */
  leaseMs?: number;
}>;

/** An attempt's row, as far as specs look at it. */
export type AttemptView = Readonly<{
  status: string;
  content: string | null;
  late: boolean | null;
  paid_minor: bigint | null;
  due_action: string | null;
  /** Whether a worker is at it. */
  leased: boolean;
}>;

/** One gateway alone, on a real broker and database of its own, with the spec as everybody around it. */
export class GatewayWorld implements AsyncDisposable {
  private readonly instances: RunningGateway[] = [];
  private readonly unwritten = new Map<string, NotWrittenYet>();
  /** Every warning and error so far, as `event code: cause`. */
  private readonly complaints: string[] = [];
  private sequence = 0;

  private constructor(
    private readonly o: GatewayWorldOptions,
    private readonly kafka: KafkaSettings,
    private readonly database: Awaited<ReturnType<typeof freshDatabase>>,
    readonly db: RawDatabase,
    private readonly probe: TopicProbe,
  ) {}

  /** @param roles one instance for each. */
  static async start(o: GatewayWorldOptions, ...roles: readonly Role[]): Promise<GatewayWorld> {
    const logger = createLogger({ service: gatewayService[o.provider], level: 'silent' });
    const [{ brokers }, database] = await Promise.all([
      testBroker(),
      freshDatabase('gateway', (config) => migrate(config, migrationsOfGateway, { logger })),
    ]);
    const namespace = `gateway-${randomBytes(5).toString('hex')}`;
    const timing = { heartbeatMs: 500, sessionMs: 6_000, maxWaitMs: 100 };
    const kafka = { brokers, namespace, timing };
    const commands = gatewayTopic[o.provider];
    const names = [commands, GATEWAY_REPORTS, parkedTopic(commands, gatewayService[o.provider])];
    await ensureTopics({ ...kafka, partitions: 3, names });
    const db = RawDatabase.connect(database.config, { logger });
    const world = new GatewayWorld(o, kafka, database, db, await TopicProbe.connect(kafka));
    await using opened = new AsyncDisposableStack(); // closed again if an instance does not start
    opened.use(world);
    for (const role of roles) await world.add(role);
    opened.move();
    return world;
  }

  async add(role: Role): Promise<RunningGateway> {
    const [free = 0, managementPort = 0] = await freePorts(2);
    const { brokers, ...kafka } = this.kafka;
    const service = gatewayService[this.o.provider];
    const running = await this.o.start(
      {
        role,
        host: '127.0.0.1',
        port: this.instances.length === 0 ? (this.o.port ?? free) : free,
        managementPort,
        database: this.database.config,
        kafka: { brokers },
        logLevel: 'silent',
        story: false,
      },
      {
        clock: this.o.clock,
        logger: this.hearing(loggerFor(service, this.o.log)),
        metrics: new Metrics(service),
        onFatal: () => undefined,
        kafka,
        timing: { pollMs: 50, leaseMs: this.o.leaseMs ?? 60_000 },
      },
    );
    this.instances.push(running);
    return running;
  }

  /** Base address of an instance. */
  at(index = 0): string {
    return `http://127.0.0.1:${this.instances[index]?.port}`;
  }

  /** What an instance says of itself: all its metrics. */
  async metrics(index = 0): Promise<string> {
    const port = this.instances[index]?.management.port;
    return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  }

  /** What routing would ask, in the trace that the spec is in. */
  async command(
    event: TopicEvents[(typeof gatewayTopic)[Provider]],
    id: EventId = anEventId(),
  ): Promise<void> {
    this.sequence += 1;
    const told = { id, occurredAt: this.o.clock.now(), sequence: this.sequence, event };
    const value = encodeEnvelope({ ...told, source: 'routing' });
    const traceparent = currentTraceparent();
    const headers = { ...(traceparent !== undefined && { traceparent }) };
    await this.probe.produce(gatewayTopic[this.o.provider], { key: keyOf(event), value, headers });
  }

  /** Until the gateway has committed every command. */
  async settled(): Promise<void> {
    const { provider } = this.o;
    await eventually(() => this.probe.settled([gatewayTopic[provider]], gatewayService[provider]), {
      what: 'committed offsets',
    });
  }

  /** How many commands it has not committed: what the autoscaler reads. */
  async lag(): Promise<number> {
    const { provider } = this.o;
    const all = await this.probe.offsets(gatewayTopic[provider], gatewayService[provider]);
    return all.reduce((sum, { committed, end }) => sum + Number(end - committed), 0);
  }

  /** How many instances take commands now. */
  members(): Promise<number> {
    return this.probe.members(gatewayService[this.o.provider]);
  }

  async attempt(attemptId: string): Promise<AttemptView | undefined> {
    const [row] = await this.db.query<AttemptView>(
      `select status, action ->> 'content' as content, late, paid_minor, due_action,
         lease_owner is not null as leased
       from attempts where attempt_id = $1`,
      [attemptId],
    );
    return row;
  }

  /** What nobody has written yet, if that is what this attempt waits for: no waiting ends it. */
  notWritten(attemptId: string): NotWrittenYet | undefined {
    return this.unwritten.get(attemptId);
  }

  /** Where an attempt and its refunds stand, and what was complained of: for whoever waits in vain. */
  async told(attemptId: string): Promise<string> {
    const rows = await this.db.query(
      `select status, unknown_cause, due_action, due_at, leased_until, close_asked as of_it
       from attempts where attempt_id = $1
       union all
       select status, unknown_cause, due_action, due_at, leased_until, refund_id
       from refunds where attempt_id = $1`,
      [attemptId],
    );
    return JSON.stringify({
      now: this.o.clock.now(),
      rows,
      complaints: this.complaints.slice(-10),
    });
  }

  /** Why something was put aside, in the order in which it was. */
  async quarantined(attemptId: string): Promise<string[]> {
    const rows = await this.db.query<{ reason: string }>(
      'select reason from quarantine where order_number = $1 order by id',
      [attemptId],
    );
    return rows.map(({ reason }) => reason);
  }

  /** How many notifications of an order were kept. */
  async notifications(attemptId: string): Promise<number> {
    return (await this.db.query('select 1 from notifications where attempt_id = $1', [attemptId]))
      .length;
  }

  /** What the ring was told of a payment, in order, once nothing waits to be told. */
  async reports(paymentId: string): Promise<Envelope<Reported>[]> {
    return (await this.reportRecords(paymentId)).map(({ value }) => reported(value ?? ''));
  }

  /** In which trace each of these was told, as its record says. */
  async traces(paymentId: string): Promise<(string | undefined)[]> {
    return (await this.reportRecords(paymentId)).map(({ headers }) => headers['traceparent']);
  }

  /** Whether anything of `secret`, which was sealed, is still kept with an attempt. */
  async keeps(attemptId: string, secret: string): Promise<boolean> {
    const rows = await this.db.query(
      `select 1 from attempts where attempt_id = $1 and (
         sealed_payer is not null or position($2::bytea in coalesce(prepared_body, '')) > 0
         or row_to_json(attempts)::text like '%' || $3 || '%')`,
      [attemptId, Buffer.from(secret), secret],
    );
    return rows.length > 0;
  }

  /** How many notifications of a refund were kept. */
  async refundNotifications(refundId: string): Promise<number> {
    const sql = 'select 1 from refund_notifications where refund_id = $1';
    return (await this.db.query(sql, [refundId])).length;
  }

  parked() {
    const { provider } = this.o;
    return this.probe.records(parkedTopic(gatewayTopic[provider], gatewayService[provider]));
  }

  async stop(index: number): Promise<void> {
    const [running] = this.instances.splice(index, 1);
    if (running !== undefined) await stopped(running);
  }

  private hearing(logger: Logger): Logger {
    return {
      info: (event, fields) => logger.info(event, fields),
      warn: (event, fields) => {
        this.complain(event, fields);
        logger.warn(event, fields);
      },
      error: (event, fields, cause) => {
        const attemptId = fields?.attemptId;
        if (cause instanceof NotWrittenYet && attemptId !== undefined) {
          this.unwritten.set(attemptId, cause);
        }
        this.complain(event, fields, cause);
        logger.error(event, fields, cause);
      },
      child: (fields) => this.hearing(logger.child(fields)),
    };
  }

  private complain(event: string, fields?: LogFields, cause?: unknown): void {
    const about = fields?.attemptId ?? fields?.account ?? '';
    this.complaints.push(`${event} ${about}${cause instanceof Error ? `: ${cause.message}` : ''}`);
  }

  private async reportRecords(paymentId: string): Promise<ProbedRecord[]> {
    await eventually(
      async () => (await this.db.query('select 1 from outbox limit 1')).length === 0,
      { what: 'an empty outbox' },
    );
    const records = await this.probe.records(GATEWAY_REPORTS);
    return records.filter(({ key }) => key === paymentId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const running of this.instances) await stopped(running);
    await this.probe.close();
    await this.db.close();
    await this.database.drop();
  }
}

/** Every line goes to `log`; none anywhere, where there is none. */
export const loggerFor = (service: Service, log: Writable | undefined): Logger =>
  createLogger({
    service,
    level: log === undefined ? 'silent' : 'trace',
    ...(log !== undefined && { destination: log }),
  });

async function stopped({ stop, management }: RunningGateway): Promise<void> {
  for (const [, run] of stop) await run();
  await management.close();
}

type Reported = TopicEvents[typeof GATEWAY_REPORTS];

function reported(text: string): Envelope<Reported> {
  const decoded = decodeEnvelope(text);
  if (!decoded.ok) throw new Error(decoded.refusal.detail);
  const { event } = decoded.value;
  if (!isReport(event)) throw new Error(`${event.type} is no report`);
  return { ...decoded.value, event };
}

const isReport = (event: Envelope['event']): event is Reported =>
  [
    'attempt.awaiting_payer',
    'attempt.succeeded',
    'attempt.failed',
    'attempt.closed',
    'attempt.unknown',
    'refund.pending',
    'refund.succeeded',
    'refund.failed',
  ].includes(event.type);
