import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import type { AttemptRequested, RefundRequested } from '@hutong/domain-events';
import { money } from '@hutong/money';
import {
  anAttemptCloseRequested,
  anAttemptRequested,
  anEventId,
  aRefundRequested,
  eventually,
  FixedClock,
  WECHAT_QR,
} from '@hutong/testing';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const aCommand = (said: Partial<AttemptRequested> = {}): AttemptRequested =>
  anAttemptRequested({ expiresAt: ahead(15), notAfter: ahead(15), ...said });

const typesOf = async ({ world }: ToyGateway, { paymentId }: AttemptRequested) =>
  (await world.reports(paymentId)).map(({ event }) => event.type);
const until = (
  toys: ToyGateway,
  { attemptId }: AttemptRequested,
  status: string,
  withinMs = 15_000,
) =>
  eventually(
    async () => {
      const attempt = await toys.world.attempt(attemptId);
      return attempt?.status === status && attempt;
    },
    { what: `an attempt that is ${status}`, withinMs },
  );

/** Two that work, and one that only hears the provider. */
const ROLES = ['all', 'all', 'api'] as const;
const API = 2;

describe('a gateway with several instances', () => {
  let toys: ToyGateway;

  beforeAll(async () => {
    toys = await startToyGateway({ clock: systemClock, roles: ROLES, leaseMs: 2_000 });
  }, 60_000);
  afterAll(async () => {
    await toys[Symbol.asyncDispose]();
  }, 30_000);

  const notify = async (text: string, { signature = 'good', account = 'toys' } = {}) => {
    const answer = await fetch(`${toys.world.at(API)}/notifications/${account}`, {
      method: 'POST',
      headers: { signature, 'content-type': 'application/json' },
      body: text,
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const shown = async () => {
    const command = aCommand();
    await toys.world.command(command);
    await until(toys, command, 'awaiting_payer');
    return command;
  };

  it('sends each order once, whichever of them hears of it', async () => {
    const commands = Array.from({ length: 12 }, () => aCommand());
    await Promise.all(commands.map((command) => toys.world.command(command)));
    for (const command of commands) await until(toys, command, 'awaiting_payer');
    for (const { attemptId } of commands) {
      expect(toys.provider.received.get(attemptId)).toHaveLength(1);
    }
    const [first] = commands;
    expect(first && (await typesOf(toys, first))).toEqual(['attempt.awaiting_payer']);
  });

  it('makes one order of a command that is delivered again and again', async () => {
    const command = aCommand();
    const id = anEventId();
    await toys.world.command(command, id);
    await toys.world.command(command, id); // the broker redelivers
    await toys.world.command(command); // routing repeats itself
    await until(toys, command, 'awaiting_payer');
    await toys.world.settled();
    expect(toys.provider.received.get(command.attemptId)).toHaveLength(1);
    expect(await typesOf(toys, command)).toEqual(['attempt.awaiting_payer']);
  });

  it('takes over from a worker that died in a call, and hears nothing of it any more', async () => {
    const command = aCommand();
    const { attemptId } = command;
    const answered = Promise.withResolvers<void>();
    toys.provider.hold(attemptId, answered.promise);
    await toys.world.command(command);
    await until(toys, command, 'awaiting_payer');
    const [first, second, ...more] = toys.provider.received.get(attemptId) ?? [];
    expect(second).toBe(first);
    expect(more).toEqual([]);
    const next = await shown();
    answered.resolve();
    await until(toys, next, 'awaiting_payer');
    expect((await toys.world.attempt(attemptId))?.content).toBe(`toy://${attemptId}/1`);
    expect(await typesOf(toys, command)).toEqual(['attempt.unknown', 'attempt.awaiting_payer']);
  });

  it('keeps a notification before it answers it, and tells the ring once', async () => {
    const command = await shown();
    const text = `n-1 ${command.attemptId} 12800`;
    expect(await Promise.all([notify(text), notify(text), notify(text)])).toEqual([204, 204, 204]);
    expect(await toys.world.notifications(command.attemptId)).toBe(1);
    expect(await notify(`n-2 ${command.attemptId} 12800`)).toBe(204);
    expect((await toys.world.attempt(command.attemptId))?.status).toBe('succeeded');
    expect(await typesOf(toys, command)).toEqual(['attempt.awaiting_payer', 'attempt.succeeded']);
  });

  it('takes for the app that paid the one that was asked for, where nobody says it', async () => {
    const command = aCommand({ method: { ...WECHAT_QR, instrument: 'bank_app:0105' } });
    await toys.world.command(command);
    await until(toys, command, 'awaiting_payer');
    expect(await notify(`n-silent ${command.attemptId} 12800?`)).toBe(204);
    const told = (await toys.world.reports(command.paymentId)).at(-1)?.event;
    expect(told).toMatchObject({ type: 'attempt.succeeded', instrument: 'bank_app:0105' });
  });

  it('puts aside what does not agree, and believes what the provider answers when asked', async () => {
    const command = await shown();
    toys.provider.pay(command.attemptId);
    expect(await notify(`n-1 ${command.attemptId} 12799`)).toBe(204);
    const paid = await until(toys, command, 'succeeded', 4_000); // the plan would ask after 5 s
    expect(paid.paid_minor).toBe(12_800n);
    expect(await toys.world.quarantined(command.attemptId)).toEqual(['other_amount']);
    expect(await notify(`n-2 ${command.attemptId} torn`)).toBe(204);
    expect(await toys.world.quarantined(command.attemptId)).toEqual(['other_amount', 'torn']);
  });

  it('asks at a hint, and keeps money whose order is called closed since all of it went back', async () => {
    const command = await shown();
    const { attemptId } = command;
    const hint = () => notify(`n-1 ${attemptId} moved`);
    const asked = () => toys.provider.asked.filter((call) => call === `query ${attemptId}`).length;
    toys.provider.pay(attemptId);
    expect(await hint()).toBe(204);
    await until(toys, command, 'succeeded', 4_000); // the plan would ask after 5 s
    const before = asked();
    toys.provider.empty(attemptId);
    expect(await hint()).toBe(204);
    const answered = async () =>
      asked() > before && (await toys.world.attempt(attemptId))?.due_action === null;
    await eventually(answered, { what: 'an answered question' });
    expect((await toys.world.attempt(attemptId))?.status).toBe('succeeded');
    expect(await toys.world.quarantined(attemptId)).toEqual([]);
    expect(await toys.world.notifications(attemptId)).toBe(0);
    expect(await typesOf(toys, command)).toEqual(['attempt.awaiting_payer', 'attempt.succeeded']);
  });

  it('puts aside what one account hints at of the orders of another, and asks once', async () => {
    const command = await shown();
    const { attemptId } = command;
    const hint = () => notify(`n-1 ${attemptId} moved`, { account: 'jd_toys' });
    toys.provider.pay(attemptId);
    expect([await hint(), await hint()]).toEqual([204, 204]);
    expect(await toys.world.quarantined(attemptId)).toEqual(['other_account']);
    await until(toys, command, 'succeeded', 4_000); // the plan would ask after 5 s
  });

  it('puts aside money for an order that is not ours, or that was never sent', async () => {
    const stranger = aCommand();
    expect(await notify(`n-1 ${stranger.attemptId} 12800`)).toBe(204);
    expect(await notify('n-1 nonsense 12800')).toBe(204);
    expect(await toys.world.quarantined(stranger.attemptId)).toEqual(['order_unknown']);
    const odd = { ...aCommand(), amount: money(100n, 'USD') };
    await toys.world.command(odd);
    await until(toys, odd, 'failed');
    expect(await notify(`n-2 ${odd.attemptId} 12800`)).toBe(204);
    expect(await toys.world.quarantined(odd.attemptId)).toEqual(['never_sent']);
    expect(await typesOf(toys, odd)).toEqual(['attempt.failed']);
  });

  it('refuses what does not verify, counts it, and keeps a sample with nobody’s data', async () => {
    const command = await shown();
    const secret = 'openid-of-a-person';
    const all = Array.from({ length: 12 }, () =>
      notify(`n ${command.attemptId} 12800 ${secret}`, { signature: 'forged' }),
    );
    expect(new Set(await Promise.all(all))).toEqual(new Set([401]));
    expect(await notify('not even json {', { signature: 'forged' })).toBe(401);
    expect(await notify('n', { signature: 'forged', account: 'nobodys' })).toBe(401);
    const kept = await toys.world.db.query<{ account: string; claims: object }>(
      'select * from refused_notifications order by id',
    );
    expect(kept).toHaveLength(10);
    expect(kept[0]).toMatchObject({ reason: 'bad_signature', claims: { key: 'toy' } });
    expect(JSON.stringify(kept, (_, value: unknown) => String(value))).not.toContain(secret);
    expect((await toys.world.attempt(command.attemptId))?.status).toBe('awaiting_payer');
    expect(await toys.world.metrics(API)).toMatch(
      /hutong_gateway_notifications_total\{[^}]*account="toys"[^}]*result="bad_signature"[^}]*\} 13/,
    );
  });

  it('refuses what is told to other merchants, and hears it of an order that was made for one', async () => {
    const [command, nobodys] = [await shown(), aCommand()];
    const aside = async () => {
      const [row] = await toys.world.db.query<{ count: number }>(
        'select count(*)::int as count from quarantine',
      );
      return row?.count;
    };
    const before = await aside();
    for (const { attemptId } of [command, nobodys]) {
      expect(await notify(`n-1 ${attemptId} 12800`, { signature: 'strange' })).toBe(401);
      expect(await notify(`n-2 ${attemptId} torn`, { signature: 'strange' })).toBe(401);
    }
    expect(await notify(`n-3 ${nobodys.attemptId} 12800`, { signature: 'former' })).toBe(401);
    expect(await aside()).toBe(before);
    expect(await notify(`n-former ${command.attemptId} 12800`, { signature: 'former' })).toBe(204);
    await until(toys, command, 'succeeded');
    const counted = /gateway_notifications_total\{[^}]*result="other_merchant"[^}]*\} 5/;
    expect(await toys.world.metrics(API)).toMatch(counted);
  });

  it('closes an order that has to end', async () => {
    const command = await shown();
    const { paymentId, attemptId } = command;
    await toys.world.command(anAttemptCloseRequested({ paymentId, attemptId }));
    await until(toys, command, 'closed');
    expect(await typesOf(toys, command)).toEqual(['attempt.awaiting_payer', 'attempt.closed']);
  });

  const refundedOf = async (said: Partial<RefundRequested> = {}) => {
    const command = await shown();
    const { paymentId, attemptId } = command;
    expect(await notify(`n-paid-${attemptId} ${attemptId} 12800`)).toBe(204);
    const refund = aRefundRequested({ paymentId, attemptId, ...said });
    await toys.world.command(refund);
    await eventually(async () => toys.provider.received.has(refund.refundId), {
      what: 'a refund at the provider',
    });
    return { command, refund };
  };

  it('gives money back, and hears once that it did', async () => {
    const { command, refund } = await refundedOf();
    const text = `n-back-${refund.refundId} ${refund.attemptId} 12800 ${refund.refundId}`;
    expect(await Promise.all([notify(text), notify(text), notify(text)])).toEqual([204, 204, 204]);
    expect(await typesOf(toys, command)).toEqual([
      'attempt.awaiting_payer',
      'attempt.succeeded',
      'refund.pending',
      'refund.succeeded',
    ]);
    expect(await toys.world.refundNotifications(refund.refundId)).toBe(1);
  });

  it('puts a refund aside that does not agree, asks, and believes the answer', async () => {
    const { command, refund } = await refundedOf();
    toys.provider.giveBack(refund.refundId);
    const text = `n-less-${refund.refundId} ${refund.attemptId} 12799 ${refund.refundId}`;
    expect(await notify(text)).toBe(204);
    await eventually(async () => (await typesOf(toys, command)).includes('refund.succeeded'), {
      what: 'a refund that was asked for',
      withinMs: 15_000,
    });
    expect(await toys.world.quarantined(refund.attemptId)).toEqual(['other_amount']);
    expect(await toys.world.refundNotifications(refund.refundId)).toBe(0);
    const unknown = aRefundRequested();
    const foreign = `n-foreign ${unknown.attemptId} 12800 ${unknown.refundId}`;
    expect(await notify(foreign)).toBe(204);
    expect(await toys.world.quarantined(unknown.attemptId)).toEqual(['refund_unknown']);
  });

  it('parks what belongs to no attempt of it, with the reason', async () => {
    await toys.world.command(anAttemptCloseRequested());
    await toys.world.command(aRefundRequested());
    const parked = await eventually(
      async () => {
        const records = await toys.world.parked();
        return records.length === 2 && records;
      },
      { what: 'two parked commands' },
    );
    const reasons = parked.map(({ headers }) => JSON.stringify(headers));
    expect(reasons.join()).toContain('no such attempt of this payment');
    expect(reasons.join()).toContain('no such attempt of this payment took money');
  });
});

