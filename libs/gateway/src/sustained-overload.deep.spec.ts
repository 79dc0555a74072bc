import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { platformId, type AttemptRequested } from '@hutong/domain-events';
import {
  anAttemptCloseRequested,
  anAttemptRequested,
  aRefundRequested,
  eventually,
} from '@hutong/testing';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

const RATE = 5;
/** Four times what the account sends. */
const FED = 20;
const OVERLOAD_MS = 30_000;
const WINDOW_MS = 10_000;
/** Two seconds of the rate, and what each of three partitions may have been let in beyond it at once. */
const BOUND = 2 * RATE + 2 * 3;
/** Of what the rate allows, at least: a call that begins late is not made up for, and busy machines are late. */
const ENOUGH = 0.25;

const ahead = (ms: number) => new Date(Date.now() + ms);
const MINUTES_15 = 15 * 60_000;

type Look = Readonly<{ atMs: number; fed: number; lag: number; waiting: number; shown: number }>;

async function look({ world }: ToyGateway, atMs: number, fed: number): Promise<Look> {
  const [row] = await world.db.query<{ waiting: number; shown: number }>(
    `select count(*) filter (where due_action = 'submit')::int as waiting,
       count(*) filter (where status = 'awaiting_payer')::int as shown
     from attempts where account = 'toys'`,
  );
  return {
    atMs,
    fed,
    lag: await world.lag(),
    waiting: row?.waiting ?? -1,
    shown: row?.shown ?? -1,
  };
}

/** Orders as fast as they come, each to be sent within `livesMs`; looked at twice a second. */
async function overload(toys: ToyGateway, livesMs: number, halfWay?: () => Promise<void>) {
  const looks: Look[] = [];
  const since = performance.now();
  const others: Promise<void>[] = [];
  let fed = 0;
  for (let atMs = 0; atMs <= OVERLOAD_MS; atMs = performance.now() - since) {
    for (; fed < (atMs * FED) / 1_000; fed += 1) {
      const expiresAt = ahead(MINUTES_15);
      await toys.world.command(anAttemptRequested({ expiresAt, notAfter: ahead(livesMs) }));
    }
    if (atMs >= looks.length * 500) looks.push(await look(toys, atMs, fed));
    if (halfWay !== undefined && others.length === 0 && atMs > OVERLOAD_MS / 2) {
      others.push(halfWay());
    }
    await pause(1_000 / FED);
  }
  await Promise.all(others);
  return looks;
}

/** The last look of each stretch. */
const windows = (looks: readonly Look[]): Look[] =>
  Array.from({ length: OVERLOAD_MS / WINDOW_MS }, (_, i) => {
    const last = looks.findLast(({ atMs }) => atMs <= (i + 1) * WINDOW_MS);
    if (last === undefined) throw new Error('nothing was looked at');
    return last;
  });

/** How many more orders were shown in each stretch than before it. */
const opened = (looks: readonly Look[]): number[] =>
  windows(looks).map(({ shown }, i, all) => shown - (all[i - 1]?.shown ?? 0));

const start = () =>
  startToyGateway({
    clock: systemClock,
    roles: ['all'],
    pace: { requestsPerSecond: RATE, concurrency: 4 },
    asking: { ofOrder: () => [MINUTES_15] },
  });

/** That the account is used for nothing but opening orders, and its table does not fill. */
function expectToHold(looks: readonly Look[]): void {
  const most = Math.max(...looks.map(({ waiting }) => waiting));
  expect(most).toBeLessThanOrEqual(BOUND);
  const enough = (RATE * WINDOW_MS * ENOUGH) / 1_000;
  expect(opened(looks).map((count) => count >= enough || count)).toEqual(
    windows(looks).map(() => true),
  );
}

describe('an account that gets four times as many orders as it may send', () => {
  it('opens them at its rate, keeps the rest in Kafka, and holds nobody else back', async () => {
    await using toys = await start();
    const { world } = toys;
    const until = ({ attemptId }: AttemptRequested, status: string) =>
      eventually(async () => (await world.attempt(attemptId))?.status === status, {
        what: `an attempt that is ${status}`,
      });
    const jd = () =>
      anAttemptRequested({
        platform: platformId('jd'),
        expiresAt: ahead(MINUTES_15),
        notAfter: ahead(MINUTES_15),
      });
    const [toClose, toRefund] = [jd(), jd()];
    for (const command of [toClose, toRefund]) {
      await world.command(command);
      await until(command, 'awaiting_payer');
    }
    const paid = await fetch(`${world.at()}/notifications/jd_toys`, {
      method: 'POST',
      headers: { signature: 'good', 'content-type': 'application/json' },
      body: `n-1 ${toRefund.attemptId} 12800`,
    });
    expect(paid.status).toBe(204);
    const ids = ({ paymentId, attemptId }: AttemptRequested) => ({ paymentId, attemptId });
    const looks = await overload(toys, MINUTES_15, async () => {
      const other = jd();
      const refund = aRefundRequested(ids(toRefund));
      await world.command(other);
      await world.command(anAttemptCloseRequested(ids(toClose)));
      await world.command(refund);
      await until(other, 'awaiting_payer');
      await until(toClose, 'closed');
      await eventually(() => toys.provider.received.has(refund.refundId), { what: 'a refund' });
    });

    expectToHold(looks);
    // What is not taken is seen as lag, at every moment: that is what more workers are started for.
    for (const { fed, lag, waiting, shown } of looks) {
      expect(lag).toBeGreaterThanOrEqual(fed - waiting - shown - BOUND);
    }
    const [at10s, , at30s] = windows(looks);
    expect((at30s?.lag ?? 0) - (at10s?.lag ?? 0)).toBeGreaterThan((FED - RATE) * 20 * 0.8);
  }, 90_000);

  it('opens as many while orders come too late, and ends those outside of its rate', async () => {
    await using toys = await start();
    const { world } = toys;
    const looks = await overload(toys, 6_000);
    expectToHold(looks);
    const ended = async () => {
      const rows = await world.db.query<{ failure_reason: string; count: number }>(
        `select failure_reason, count(*)::int as count from attempts
         where status = 'failed' group by failure_reason`,
      );
      const last = await look(toys, 0, 0);
      return last.lag === 0 && last.waiting === 0 && { rows, shown: last.shown };
    };
    const { rows, shown } = await eventually(ended, { what: 'the end of all', withinMs: 15_000 });
    const fed = looks.at(-1)?.fed ?? 0;
    expect(rows).toEqual([{ failure_reason: 'not_submitted', count: expect.any(Number) }]);
    expect((rows[0]?.count ?? 0) + shown).toBeGreaterThanOrEqual(fed);
  }, 90_000);
});
