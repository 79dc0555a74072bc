import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate, RawDatabase } from '@hutong/database';
import {
  decodeEnvelope,
  GATEWAY_WECHAT,
  type AttemptCloseRequested,
  type AttemptRequested,
  type DomainEvent,
} from '@hutong/domain-events';
import { money } from '@hutong/money';
import { Outbox, type Received } from '@hutong/messaging';
import { createLogger, Metrics } from '@hutong/telemetry';
import {
  anAttemptCloseRequested,
  anAttemptRequested,
  anEventId,
  eventually,
  FixedClock,
  freshDatabase,
  type FreshDatabase,
} from '@hutong/testing';
import { USUAL_PLAN } from './asking-plan.js';
import { Attempts, type Leased } from './attempts.repository.js';
import { lock } from './attempt-writes.repository.js';
import { aPaid } from './gateway.examples.js';
import { gatewayMetrics } from './gateway-metrics.js';
import { migrationsOfGateway } from './start-gateway.js';
import { SealingKeys, seal, sealingKeyFrom } from './sealed-fields.js';
import { doDueWork } from './submit-attempt.js';
import { ToyProvider } from './toy-provider.examples.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });
const metrics = gatewayMetrics(new Metrics('wechat-gateway'));
const START = '2026-11-24T08:00:00.000Z';
const LONG = { owner: 'one', ms: 60_000 };