describe('a gateway with room for one call at a time', () => {
  it('closes before it asks, asks before it refunds, and opens new orders last', async () => {
    const clock = new FixedClock(new Date().toISOString()); // nothing falls due by itself
    const pace = { concurrency: 1 };
    await using toys = await startToyGateway({ clock, roles: ['all'], pace });
    const command = () => {
      const end = new Date(clock.now().getTime() + 15 * 60_000);
      return anAttemptRequested({ expiresAt: end, notAfter: end });
    };
    const shown = async () => {
      const one = command();
      await toys.world.command(one);
      await until(toys, one, 'awaiting_payer');
      return one;
    };
    const [toClose, toRefund, toAsk] = [await shown(), await shown(), await shown()];
    const busy = command();
    const answered = Promise.withResolvers<void>();
    using held = new DisposableStack();
    held.defer(answered.resolve);
    toys.provider.hold(busy.attemptId, answered.promise);
    await toys.world.command(busy);
    await until(toys, busy, 'submitted');
    const before = toys.provider.calls.length;
    const paid = async ({ attemptId }: AttemptRequested, minor: string) => {
      const answer = await fetch(`${toys.world.at()}/notifications/toys`, {
        method: 'POST',
        headers: { signature: 'good', 'content-type': 'application/json' },
        body: `n-${attemptId} ${attemptId} ${minor}`,
      });
      expect(answer.status).toBe(204);
    };
    const waiting = command();
    await toys.world.command(waiting);
    await paid(toRefund, '12800');
    const { paymentId, attemptId } = toRefund;
    const refund = aRefundRequested({ paymentId, attemptId });
    await toys.world.command(refund);
    await paid(toAsk, '1'); // does not agree, so that it is asked for
    await toys.world.settled();
    // Asked for already, and unpaid: what a worker left when it stopped.
    const { attemptId: closing } = toClose;
    await toys.world.db.query(
      `update attempts set due_action = 'close', due_at = $2::timestamptz where attempt_id = $1`,
      [closing, clock.now()],
    );
    answered.resolve();
    await until(toys, waiting, 'awaiting_payer');
    expect(toys.provider.calls.slice(before)).toEqual([
      `close ${closing}`,
      `query ${toAsk.attemptId}`,
      `refund ${refund.refundId}`,
      `submit ${waiting.attemptId}`,
    ]);
  }, 60_000);
});

