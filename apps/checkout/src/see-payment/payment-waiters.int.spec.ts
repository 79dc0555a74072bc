import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wakeups } from '@hutong/database';
import { createLogger, Metrics } from '@hutong/telemetry';
import { eventually, freshDatabase, type FreshDatabase } from '@hutong/testing';
import {
  changeOf,
  PAYMENT_CHANGED,
  PaymentWaiters,
  type Patience,
  type Waiter,
} from './payment-waiters.adapter.js';

const logger = createLogger({ service: 'checkout', level: 'silent' });
const NEVER = 600_000;
const UNWOKEN = { lookEveryMs: NEVER };

describe('requests that wait for a payment', () => {
  let database: FreshDatabase;
  let here: Wakeups;
  let there: Wakeups;
  const metrics = new Metrics('checkout');

  beforeAll(async () => {
    database = await freshDatabase('empty', async () => undefined);
    here = new Wakeups(database.config, logger);
    there = new Wakeups(database.config, logger);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await database.drop();
  });

  /** Something that changes, and how often it was looked at. */
  const thing = (now: string) => ({ now, version: 1, looks: 0 });
  const waitFor = async (
    waiters: PaymentWaiters,
    state: ReturnType<typeof thing>,
    over: Partial<Patience> = {},
  ) => {
    const look = async () => {
      state.looks += 1;
      return { version: state.version, now: state.now };
    };
    const patience = { waitMs: NEVER, gone: new AbortController().signal, ...over };
    const enough = ({ now }: Readonly<{ now: string }>) => now === 'changed';
    return (await waiters.until('p-1', { look, enough }, patience)).now;
  };
  const looked = (state: ReturnType<typeof thing>) =>
    eventually(async () => state.looks > 0, { what: 'the first look' });
  const waiting = async () =>
    /^hutong_checkout_waiters\{.*\} (\d+)$/m.exec(await metrics.exposition())?.[1];

  it('are woken by another process, read again, and are counted meanwhile', async () => {
    const waiters = await PaymentWaiters.listen(here, metrics, UNWOKEN);
    const state = thing('as before');
    const answer = waitFor(waiters, state);
    await looked(state);
    expect(await waiting()).toBe('1');
    there.announce(PAYMENT_CHANGED, changeOf('p-2', 2));
    there.announce(PAYMENT_CHANGED, changeOf('p-1', 1)); // which it has seen
    there.announce(PAYMENT_CHANGED, changeOf('p-1', 2));
    await eventually(async () => state.looks === 2, { what: 'a second look' });
    state.now = 'changed';
    there.announce(PAYMENT_CHANGED, changeOf('p-1', 3));
    expect([await answer, state.looks]).toEqual(['changed', 3]);
    expect(await waiting()).toBe('0');
    await waiters.stop();
  });

  it('look by themselves where a wake-up was lost', async () => {
    const waiters = await PaymentWaiters.listen(here, new Metrics('checkout'), { lookEveryMs: 10 });
    const state = thing('as before');
    const answer = waitFor(waiters, state);
    await looked(state);
    state.now = 'changed';
    expect(await answer).toBe('changed');
    await waiters.stop();
  });

  it('get what there is when their wait is over', async () => {
    const waiters = await PaymentWaiters.listen(here, new Metrics('checkout'), UNWOKEN);
    expect(await waitFor(waiters, thing('as before'), { waitMs: 0 })).toBe('as before');
    expect(await waitFor(waiters, thing('as before'), { waitMs: 20 })).toBe('as before');
    await waiters.stop();
  });

  it('are so many for each key and each guest; one more gets what there is, and is told', async () => {
    const limits = { ...UNWOKEN, perKey: 2, perGuest: 1 };
    const waiters = await PaymentWaiters.listen(here, new Metrics('checkout'), limits);
    const waitsAs = (who: Waiter, now = 'as before', waitMs = NEVER) => {
      const state = { ...thing(now), refusals: 0 };
      const refused = () => {
        state.refusals += 1;
      };
      return { state, answer: waitFor(waiters, state, { waitMs, counted: { who, refused } }) };
    };
    const mayWait = [{ key: 'k' }, { key: 'k' }, { key: 'other' }, { guest: 'k' }];
    const waiting = mayWait.map((who) => waitsAs(who));
    await Promise.all(waiting.map(({ state }) => looked(state)));
    for (const who of [{ key: 'k' }, { guest: 'k' }]) {
      const { state, answer } = waitsAs(who);
      expect([await answer, state]).toEqual([
        'as before',
        { ...thing('as before'), looks: 1, refusals: 1 },
      ]);
      for (const [now, waitMs] of [
        ['changed', NEVER],
        ['as before', 0],
      ] as const) {
        const atOnce = waitsAs(who, now, waitMs);
        expect([await atOnce.answer, atOnce.state.refusals]).toEqual([now, 0]);
      }
    }
    await waiters.stop();
    await Promise.all(waiting.map(({ answer }) => answer));
    const again = waitsAs({ key: 'k' });
    expect([await again.answer, again.state.refusals]).toEqual(['as before', 0]);
  });

  it('get what there is when the service stops, and cost nothing once their caller is gone', async () => {
    const waiters = await PaymentWaiters.listen(here, new Metrics('checkout'), UNWOKEN);
    const [left, stopped] = [thing('as before'), thing('as before')];
    const caller = new AbortController();
    const leaving = waitFor(waiters, left, { gone: caller.signal });
    const staying = waitFor(waiters, stopped);
    await Promise.all([looked(left), looked(stopped)]);
    caller.abort();
    expect(await leaving).toBe('as before');
    await waiters.stop();
    expect(await staying).toBe('as before');
  });
});
