import {
  CHECKOUT_PAYMENTS,
  platformId,
  type DomainEvent,
  type PaymentRequested,
} from '@hutong/domain-events';
import { Outbox, type Received } from '@hutong/messaging';
import { Metrics } from '@hutong/telemetry';
import { anEventId, aPaymentRequested, FixedClock, REQUESTED_AT } from '@hutong/testing';
import type { Policy } from '../policy/policy.js';
import { migrated, silent } from '../world.examples.js';
import { Commands } from './commands.repository.js';
import { openDatabase, type RoutingDatabase } from './database.repository.js';
import { decisionMetrics } from './decision-metrics.adapter.js';
import { Decisions } from './decisions.repository.js';
import { Reports } from './reports.repository.js';
import { SwitchTurns } from './switches.repository.js';

const TAOBAO = platformId('taobao');
const policy: Policy = {
  platform: TAOBAO,
  versions: [
    {
      version: '2024-09',
      effectiveFrom: new Date('2024-09-01T00:00:00+08:00'),
      offerValidForMs: 600_000,
      methods: [
        {
          method: { provider: 'wechat', instrument: 'wechat_pay', presentation: 'qr' },
          label: 'WeChat Pay',
          conditions: {},
        },
      ],
    },
  ],
};

export const received = <E extends DomainEvent>(event: E, partition = 0): Received<E> => ({
  event,
  eventId: anEventId(),
  source: 'checkout',
  occurredAt: REQUESTED_AT,
  sequence: 1,
  appendedAt: REQUESTED_AT,
  topic: CHECKOUT_PAYMENTS,
  partition,
  offset: 0n,
});

/** What one instance does with its database. */
export type Stores = Readonly<{
  decisions: Decisions;
  commands: Commands;
  reports: Reports;
  switches: SwitchTurns;
}>;

/** Two instances on one database, without a broker: a partition that moves may be in two hands. */
export class StoresWorld implements AsyncDisposable {
  readonly clock = new FixedClock(REQUESTED_AT.toISOString());
  readonly one = this.instance();
  readonly other = this.instance();

  private constructor(
    readonly db: RoutingDatabase,
    private readonly opened: AsyncDisposableStack,
  ) {}

  static async open(): Promise<StoresWorld> {
    await using opened = new AsyncDisposableStack();
    const database = opened.use(await migrated());
    const db = opened.use(openDatabase(database.config, silent));
    return new StoresWorld(db, opened.move());
  }

  /** A payment that was asked for now, and offered WeChat's QR code. */
  async offered(): Promise<PaymentRequested> {
    const expiresAt = new Date(this.clock.now().getTime() + 900_000);
    const event = aPaymentRequested({ expiresAt });
    await this.one.decisions.offer(received(event));
    return event;
  }

  /** Which topics were told about a payment, in that order. */
  async toldOf(paymentId: string): Promise<readonly string[]> {
    const rows = await this.db.query<{ topic: string }>(
      'select topic from outbox where key = $1 order by id',
      [paymentId],
    );
    return rows.map(({ topic }) => topic);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }

  private instance(): Stores {
    const { db, clock } = this;
    const outbox = new Outbox({ service: 'routing', clock });
    const metrics = decisionMetrics(new Metrics('routing'));
    const parts = { db, clock, outbox, metrics };
    return {
      decisions: new Decisions({ ...parts, policies: new Map([[TAOBAO, policy]]), story: false }),
      commands: new Commands(parts),
      reports: new Reports(parts),
      switches: new SwitchTurns(db, clock),
    };
  }
}
