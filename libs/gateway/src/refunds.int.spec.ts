import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate, RawDatabase } from '@hutong/database';
import {
  decodeEnvelope,
  GATEWAY_WECHAT,
  type AttemptRequested,
  type DomainEvent,
  type RefundRequested,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import { Outbox, type Received } from '@hutong/messaging';
import { createLogger, Metrics } from '@hutong/telemetry';
import {
  anAttemptRequested,
  anEventId,
  aProviderRef,
  aRefundRequested,
  eventually,
  FixedClock,
  freshDatabase,
  type FreshDatabase,
} from '@hutong/testing';
import { USUAL_PLAN } from './asking-plan.js';
import { Attempts } from './attempts.repository.js';
import { lock } from './attempt-writes.repository.js';
import { aPaid } from './gateway.examples.js';
import { gatewayMetrics } from './gateway-metrics.js';
import type { RefundState } from './refund-state.js';
import { Refunds, type LeasedRefund } from './refunds.repository.js';
import { lockRefund } from './refund-writes.repository.js';
import { doDueRefund } from './send-refund.js';
import { migrationsOfGateway } from './start-gateway.js';
import { doDueWork } from './submit-attempt.js';
import { ToyProvider } from './toy-provider.examples.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
const metrics = gatewayMetrics(new Metrics('wechat-gateway'));
const LONG = { owner: 'one', ms: 60_000 };
const GAP_MS = 60_000;

describe('the refunds of a gateway', () => {
  let database: FreshDatabase;
  let db: RawDatabase;
  let clock: FixedClock;
  let provider: ToyProvider;
  let attempts: Attempts;
  let refunds: Refunds;
  /** Rows of other specs in the same table are out of sight: each spec has an account of its own. */
  let account: string;
  let accounts = 0;

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
  beforeEach(() => {
    accounts += 1;
    account = `account_${accounts}`;
    clock = new FixedClock('2026-11-24T08:00:00.000Z');
    provider = new ToyProvider();
    const outbox = new Outbox({ service: 'wechat-gateway', clock });
    const told = { onReport: () => undefined, onWork: () => undefined };
    attempts = new Attempts(db, outbox, clock, { ...told, closable: true, plan: USUAL_PLAN });
    refunds = new Refunds(db, outbox, clock, { ...told, plan: USUAL_PLAN, provider: 'wechat' });
  });

  const received = <E extends AttemptRequested | RefundRequested>(
    event: E,
    eventId = anEventId(),
  ): Received<E> => ({
    event,
    eventId,
    source: 'routing',
    occurredAt: clock.now(),
    sequence: 1,
    appendedAt: clock.now(),
    topic: GATEWAY_WECHAT,
    partition: 0,
    offset: 0n,
  });
  const slots = new Map<string, number>();
  const room = () => slots.set(account, 10);

  /** An attempt whose ¥128.00 the provider took. */
  const paid = async (): Promise<AttemptRequested> => {
    const event = anAttemptRequested();
    await attempts.store(received(event), account);
    const [leased] = await attempts.claim(new Map([[account, 1]]), LONG);
    if (leased === undefined) throw new Error('nothing was claimed');
    const calls = { adapter: provider, closing: provider, sealing: undefined, attempts };
    await doDueWork({ ...calls, clock, logger, metrics }, leased);
    await db.transaction(async (tx) => {
      const saved = await lock(tx, event.attemptId);
      if (saved === undefined) throw new Error('no such attempt');
      await attempts.apply(tx, saved, { type: 'notified', paid: aPaid() });
    });
    return event;
  };
  const asked = async (
    { paymentId, attemptId }: AttemptRequested,
    said: Partial<RefundRequested> = {},
  ): Promise<RefundRequested> => {
    const event = aRefundRequested({ paymentId, attemptId, ...said });
    expect(await refunds.store(received(event))).toBe('stored');
    return event;
  };
  const claimOne = async (lease = LONG): Promise<LeasedRefund> => {
    const [leased] = await eventually(
      async () => {
        const taken = await refunds.claim(new Map([[account, 1]]), lease);
        return taken.length > 0 && taken;
      },
      { what: 'a due refund' },
    );
    if (leased === undefined) throw new Error('nothing was claimed');
    return leased;
  };
  const doOne = async (): Promise<LeasedRefund> => {
    const leased = await claimOne();
    await doIt(leased);
    return leased;
  };
  const doIt = (leased: LeasedRefund) => {
    const registry = { named: () => ({ ...TOYS, account, refundGapMs: GAP_MS }) };
    const calls = { refunding: provider, refunds, accounts: registry };
    return doDueRefund({ ...calls, clock, logger, metrics }, leased);
  };
  const nothingDue = async () => expect(await refunds.claim(room(), LONG)).toEqual([]);
  const stateOf = async ({ refundId }: RefundRequested): Promise<RefundState> => {
    const saved = await lockRefund(db, refundId);
    if (saved === undefined) throw new Error('no such refund');
    return saved.state;
  };
  const told = async ({ refundId, paymentId }: RefundRequested) => {
    const rows = await db.query<{ value: Uint8Array }>(
      'select value from outbox where key = $1 order by id',
      [paymentId],
    );
    return rows
      .map(({ value }): DomainEvent => {
        const decoded = decodeEnvelope(new TextDecoder().decode(value));
        if (!decoded.ok) throw new Error(decoded.refusal.detail);
        return decoded.value.event;
      })
      .filter((event) => 'refundId' in event && event.refundId === refundId);
  };
  const sendings = ({ refundId }: RefundRequested) => provider.received.get(refundId) ?? [];

  it('are stored once, and only of money that was taken', async () => {
    const attempt = await paid();
    const refund = await asked(attempt);
    expect(await refunds.store(received(refund))).toBe('duplicate');
    const other = { ...refund, amount: money(1n, 'CNY') };
    expect(await refunds.store(received(other))).toBe('reused');
    expect(await refunds.store(received(aRefundRequested()))).toBe('not_paid');
    const foreign = aRefundRequested({ attemptId: attempt.attemptId });
    expect(await refunds.store(received(foreign))).toBe('not_paid');
  });

  it('go back under their own number, and are asked for until the provider is done', async () => {
    const refund = await asked(await paid());
    await doOne();
    expect(sendings(refund)).toEqual([expect.stringMatching(/^\w{26} 12800 of 12800 /)]);
    provider.giveBack(refund.refundId);
    clock.advance(30_000);
    expect((await doOne()).due).toBe('query');
    expect(await told(refund)).toMatchObject([
      { type: 'refund.pending' },
      {
        type: 'refund.succeeded',
        refundId: refund.refundId,
        attemptId: refund.attemptId,
        amount: refund.amount,
      },
    ]);
    clock.advance(86_400_000);
    await nothingDue();
  });

  it('that are refused at once are told so', async () => {
    const refund = await asked(await paid());
    provider.decideRefund(refund.refundId, { kind: 'failed', reason: 'merchant_account' });
    await doOne();
    expect(await told(refund)).toMatchObject([
      { type: 'refund.failed', reason: 'merchant_account' },
    ]);
    const unspeakable = await asked(await paid(), { amount: money(1n, 'USD') });
    await doOne();
    expect(await told(unspeakable)).toMatchObject([{ type: 'refund.failed', reason: 'rejected' }]);
    expect(sendings(unspeakable)).toEqual([]);
  });

  it('are not known after a lost answer: asked for, and never sent under a new number', async () => {
    const refund = await asked(await paid());
    provider.decideRefund(refund.refundId, { kind: 'unknown', cause: 'timeout' });
    await doOne();
    expect(await stateOf(refund)).toEqual({ status: 'unknown', cause: 'timeout' });
    provider.giveBack(refund.refundId);
    clock.advance(1_000);
    expect((await doOne()).due).toBe('query');
    expect(sendings(refund)).toHaveLength(1);
    expect((await told(refund)).map(({ type }) => type)).toEqual([
      'refund.pending',
      'refund.succeeded',
    ]);
  });

  it.each<Readonly<{ crash: string; arrived: boolean }>>([
    { crash: 'before it was sent', arrived: false },
    { crash: 'before its answer was kept', arrived: true },
  ])('are asked for after a crash $crash, then sent the same if they must', async ({ arrived }) => {
    const refund = await asked(await paid());
    const dying = await claimOne({ owner: 'dying', ms: 1 });
    const prepared = provider.prepareRefund(dying.refund, await refunds.orderOf(dying));
    if (!prepared.ok) throw new Error('not prepared');
    expect(await refunds.begin(dying, prepared.value, GAP_MS)).toBe(true);
    if (arrived) await provider.refund(prepared.value);

    expect((await doOne()).due).toBe('query');
    expect((await stateOf(refund)).status).toBe(arrived ? 'pending' : 'unknown');
    if (!arrived) expect((await doOne()).due).toBe('refund');
    const body = new TextDecoder().decode(prepared.value.body);
    expect(sendings(refund)).toEqual([body]);
    expect((await told(refund)).map(({ type }) => type)).toEqual(['refund.pending']);
    expect(await refunds.record(dying, { type: 'refund_answered', report: FAILED })).toBe(false);
  });

  it('believe no refusal while an earlier sending may still arrive', async () => {
    const refund = await asked(await paid());
    provider.decideRefund(refund.refundId, { kind: 'unknown', cause: 'timeout' });
    await doOne();
    const again = await claimOneAfter(1_000);
    await refunds.record(again, { type: 'query_answered', report: { kind: 'not_found' } });
    provider.decideRefund(refund.refundId, FAILED);
    await doOne();
    expect((await stateOf(refund)).status).toBe('unknown');
    const later = await claimOneAfter(5 * 60_000);
    await refunds.record(later, { type: 'query_answered', report: { kind: 'not_found' } });
    await doOne();
    expect(await stateOf(refund)).toEqual({ status: 'failed', reason: FAILED.reason });
    expect(new Set(sendings(refund)).size).toBe(1);
  });

  async function claimOneAfter(ms: number): Promise<LeasedRefund> {
    clock.advance(ms);
    return claimOne();
  }

  it('of one attempt go one after another, with the account’s gap between them', async () => {
    const attempt = await paid();
    const first = await asked(attempt, { amount: money(100n, 'CNY') });
    clock.advance(1);
    const second = await asked(attempt, { amount: money(200n, 'CNY') });
    const both = await refunds.claim(room(), LONG);
    expect(both.map(({ refund }) => refund.refundId)).toHaveLength(2);
    await Promise.all(both.map(doIt)); // two workers at the same moment
    expect(sendings(first).length + sendings(second).length).toBe(1);
    await nothingDue();
    clock.advance(GAP_MS - 1_000);
    await Promise.all((await refunds.claim(room(), LONG)).map(doIt));
    expect(sendings(first).length + sendings(second).length).toBe(1);
    clock.advance(1_000);
    await doOne();
    expect([sendings(first).length, sendings(second).length]).toEqual([1, 1]);
  });

  it('wait while another one of the attempt is in doubt, and for no other attempt', async () => {
    const attempt = await paid();
    const first = await asked(attempt, { amount: money(100n, 'CNY') });
    provider.decideRefund(first.refundId, { kind: 'unknown', cause: 'timeout' });
    await doOne();
    const second = await asked(attempt, { amount: money(200n, 'CNY') });
    const elsewhere = await asked(await paid());
    await Promise.all((await refunds.claim(room(), LONG)).map(doIt));
    expect([sendings(second).length, sendings(elsewhere).length]).toEqual([0, 1]);
    clock.advance(GAP_MS);
    await Promise.all((await refunds.claim(room(), LONG)).map(doIt));
    expect(sendings(second)).toEqual([]);
    provider.giveBack(first.refundId);
    clock.advance(GAP_MS);
    await Promise.all((await refunds.claim(room(), LONG)).map(doIt));
    await eventually(
      async () => {
        clock.advance(1_000);
        await Promise.all((await refunds.claim(room(), LONG)).map(doIt));
        return sendings(second).length === 1;
      },
      { what: 'a refund whose turn it is' },
    );
  });

  it('know those of their attempt that failed, and no others: another way may be left', async () => {
    const attempt = await paid();
    const refused = await asked(attempt, { amount: money(100n, 'CNY') });
    provider.decideRefund(refused.refundId, FAILED);
    await doOne();
    clock.advance(GAP_MS);
    await asked(attempt, { amount: money(200n, 'CNY') });
    await doOne(); // pending is no failure
    const elsewhere = await asked(await paid());
    provider.decideRefund(elsewhere.refundId, FAILED);
    await doOne();
    await asked(attempt, { amount: money(300n, 'CNY') });
    const { failed } = await refunds.orderOf(await claimOne());
    expect(failed).toEqual([{ merchant: 'toys' }]);
  });

  it('that nothing was sent of are sent as if for the first time', async () => {
    const refund = await asked(await paid());
    provider.decideRefund(refund.refundId, { kind: 'not_sent', cause: 'refused' });
    await doOne();
    expect((await stateOf(refund)).status).toBe('requested');
    provider.decideRefund(refund.refundId, FAILED);
    clock.advance(2_000);
    await doOne();
    expect(await told(refund)).toMatchObject([{ type: 'refund.failed', reason: FAILED.reason }]);
  });

  it('hinted at while they are asked for are asked for once more, and keep the first answer', async () => {
    const refund = await asked(await paid());
    await doOne();
    const hint = () => db.transaction((tx) => refunds.hint(tx, refund.refundId));
    await hint();
    await hint();
    const asking = await claimOne();
    provider.giveBack(refund.refundId);
    await hint();
    await nothingDue();
    await doIt(asking);
    expect((await stateOf(refund)).status).toBe('succeeded');
    await doOne();
    await nothingDue();
  });

  it('that are not there behind an outage have failed only once that was said at every step', async () => {
    const refund = await asked(await paid());
    provider.decideRefund(refund.refundId, { kind: 'unknown', cause: 'timeout' });
    await doOne();
    clock.advance(3_600_000);
    const own = new Map([[account, 1]]);
    const nothingOfIt = async () => expect(await refunds.claim(own, LONG)).toEqual([]);
    const report = { kind: 'missing', cause: 'code_34' } as const;
    for (const seconds of [1, 2, 4, 8, 16, 32]) {
      await refunds.record(await claimOne(), { type: 'query_answered', report });
      expect((await stateOf(refund)).status).toBe('unknown');
      await nothingOfIt();
      clock.advance(seconds * 1_000);
    }
    await refunds.record(await claimOne(), { type: 'query_answered', report });
    expect(await stateOf(refund)).toEqual({ status: 'failed', reason: 'not_submitted' });
    await nothingOfIt();
  });

  it('that go on only by hand are pending, and kept for people once', async () => {
    const refund = await asked(await paid());
    provider.decideRefund(refund.refundId, { kind: 'pending', stuck: 'refund_abnormal' });
    await doOne();
    clock.advance(30_000);
    await doOne();
    expect((await told(refund)).map(({ type }) => type)).toEqual(['refund.pending']);
    const kept = await db.query('select reason, told from quarantine where source_id = $1', [
      refund.refundId,
    ]);
    expect(kept).toMatchObject([
      { reason: 'refund_abnormal', told: { refundId: refund.refundId, minor: '12800' } },
    ]);
  });

  it('that went with a defect went back, and are kept for people once', async () => {
    const refund = await asked(await paid());
    const report = {
      kind: 'succeeded',
      providerRef: aProviderRef(),
      amount: refund.amount,
      refundedAt: clock.now(),
      defect: 'code_a6',
    } as const;
    provider.decideRefund(refund.refundId, report);
    await doOne();
    expect((await stateOf(refund)).status).toBe('succeeded');
    const kept = await db.query('select reason from quarantine where source_id = $1', [
      refund.refundId,
    ]);
    expect(kept).toEqual([{ reason: 'code_a6' }]);
  });

  it('are told as money that went back, also after the provider had refused them', async () => {
    const refund = await asked(await paid());
    provider.decideRefund(refund.refundId, FAILED);
    await doOne();
    const report = {
      kind: 'succeeded',
      providerRef: aProviderRef(),
      amount: refund.amount,
      refundedAt: clock.now(),
    } as const;
    await db.transaction(async (tx) => {
      const saved = await lockRefund(tx, refund.refundId);
      if (saved === undefined) throw new Error('no such refund');
      await refunds.apply(tx, saved, { type: 'notified', report });
    });
    expect((await told(refund)).map(({ type }) => type)).toEqual([
      'refund.failed',
      'refund.succeeded',
    ]);
  });
});

const FAILED = { kind: 'failed', reason: 'limit' } as const;
const TOYS = {
  platform: anAttemptRequested().platform,
  merchants: [],
  requestsPerSecond: 1,
  concurrency: 1,
};