describe('a gateway whose provider stalls', () => {
  it('leaves commands in Kafka, stops without losing one, and goes on where it was', async () => {
    const pace = { requestsPerSecond: 20, concurrency: 1 };
    await using toys = await startToyGateway({ clock: systemClock, roles: ['all'], pace });
    const stalled = aCommand();
    const answered = Promise.withResolvers<void>();
    toys.provider.hold(stalled.attemptId, answered.promise);
    await toys.world.command(stalled);
    await until(toys, stalled, 'submitted');

    const commands = Array.from({ length: 60 }, () => aCommand());
    for (const command of commands) await toys.world.command(command);
    const waiting = async () =>
      (await toys.world.db.query("select 1 from attempts where due_action = 'submit'")).length;
    await eventually(async () => (await waiting()) >= 40, { what: 'two seconds of submits' });
    // One more a partition may have been let in at the same count.
    expect(await waiting()).toBeLessThanOrEqual(43);
    expect(await toys.world.lag()).toBeGreaterThanOrEqual(60 - 43);

    const stopped = toys.world.stop(0);
    // Long before its patience with what it holds back would end.
    await eventually(async () => (await toys.world.members()) === 0, {
      what: 'a group without members',
      withinMs: 5_000,
    });
    answered.resolve();
    await stopped;
    expect((await toys.world.attempt(stalled.attemptId))?.status).toBe('awaiting_payer');
    expect(await toys.world.db.query('select 1 from parked_keys')).toEqual([]);

    await toys.world.add('all');
    for (const command of [stalled, ...commands]) {
      await until(toys, command, 'awaiting_payer');
      expect(toys.provider.received.get(command.attemptId)).toHaveLength(1);
    }
  }, 60_000);
});
