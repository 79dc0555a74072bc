import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CHECKOUT_PAYMENTS,
  platformId,
  type DomainEvent,
  type PaymentMethodSelected,
  type PaymentRequested,
} from '@hutong/domain-events';
import { done, Outbox, type Received } from '@hutong/messaging';
import { Metrics } from '@hutong/telemetry';
import {
  aMethodSelected,
  anEventId,
  aPaymentId,
  aPaymentRequested,
  FixedClock,
  type FreshDatabase,
  REQUESTED_AT,
} from '@hutong/testing';
import type { Policy } from '../policy/policy.js';
import { migrated, silent } from '../world.examples.js';
import { openDatabase, type RoutingDatabase } from './database.repository.js';
import { decisionMetrics } from './decision-metrics.adapter.js';
import { Decisions } from './decisions.repository.js';

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

const received = <E extends DomainEvent>(event: E): Received<E> => ({
  event,
  eventId: anEventId(),
  source: 'checkout',
  occurredAt: REQUESTED_AT,
  sequence: 1,
  appendedAt: REQUESTED_AT,
  topic: CHECKOUT_PAYMENTS,
  partition: 0,
  offset: 0n,
});

describe('decisions in a database', () => {
  let database: FreshDatabase;
  let db: RoutingDatabase;
  /** Two instances: a partition that moves may be in two hands for a moment. */
  let one: Decisions;
  let other: Decisions;

  beforeAll(async () => {
    database = await migrated();
    db = openDatabase(database.config, silent);
    const clock = new FixedClock(REQUESTED_AT.toISOString());
    const instance = () =>
      new Decisions({
        db,
        clock,
        outbox: new Outbox({ service: 'routing', clock }),
        policies: new Map([[TAOBAO, policy]]),
        metrics: decisionMetrics(new Metrics('routing')),
      });
    one = instance();
    other = instance();
  }, 60_000);

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const toldOf = async (paymentId: string): Promise<string[]> => {
    const rows = await db.query<{ topic: string }>(
      'select topic from outbox where key = $1 order by id',
      [paymentId],
    );
    return rows.map(({ topic }) => topic);
  };
  const offered = async (): Promise<PaymentRequested> => {
    const event = aPaymentRequested();
    await one.offer(received(event));
    return event;
  };

  it('decides once where both instances hear the same request at once', async () => {
    const heard = received(aPaymentRequested());
    const { paymentId } = heard.event;
    const answers = await Promise.all([one.offer(heard), other.offer(heard)]);
    expect(answers).toEqual([done, done]);
    expect((await one.explain(paymentId))?.decisions).toMatchObject([{ offer: 1 }]);
    expect(await toldOf(paymentId)).toEqual(['routing.decisions']);
  });

  it('commands once where both instances hear the same choice at once', async () => {
    const { paymentId } = await offered();
    const heard = received(aMethodSelected({ paymentId }));
    const answers = await Promise.all([one.answer(heard), other.answer(heard)]);
    expect(answers).toEqual([done, done]);
    expect(await toldOf(paymentId)).toEqual([
      'routing.decisions',
      'routing.decisions',
      'gateway.wechat',
    ]);
  });

  it('numbers new offers one after another where two stale choices race', async () => {
    const { paymentId } = await offered();
    const stale = () => received(aMethodSelected({ paymentId, offer: 9 }));
    await Promise.all([one.answer(stale()), other.answer(stale())]);
    const explained = await one.explain(paymentId);
    expect(explained?.decisions.map(({ offer }) => offer)).toEqual([1, 2, 3]);
    expect(explained?.answers).toHaveLength(2);
  });

  it('keeps nothing of an answer whose command cannot be kept, and answers when told again', async () => {
    const { paymentId } = await offered();
    const heard: Received<PaymentMethodSelected> = received(aMethodSelected({ paymentId }));
    await db.query(
      `alter table outbox add constraint no_command check (topic <> 'gateway.wechat') not valid`,
    );
    await expect(one.answer(heard)).rejects.toThrow();
    expect((await one.explain(paymentId))?.answers).toEqual([]);
    expect(await toldOf(paymentId)).toEqual(['routing.decisions']);

    await db.query('alter table outbox drop constraint no_command');
    expect(await one.answer(heard)).toEqual(done);
    expect((await one.explain(paymentId))?.answers).toMatchObject([{ verdict: 'accepted' }]);
    expect(await toldOf(paymentId)).toHaveLength(3);
  });

  it('takes every text that an event may hold', async () => {
    const payer = { hasBoundCard: 'no', hasBalance: 'no', installedApps: ['\u0000'] } as const;
    const heard = received(aPaymentRequested({ payer }));
    expect(await one.offer(heard)).toEqual(done);
    expect((await one.explain(heard.event.paymentId))?.requested).toEqual(heard.event);
  });

  it('leaves no trace of what it parks, so that it is parked again after a crash', async () => {
    const nobodys = received(aMethodSelected({ paymentId: aPaymentId() }));
    const parked = await one.answer(nobodys);
    expect(parked).toMatchObject({ kind: 'park' });
    expect(await one.answer(nobodys)).toEqual(parked);
    expect(await toldOf(nobodys.event.paymentId)).toEqual([]);
  });
});