describe('the attempts of a gateway', () => {
  let database: FreshDatabase;
  let db: RawDatabase;
  let clock: FixedClock;
  let provider: ToyProvider;
  let attempts: Attempts;
  let work: number;
  let sealing: SealingKeys | undefined;
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
    work = 0;
    sealing = undefined;
    clock = new FixedClock(START);
    provider = new ToyProvider();
    const outbox = new Outbox({ service: 'wechat-gateway', clock });
    attempts = new Attempts(db, outbox, clock, {
      onReport: () => undefined,
      onWork: () => (work += 1),
      closable: true,
      plan: USUAL_PLAN,
    });
  });

  const received = <E extends AttemptRequested | AttemptCloseRequested>(
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
  const stored = async (said: Partial<AttemptRequested> = {}): Promise<AttemptRequested> => {
    const event = anAttemptRequested(said);
    expect(await attempts.store(received(event), account)).toBe('stored');
    return event;
  };
  const claim = (slots = 10, lease = LONG) => attempts.claim(new Map([[account, slots]]), lease);
  const claimOne = async (lease = LONG): Promise<Leased> => {
    const [leased] = await eventually(
      async () => {
        const taken = await claim(1, lease);
        return taken.length > 0 && taken;
      },
      { what: 'a due attempt' },
    );
    if (leased === undefined) throw new Error('nothing was claimed');
    return leased;
  };
  const doOne = async (lease = LONG): Promise<Leased> => {
    const leased = await claimOne(lease);
    await doDueWork(calls(), leased);
    return leased;
  };
  const calls = () => {
    const asked = { adapter: provider, closing: provider, sealing, attempts };
    return { ...asked, clock, logger, metrics };
  };
  const saved = async ({ attemptId }: Pick<AttemptRequested, 'attemptId'>) => {
    const found = await lock(db, attemptId);
    if (found === undefined) throw new Error('no such attempt');
    return found;
  };
  const told = async ({ paymentId }: Pick<AttemptRequested, 'paymentId'>) => {
    const rows = await db.query<{ value: Uint8Array }>(
      'select value from outbox where key = $1 order by id',
      [paymentId],
    );
    return rows.map(({ value }): DomainEvent => {
      const decoded = decodeEnvelope(new TextDecoder().decode(value));
      if (!decoded.ok) throw new Error(decoded.refusal.detail);
      return decoded.value.event;
    });
  };
  const typesTold = async (about: Pick<AttemptRequested, 'paymentId'>) =>
    (await told(about)).map(({ type }) => type);

  describe('storing', () => {
    it('makes one row of a command, however often it is delivered', async () => {
      const event = anAttemptRequested();
      const eventId = anEventId();
      const all = await Promise.allSettled(
        Array.from({ length: 4 }, () => attempts.store(received(event, eventId), account)),
      );
      const again = await attempts.store(received(event, eventId), account);
      const redriven = await attempts.store(received(event), account);
      const answers = all.map((one) => (one.status === 'fulfilled' ? one.value : 'thrown'));
      expect(answers.filter((answer) => answer === 'stored')).toHaveLength(1);
      expect([again, redriven]).toEqual(['duplicate', 'duplicate']);
      expect(await claim()).toHaveLength(1);
    });

    it('refuses an id that another intent has', async () => {
      const event = await stored();
      const other = { ...event, amount: money(1n, 'CNY') };
      expect(await attempts.store(received(other), account)).toBe('reused');
    });

    it('answers for money that no account takes: nothing was sent, so it is certain', async () => {
      const event = anAttemptRequested();
      expect(await attempts.store(received(event), undefined)).toBe('stored');
      expect(await told(event)).toMatchObject([
        { type: 'attempt.failed', reason: 'misconfigured', attemptId: event.attemptId },
      ]);
    });

    it('ends at once what came when it could not be sent any more', async () => {
      const event = anAttemptRequested({ notAfter: clock.now() });
      expect(await attempts.store(received(event), account)).toBe('stored');
      expect(await told(event)).toMatchObject([
        { type: 'attempt.failed', reason: 'not_submitted', attemptId: event.attemptId },
      ]);
      expect(await attempts.waiting(account, 1)).toBe(0);
      expect(await claim()).toEqual([]);
      expect(await attempts.store(received(event), account)).toBe('duplicate');
    });

    it('counts what waits to be sent, no further than it must', async () => {
      await stored();
      await stored();
      expect(await attempts.waiting(account, 1_000)).toBe(2);
      expect(await attempts.waiting(account, 1)).toBe(1);
      await doOne();
      expect(await attempts.waiting(account, 1_000)).toBe(1);
      expect(work).toBe(2);
    });
  });

  describe('what is overdue', () => {
    const within = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000);

    it('ends in bulk, more than fit into one transaction, and nothing that is not', async () => {
      const late = await Promise.all(
        Array.from({ length: 101 }, () => stored({ notAfter: within(5) })),
      );
      const inTime = await stored({ notAfter: within(6) });
      clock.advance(5_000);
      await attempts.endOverdue();
      const taken = await claim(200);
      expect(taken.map(({ attempt }) => attempt.attemptId)).toEqual([inTime.attemptId]);
      const ends = await Promise.all(late.map(told));
      expect(ends).toEqual(
        late.map(() => [
          expect.objectContaining({ type: 'attempt.failed', reason: 'not_submitted' }),
        ]),
      );
    });

    it('is left alone while somebody is about to send it, and where it may have been sent', async () => {
      const doubtful = await stored({ notAfter: within(5) });
      provider.fail(doubtful.attemptId, new Error('torn'));
      await doOne();
      const held = await stored({ notAfter: within(5) });
      await claimOne();
      clock.advance(5_000);
      await attempts.endOverdue();
      expect((await saved(doubtful)).state.status).toBe('unknown');
      expect((await saved(held)).state.status).toBe('requested');
    });
  });

  describe('a lease', () => {
    it('gives each attempt to one of two workers', async () => {
      const events = await Promise.all(Array.from({ length: 12 }, () => stored()));
      const both = await Promise.all([
        claim(12, { owner: 'one', ms: 60_000 }),
        claim(12, { owner: 'two', ms: 60_000 }),
      ]);
      const taken = both.flat().map(({ attempt }) => attempt.attemptId);
      expect(taken.toSorted()).toEqual(events.map(({ attemptId }) => attemptId).toSorted());
      expect(await claim()).toEqual([]);
    });

    it('takes no more than there is room for, and questions before sendings', async () => {
      const open = await stored();
      await doOne();
      clock.advance(60_000);
      await stored();
      await stored();
      const [first, ...more] = await claim(2);
      expect(more).toHaveLength(1);
      expect([first?.attempt.attemptId, first?.due]).toEqual([open.attemptId, 'query']);
    });

    it('ends by the clock of the database, whatever a gateway takes the time for', async () => {
      await stored();
      await claimOne({ owner: 'one', ms: 60_000 });
      clock.advance(3_600_000);
      expect(await claim()).toEqual([]);
    });

    it('that was lost lets its owner neither send nor tell', async () => {
      const event = await stored();
      const zombie = await claimOne({ owner: 'zombie', ms: 1 });
      const heir = await claimOne();
      expect(heir.fence).toBeGreaterThan(zombie.fence);
      const prepared = provider.prepare(zombie.attempt, clock.now(), {});
      if (!prepared.ok) throw new Error('not prepared');
      expect(await attempts.begin(zombie, prepared.value)).toBe(false);
      const refused = {
        type: 'submit_answered',
        report: { kind: 'failed', reason: 'limit' },
      } as const;
      expect(await attempts.record(zombie, refused)).toBe(false);
      expect((await saved(event)).state.status).toBe('requested');

      await doDueWork(calls(), heir);
      expect(await attempts.record(zombie, refused)).toBe(false);
      expect(await typesTold(event)).toEqual(['attempt.awaiting_payer']);
    });

    it('is broken by what makes an answer under way too old', async () => {
      const event = await stored();
      await doOne();
      clock.advance(5_000);
      const asking = await claimOne();
      await db.transaction((tx) => attempts.askNow(tx, event.attemptId));
      const late = {
        type: 'query_answered',
        report: { kind: 'closed', reason: 'expired' },
      } as const;
      expect(await attempts.record(asking, late)).toBe(false);
      expect((await claimOne()).due).toBe('query');
    });
  });

  describe('a hint of the provider', () => {
    const hint = ({ attemptId }: AttemptRequested) =>
      db.transaction((tx) => attempts.hint(tx, attemptId));
    const unpaid = { type: 'query_answered', report: { kind: 'awaiting_payer' } } as const;

    it('makes a question due, and no other while that is', async () => {
      const event = await stored();
      await doOne();
      expect(await claim()).toEqual([]);
      await hint(event);
      await hint(event);
      const asking = await claimOne();
      expect(asking.due).toBe('query');
      expect(await attempts.record(asking, unpaid)).toBe(true);
      expect(await claim()).toEqual([]);
    });

    it('leaves the answer that is on its way what it is, however often it comes', async () => {
      const event = await stored();
      await doOne();
      clock.advance(5_000);
      const asking = await claimOne();
      await hint(event);
      await hint(event);
      await hint(event);
      expect(await claim()).toEqual([]);
      const report = { kind: 'succeeded', ...aPaid() } as const;
      expect(await attempts.record(asking, { type: 'query_answered', report })).toBe(true);
      expect((await saved(event)).state.status).toBe('succeeded');

      // It may have been older than what was hinted at: asked for once more, and once only.
      const again = await claimOne();
      expect(again.due).toBe('query');
      expect(await attempts.record(again, { type: 'query_answered', report })).toBe(true);
      expect(await claim()).toEqual([]);
    });

    it('asks nothing of what was never sent', async () => {
      const event = await stored();
      await hint(event);
      const sending = await claimOne();
      expect(sending.due).toBe('submit');
      await hint(event);
      expect(await attempts.record(sending, { type: 'too_late' })).toBe(true);
      expect(await claim()).toEqual([]);
    });
  });

  describe('sending', () => {
    it.each<Readonly<{ crash: string; arrived: boolean }>>([
      { crash: 'before it was sent', arrived: false },
      { crash: 'before its answer was kept', arrived: true },
    ])('asks after a crash $crash, then sends the same bytes again', async ({ arrived }) => {
      const event = await stored();
      const dying = await claimOne({ owner: 'dying', ms: 1 });
      const prepared = provider.prepare(dying.attempt, clock.now(), {});
      if (!prepared.ok) throw new Error('not prepared');
      expect(await attempts.begin(dying, prepared.value)).toBe(true);
      if (arrived) await provider.submit(prepared.value);

      const asked = await doOne();
      expect([asked.due, provider.asked]).toEqual(['query', [`query ${event.attemptId}`]]);
      const again = await doOne();
      expect(again.due).toBe('submit');
      const body = new TextDecoder().decode(prepared.value.body);
      expect(provider.received.get(event.attemptId)).toEqual(arrived ? [body, body] : [body]);
      expect(await typesTold(event)).toEqual(['attempt.unknown', 'attempt.awaiting_payer']);
    });

    it('repeats the same bytes while the answer is unknown, and believes no refusal then', async () => {
      const event = await stored();
      provider.decide(event.attemptId, { kind: 'unknown', cause: 'timeout' });
      await doOne();
      provider.decide(event.attemptId, { kind: 'not_found' });
      clock.advance(1_000);
      await doOne();
      provider.decide(event.attemptId, { kind: 'failed', reason: 'limit' });
      await doOne();
      const bodies = provider.received.get(event.attemptId) ?? [];
      expect(bodies).toHaveLength(2);
      expect(new Set(bodies).size).toBe(1);
      expect((await saved(event)).state).toEqual({ status: 'unknown', cause: 'timeout' });
      expect(await typesTold(event)).toEqual(['attempt.unknown']);
    });

    it('never happens after notAfter', async () => {
      const event = await stored({ notAfter: new Date('2026-11-24T08:00:30.000Z') });
      clock.advance(30_000);
      await doOne();
      expect(provider.received.size).toBe(0);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.failed', reason: 'not_submitted' },
      ]);
      clock.advance(3_600_000);
      expect(await claim()).toEqual([]);
    });

    /** The next one is sent, and nothing of it arrives. @returns what was sent. */
    async function sentInVain() {
      const first = await claimOne();
      const prepared = provider.prepare(first.attempt, clock.now(), {});
      if (!prepared.ok) throw new Error('not prepared');
      await attempts.begin(first, prepared.value);
      const unsent = { kind: 'not_sent', cause: 'refused' } as const;
      await attempts.record(first, { type: 'submit_answered', report: unsent });
      return prepared.value;
    }

    it('that never got there fails as the provider’s, once it is too late', async () => {
      const event = await stored({ notAfter: new Date('2026-11-24T08:00:30.000Z') });
      await sentInVain();
      expect((await saved(event)).state).toEqual({ status: 'requested', unreached: 'refused' });
      clock.advance(30_000);
      await attempts.endOverdue();
      expect(await told(event)).toMatchObject([
        { type: 'attempt.failed', reason: 'provider_down' },
      ]);
    });

    it('happens a last time in doubt before notAfter, and after it the order is only asked for', async () => {
      const event = await stored({ notAfter: new Date('2026-11-24T08:00:30.000Z') });
      provider.decide(event.attemptId, { kind: 'unknown', cause: 'timeout' });
      await doOne();
      provider.decide(event.attemptId, { kind: 'not_found' });
      clock.advance(30_000);
      await doOne();
      expect((await saved(event)).state.status).toBe('unknown');
      expect(await claim()).toEqual([]);
      clock.advance(16 * 60_000);
      await doOne();
      expect(await told(event)).toMatchObject([
        { type: 'attempt.unknown' },
        { type: 'attempt.closed', reason: 'expired' },
      ]);
      expect(provider.received.get(event.attemptId)).toHaveLength(1);
    });

    it('is told as certain where it was refused, or cannot be put into words', async () => {
      const refused = await stored();
      provider.decide(refused.attemptId, { kind: 'failed', reason: 'limit' });
      await doOne();
      const unspeakable = await stored({ amount: money(100n, 'USD') });
      await doOne();
      expect(await told(refused)).toMatchObject([{ type: 'attempt.failed', reason: 'limit' }]);
      expect(await told(unspeakable)).toMatchObject([
        { type: 'attempt.failed', reason: 'rejected' },
      ]);
      expect(provider.received.has(unspeakable.attemptId)).toBe(false);
    });

    it('is prepared anew if nothing arrived: it lives from when it is sent', async () => {
      const event = await stored();
      const prepared = await sentInVain();
      expect((await saved(event)).prepared).toBeUndefined();
      expect(await claim()).toEqual([]);
      clock.advance(2_000);
      await doOne();
      const body = new TextDecoder().decode(prepared.body);
      expect(provider.received.get(event.attemptId)).not.toEqual([body]);
      expect(await typesTold(event)).toEqual(['attempt.awaiting_payer']);
    });

    it('opens what was sealed for the provider, and forgets all of it once it has answered', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'hutong-sealing-'));
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      await writeFile(join(folder, '7.pem'), pem);
      sealing = await SealingKeys.open('wechat', folder);
      const payer = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' };
      const sealedPayer = await seal(payer, sealingKeyFrom('wechat', 7, pem));
      const event = await stored({ sealedPayer });
      provider.decide(event.attemptId, { kind: 'unknown', cause: 'timeout' });
      await doOne();
      expect(provider.payers.get(event.attemptId)).toEqual(payer);
      expect((await saved(event)).attempt.sealedPayer).toBeUndefined();
      expect((await saved(event)).prepared?.body.byteLength).toBeGreaterThan(0);

      // Sending again takes the same bytes, which need no key; once shown, they are not needed either.
      await rm(folder, { recursive: true });
      provider.decide(event.attemptId, { kind: 'not_found' });
      clock.advance(1_000);
      await doOne();
      await doOne();
      expect((await saved(event)).state.status).toBe('awaiting_payer');
      expect((await saved(event)).prepared?.body.byteLength).toBe(0);
    });

    it('does not happen without what was sealed for the provider', async () => {
      const event = await stored({ sealedPayer: 'a.b.c.d.e' });
      await doOne();
      expect(await told(event)).toMatchObject([
        { type: 'attempt.failed', reason: 'misconfigured' },
      ]);
      expect(provider.received.has(event.attemptId)).toBe(false);
    });
  });

  describe('closing', () => {
    const end = (event: AttemptRequested, said: Partial<AttemptCloseRequested> = {}) =>
      attempts.requestClose(
        received(
          anAttemptCloseRequested({
            paymentId: event.paymentId,
            attemptId: event.attemptId,
            reason: 'other_attempt_won',
            ...said,
          }),
        ),
      );
    const open = async () => {
      const event = await stored();
      await doOne();
      return event;
    };

    it('ends at once what was never sent, without a word to the provider', async () => {
      const event = await stored();
      expect(await end(event)).toBe('kept');
      expect(await claim()).toEqual([]);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.closed', reason: 'other_attempt_won' },
      ]);
      expect([provider.received.size, provider.asked]).toEqual([0, []]);
    });

    it('ends what was about to be sent, whose sender finds that it must not be', async () => {
      const event = await stored();
      const sender = await claimOne();
      await end(event);
      await doDueWork(calls(), sender);
      expect(provider.received.has(event.attemptId)).toBe(false);
      expect(await typesTold(event)).toEqual(['attempt.closed']);
    });

    it('asks first, closes what is unpaid, and tells why we did', async () => {
      const event = await open();
      await end(event);
      expect([(await doOne()).due, (await doOne()).due]).toEqual(['query', 'close']);
      expect(provider.asked).toEqual([`query ${event.attemptId}`, `close ${event.attemptId}`]);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.closed', reason: 'other_attempt_won' },
      ]);
      clock.advance(3_600_000);
      expect(await claim()).toEqual([]);
    });

    it('finds what was paid before, and closes nothing then', async () => {
      const event = await open();
      provider.pay(event.attemptId);
      await end(event);
      await doOne();
      expect(provider.asked).toEqual([`query ${event.attemptId}`]);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.succeeded', late: false },
      ]);
    });

    it('finds what was paid in the very moment of closing', async () => {
      const event = await open();
      await end(event);
      await doOne();
      provider.pay(event.attemptId);
      await doOne();
      clock.advance(1_000);
      await doOne();
      expect(await typesTold(event)).toEqual(['attempt.awaiting_payer', 'attempt.succeeded']);
      expect(await claim()).toEqual([]);
    });

    it('asks after a lost answer, and knows then that it was closed by us', async () => {
      const event = await open();
      await end(event);
      await doOne();
      provider.decideClose(event.attemptId, { kind: 'unknown', cause: 'timeout' });
      await doOne();
      provider.decide(event.attemptId, { kind: 'closed', reason: 'expired' });
      clock.advance(1_000);
      expect((await doOne()).due).toBe('query');
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.closed', reason: 'other_attempt_won' },
      ]);
    });

    it('asks after a crash in the call, and knows the same', async () => {
      const event = await open();
      await end(event);
      await doOne();
      const dying = await claimOne({ owner: 'dying', ms: 1 });
      expect(await attempts.beginClose(dying)).toBe('other_attempt_won');
      provider.decide(event.attemptId, { kind: 'closed', reason: 'expired' });
      expect((await doOne()).due).toBe('query');
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.closed', reason: 'other_attempt_won' },
      ]);
    });

    it('does not send again what is in doubt, and waits until it cannot arrive any more', async () => {
      const event = await stored();
      provider.decide(event.attemptId, { kind: 'unknown', cause: 'timeout' });
      await doOne();
      await end(event);
      provider.decide(event.attemptId, { kind: 'not_found' });
      await doOne();
      expect((await saved(event)).state.status).toBe('unknown');
      clock.advance(5 * 60_000);
      await doOne();
      expect(provider.received.get(event.attemptId)).toHaveLength(1);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.unknown' },
        { type: 'attempt.closed', reason: 'other_attempt_won' },
      ]);
    });

    it('is closed by no answer to a question from before it was certain', async () => {
      const event = await stored();
      await doOne();
      await end(event);
      clock.advance(event.expiresAt.getTime() - clock.now().getTime() + 59_000);
      const slow = Object.assign(new ToyProvider(), {
        query: async () => {
          clock.advance(2_000);
          return { kind: 'not_found' } as const;
        },
      });
      await doDueWork({ ...calls(), adapter: slow }, await claimOne());
      expect((await saved(event)).state.status).toBe('awaiting_payer');
      clock.advance(600_000);
      await doDueWork({ ...calls(), adapter: slow }, await claimOne());
      expect((await saved(event)).state.status).toBe('closed');
    });

    it('ends a sending that turns out not to have left', async () => {
      const event = await stored();
      const sender = await claimOne();
      const prepared = provider.prepare(sender.attempt, clock.now(), {});
      if (!prepared.ok) throw new Error('not prepared');
      await attempts.begin(sender, prepared.value);
      await end(event);
      expect(await typesTold(event)).toEqual([]);
      const unsent = { kind: 'not_sent', cause: 'refused' } as const;
      await attempts.record(sender, { type: 'submit_answered', report: unsent });
      expect(await told(event)).toMatchObject([
        { type: 'attempt.closed', reason: 'other_attempt_won' },
      ]);
      expect(await claim()).toEqual([]);
    });

    it('happens at the payment’s deadline without being asked for', async () => {
      const event = await open();
      clock.advance(15 * 60_000 - 1_000);
      await doOne();
      expect(await claim()).toEqual([]);
      clock.advance(1_000);
      expect([(await doOne()).due, (await doOne()).due]).toEqual(['query', 'close']);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.closed', reason: 'expired' },
      ]);
    });

    it('is announced as money all the same, if the provider took some after it', async () => {
      const event = await open();
      await end(event);
      await doOne();
      await doOne();
      await db.transaction(async (tx) => {
        const found = await lock(tx, event.attemptId);
        if (found === undefined) throw new Error('no such attempt');
        await attempts.apply(tx, found, { type: 'notified', paid: aPaid() });
      });
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.closed' },
        { type: 'attempt.succeeded', late: true },
      ]);
    });

    it('is asked for once, for the first reason, and of an attempt that there is', async () => {
      const event = await open();
      const first = [await end(event), await end(event, { reason: 'cancelled' })];
      expect(first).toEqual(['kept', 'duplicate']);
      expect((await saved(event)).closing?.reason).toBe('other_attempt_won');
      expect(await end(anAttemptRequested())).toBe('unknown');
      expect(await end(event, { paymentId: anAttemptRequested().paymentId })).toBe('unknown');
    });

    it('of what has ended leaves a question that is due as it is', async () => {
      const event = await open();
      provider.decide(event.attemptId, { kind: 'closed', reason: 'expired' });
      clock.advance(5_000);
      await doOne();
      await db.transaction((tx) => attempts.askNow(tx, event.attemptId));
      await end(event);
      expect((await claimOne()).due).toBe('query');
      expect(await typesTold(event)).toEqual(['attempt.awaiting_payer', 'attempt.closed']);
    });
  });

  describe('money', () => {
    const notified = (event: AttemptRequested, paid = aPaid()) =>
      db.transaction(async (tx) => {
        const found = await lock(tx, event.attemptId);
        if (found === undefined) throw new Error('no such attempt');
        return attempts.apply(tx, found, { type: 'notified', paid });
      });

    it('that comes after the end is told as late', async () => {
      const event = await stored();
      await doOne();
      provider.decide(event.attemptId, { kind: 'closed', reason: 'expired' });
      clock.advance(5_000);
      await doOne();
      await notified(event);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.closed', reason: 'expired' },
        { type: 'attempt.succeeded', late: true },
      ]);
    });

    it('with a defect is told like any other, and kept for people once', async () => {
      const event = await stored();
      await doOne();
      const paid = { ...aPaid(), defect: 'code_a6' };
      await notified(event, paid);
      await notified(event, paid);
      expect(await typesTold(event)).toEqual(['attempt.awaiting_payer', 'attempt.succeeded']);
      const kept = await db.query('select reason, told from quarantine where order_number = $1', [
        event.attemptId,
      ]);
      expect(kept).toMatchObject([{ reason: 'code_a6', told: { providerRef: paid.providerRef } }]);
    });

    it('that comes a second time is told too, once, and kept for people', async () => {
      const event = await stored();
      await doOne();
      const more = aPaid();
      await notified(event);
      const kinds = [await notified(event, more), await notified(event, more)];
      expect(kinds.map(({ kind }) => kind)).toEqual(['paid_again', 'paid_again']);
      expect(await told(event)).toMatchObject([
        { type: 'attempt.awaiting_payer' },
        { type: 'attempt.succeeded' },
        { type: 'attempt.succeeded', providerRef: more.providerRef },
      ]);
      const kept = await db.query('select reason, told from quarantine where order_number = $1', [
        event.attemptId,
      ]);
      expect(kept).toMatchObject([
        { reason: 'paid_again', told: { providerRef: more.providerRef, minor: '12800' } },
      ]);
    });

    it('is not unsaid by a provider that later says otherwise', async () => {
      const event = await stored();
      await doOne();
      await notified(event);
      await db.transaction((tx) => attempts.askNow(tx, event.attemptId));
      provider.decide(event.attemptId, { kind: 'closed', reason: 'expired' });
      await doOne();
      expect((await saved(event)).state.status).toBe('succeeded');
      const kept = await db.query('select reason from quarantine where order_number = $1', [
        event.attemptId,
      ]);
      expect(kept).toEqual([{ reason: 'closed_after_paid' }]);
    });

    it('told again leaves a question that is due as it is', async () => {
      const event = await stored();
      await doOne();
      const paid = aPaid();
      await notified(event, paid);
      await db.transaction((tx) => attempts.askNow(tx, event.attemptId));
      expect((await notified(event, paid)).kind).toBe('duplicate');
      expect((await claimOne()).due).toBe('query');
    });
  });
});
