import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate, RawDatabase } from '@hutong/database';
import {
  attemptId,
  GATEWAY_WECHAT,
  refundId,
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
import { aPaid, aPrepared } from './gateway.examples.js';
import { gatewayMetrics } from './gateway-metrics.js';
import {
  doubtMaybeSent,
  findMaybeSent,
  type AskedBy,
  type MaybeSent,
} from './maybe-sent.repository.js';
import { Refunds } from './refunds.repository.js';
import { lockRefund } from './refund-writes.repository.js';
import { migrationsOfGateway } from './start-gateway.js';
import { doDueWork } from './submit-attempt.js';
import { ToyProvider } from './toy-provider.examples.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
const metrics = gatewayMetrics(new Metrics('wechat-gateway'));
const ACCOUNT = 'toys';
const ROOM = new Map([[ACCOUNT, 1]]);
const LONG = { owner: 'one', ms: 60_000 };
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
    await db.query('truncate attempts, refunds cascade');
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
  const claimOne = async () => {
    const [leased] = await attempts.claim(ROOM, LONG);
    if (leased === undefined) throw new Error('nothing is due');
    return leased;
  };
  const doOne = async () => {
    const leased = await claimOne();
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

  describe('and stands unsent in what was restored', () => {
    const byNumber = { asksByMoreThanNumbers: false };
    const byMore = { asksByMoreThanNumbers: true };
    /** Where the database was put back to. */
    const THEN = '2026-11-24T07:30:00.000Z';
    const NOW = '2026-11-24T09:00:00.000Z';
    beforeEach(() => clock.set(THEN));

    const heardThen = async (event = anOldAttempt()): Promise<AttemptRequested> => {
      await new Attempts(db, outbox(), clock, { ...told, closable: true, plan: USUAL_PLAN }).store(
        received(event, clock.now()),
        ACCOUNT,
      );
      return event;
    };
    /** Its bytes are stored, and no answer is. */
    const sendingThen = async (): Promise<AttemptRequested> => {
      const event = await heardThen();
      const leased = await claimOne();
      expect(await attempts.begin(leased, aPrepared(leased.attempt))).toBe(true);
      return event;
    };
    const refundThen = async (): Promise<RefundRequested> => {
      const { paymentId, attemptId } = await aPaidAttempt();
      const refund = aRefundRequested({ paymentId, attemptId });
      expect(await refunds.store(received(refund, new Date(NOW)))).toBe('stored');
      return refund;
    };
    const rewound = async (asked: AskedBy) => {
      const found = await findMaybeSent(db, asked);
      expect(await doubtMaybeSent(db, asked)).toEqual(found);
      expect(await doubtMaybeSent(db, asked)).toEqual(found); // killed and run again
      clock.set(NOW);
      attempts = attemptsThat(asked);
      refunds = refundsThat(asked);
      return found;
    };
    /** Hours on, whatever its leases were, and whoever hints at it. */
    const nothingIsDone = async (left: MaybeSent) => {
      await db.query('update attempts set leased_until = null');
      await db.query('update refunds set leased_until = null');
      await db.transaction(async (tx) => {
        for (const id of left.attempts) await attempts.hint(tx, attemptId(id));
        for (const id of left.attempts) await attempts.askNow(tx, attemptId(id));
        for (const id of left.refunds) await refunds.hint(tx, refundId(id));
        for (const id of left.refunds) await refunds.askNow(tx, refundId(id));
      });
      await attempts.endOverdue();
      expect(await attempts.claim(ROOM, LONG)).toEqual([]);
      expect(await refunds.claim(ROOM, LONG)).toEqual([]);
    };

    it('is asked for, not ended for being late, and its money is heard of', async () => {
      const event = await heardThen();
      provider.decide(event.attemptId, { kind: 'succeeded', ...aPaid() });
      expect(await rewound(byNumber)).toEqual({ attempts: [event.attemptId], refunds: [] });
      await attempts.endOverdue();
      expect(await attempts.store(received(event), ACCOUNT)).toBe('duplicate');
      await doOne();
      expect(await stateOf(event)).toMatchObject({ status: 'succeeded' });
      expect(provider.calls).toEqual([`query ${event.attemptId}`]);
    });

    it('is sent once it is certain that it is not there', async () => {
      const event = await heardThen(aNewAttempt());
      await rewound(byNumber);
      await doOne();
      await doOne();
      expect(provider.calls).toEqual([`query ${event.attemptId}`, `submit ${event.attemptId}`]);
    });

    it('is given back under its own number where a refund has no other name', async () => {
      const { refundId } = await refundThen();
      expect(await rewound(byNumber)).toEqual({ attempts: [], refunds: [] });
      expect(await refunds.claim(ROOM, LONG)).toMatchObject([
        { due: 'refund', refund: { refundId } },
      ]);
    });

    it('is left to people where a provider cannot be asked by number alone', async () => {
      const [sending, unsent] = [await sendingThen(), await heardThen()];
      const ids = [sending.attemptId, unsent.attemptId].toSorted();
      const left = await rewound(byMore);
      expect(left).toEqual({ attempts: ids, refunds: [] });
      for (const event of [sending, unsent]) {
        const { paymentId, attemptId } = event;
        const close = anAttemptCloseRequested({ paymentId, attemptId });
        expect(await attempts.store(received(event), ACCOUNT)).toBe('lost');
        expect(await attempts.requestClose(received(close))).toBe('lost');
      }
      await nothingIsDone(left);
    });

    it('goes on as if it had never been sent once people have said so', async () => {
      const event = await heardThen();
      await rewound(byMore);
      await db.query(
        "update attempts set status = 'requested', due_action = 'submit', due_at = requested_at",
      );
      expect(await attempts.store(received(event), ACCOUNT)).toBe('duplicate');
      await attempts.endOverdue();
      expect(await stateOf(event)).toEqual({ status: 'failed', reason: 'not_submitted' });
    });

    it('is not given back again where its refund may have another name by now', async () => {
      const both = [await refundThen(), await refundThen()];
      const [leased] = await refunds.claim(ROOM, LONG);
      if (leased === undefined) throw new Error('no refund is due');
      const made = provider.prepareRefund(leased.refund, await refunds.orderOf(leased));
      if (!made.ok) throw new Error(made.refusal.code);
      expect(await refunds.begin(leased, made.value, 0)).toBe(true);
      const left = await rewound(byMore);
      const ids = both.map((refund) => refund.refundId).toSorted();
      expect(left).toEqual({ attempts: [], refunds: ids });
      for (const refund of both) expect(await refunds.store(received(refund))).toBe('lost');
      await nothingIsDone(left);
    });
  });
});
