import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate, RawDatabase } from '@hutong/database';
import {
  GATEWAY_WECHAT,
  type AttemptCloseRequested,
  type AttemptRequested,
  type RefundRequested,
} from '@hutong/domain-events';
import { Outbox, type Received } from '@hutong/messaging';
import { createLogger, Metrics } from '@hutong/telemetry';
import {
  anAttemptCloseRequested,
  anAttemptRequested,
  anEventId,
  aRefundRequested,
  FixedClock,
  freshDatabase,
  type FreshDatabase,
} from '@hutong/testing';
import { USUAL_PLAN } from './asking-plan.js';
import { Attempts } from './attempts.repository.js';
import { lock } from './attempt-writes.repository.js';
import { aPaid } from './gateway.examples.js';
import { gatewayMetrics } from './gateway-metrics.js';
import { Refunds } from './refunds.repository.js';
import { lockRefund } from './refund-writes.repository.js';
import { migrationsOfGateway } from './start-gateway.js';
import { doDueWork } from './submit-attempt.js';
import { ToyProvider } from './toy-provider.examples.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
const metrics = gatewayMetrics(new Metrics('wechat-gateway'));
const ACCOUNT = 'toys';
/** Until then everything may have been done before. */
const UNTIL = new Date('2026-11-24T08:00:00.000Z');

describe('what is heard again of a time that the database has lost', () => {
  let database: FreshDatabase;
  let db: RawDatabase;
  let clock: FixedClock;
  let provider: ToyProvider;
  let attempts: Attempts;
  let refunds: Refunds;

  beforeAll(async () => {
    database = await freshDatabase('gateway', (config) =>
      migrate(config, migrationsOfGateway, { logger }),
    );
    db = RawDatabase.connect(database.config, { logger });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });
  beforeEach(async () => {
    await db.query('update attempts set due_action = null, due_at = null');
    clock = new FixedClock('2026-11-24T09:00:00.000Z');
    provider = new ToyProvider();
    attempts = attemptsThat({});
    refunds = refundsThat({});
  });

  const told = { onReport: () => undefined, onWork: () => undefined };
  const heardInLostTime = (at: Date) => at <= UNTIL;
  type Can = Readonly<{ asksByMoreThanNumbers?: boolean }>;
  const outbox = () => new Outbox({ service: 'wechat-gateway', clock });
  const attemptsThat = (can: Can) =>
    new Attempts(db, outbox(), clock, {
      ...told,
      ...can,
      closable: true,
      plan: USUAL_PLAN,
      heardInLostTime,
    });
  const refundsThat = (can: Can) =>
    new Refunds(db, outbox(), clock, {
      ...told,
      ...can,
      provider: 'wechat',
      plan: USUAL_PLAN,
      heardInLostTime,
    });
  const received = <E extends AttemptRequested | AttemptCloseRequested | RefundRequested>(
    event: E,
    appendedAt = UNTIL,
  ): Received<E> => ({
    event,
    eventId: anEventId(),
    source: 'routing',
    occurredAt: appendedAt,
    sequence: 1,
    appendedAt,
    topic: GATEWAY_WECHAT,
    partition: 0,
    offset: 0n,
  });
  /** Commanded an hour ago, and not to be sent any more. */
  const anOldAttempt = () =>
    anAttemptRequested({ notAfter: UNTIL, expiresAt: new Date('2026-11-24T10:00:00.000Z') });
  /** It may still be sent. */
  const aNewAttempt = () => {
    const notAfter = new Date('2026-11-24T09:30:00.000Z');
    return anAttemptRequested({ notAfter, expiresAt: new Date('2026-11-24T10:00:00.000Z') });
  };
  const doOne = async () => {
    const slots = new Map([[ACCOUNT, 1]]);
    const [leased] = await attempts.claim(slots, { owner: 'one', ms: 60_000 });
    if (leased === undefined) throw new Error('nothing is due');
    const asked = { adapter: provider, closing: provider, sealing: undefined, attempts };
    await doDueWork({ ...asked, clock, logger, metrics }, leased);
  };
  const aPaidAttempt = async (): Promise<AttemptRequested> => {
    const event = anOldAttempt();
    provider.decide(event.attemptId, { kind: 'succeeded', ...aPaid() });
    await attempts.store(received(event), ACCOUNT);
    await doOne();
    return event;
  };
  const stateOf = async ({ attemptId }: AttemptRequested) => (await lock(db, attemptId))?.state;

  it('is asked for, not ended for being late, and its money is heard of', async () => {
    const event = anOldAttempt();
    provider.decide(event.attemptId, { kind: 'succeeded', ...aPaid() });
    expect(await attempts.store(received(event), ACCOUNT, { isTooLate: true })).toBe('stored');
    await attempts.endOverdue();
    expect(await stateOf(event)).toEqual({ status: 'submitted' });

    await doOne();
    expect(await stateOf(event)).toMatchObject({ status: 'succeeded' });
    expect(provider.calls).toEqual([`query ${event.attemptId}`]);
  });

  it('is not closed unasked', async () => {
    const event = anOldAttempt();
    const { paymentId, attemptId } = event;
    await attempts.store(received(event), ACCOUNT);
    await attempts.requestClose(received(anAttemptCloseRequested({ paymentId, attemptId })));
    expect(await stateOf(event)).toEqual({ status: 'submitted' });
  });

  it('is sent once it is certain that it is not there, under the same number', async () => {
    const event = aNewAttempt();
    await attempts.store(received(event), ACCOUNT);
    await doOne();
    await doOne();
    expect(provider.calls).toEqual([`query ${event.attemptId}`, `submit ${event.attemptId}`]);
  });

  it('waits with a refund until it is known what the attempt took', async () => {
    const event = anOldAttempt();
    const { paymentId, attemptId } = event;
    provider.decide(attemptId, { kind: 'succeeded', ...aPaid() });
    await attempts.store(received(event), ACCOUNT);
    const refund = received(aRefundRequested({ paymentId, attemptId }));
    await expect(refunds.store(refund)).rejects.toThrow('still asked for');
    await doOne();
    expect(await refunds.store(refund)).toBe('stored');
  });

  it('waits with a refund for an order that this database has as unpaid', async () => {
    const event = aNewAttempt();
    const { paymentId, attemptId } = event;
    await attempts.store(received(event, clock.now()), ACCOUNT);
    await doOne();
    expect(await stateOf(event)).toMatchObject({ status: 'awaiting_payer' });
    const refund = aRefundRequested({ paymentId, attemptId });
    await expect(refunds.store(received(refund))).rejects.toThrow('still asked for');
    expect(await refunds.store(received(refund, clock.now()))).toBe('not_paid');
  });

  it('is left to people where a provider cannot be asked by number alone', async () => {
    const event = anOldAttempt();
    attempts = attemptsThat({ asksByMoreThanNumbers: true });
    expect(await attempts.store(received(event), ACCOUNT)).toBe('lost');
    expect(await stateOf(event)).toBeUndefined();
  });

  it('is no second refund where it may have been sent under a name that nobody knows', async () => {
    const event = await aPaidAttempt();
    refunds = refundsThat({ asksByMoreThanNumbers: true });
    const { paymentId, attemptId } = event;
    const refund = aRefundRequested({ paymentId, attemptId });
    expect(await refunds.store(received(refund))).toBe('lost');
    expect(await lockRefund(db, refund.refundId)).toBeUndefined();
    const later = aRefundRequested({ paymentId, attemptId });
    expect(await refunds.store(received(later, clock.now()))).toBe('stored');
  });
});
