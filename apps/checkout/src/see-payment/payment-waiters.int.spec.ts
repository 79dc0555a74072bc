import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wakeups } from '@hutong/database';
import { createLogger, Metrics } from '@hutong/telemetry';
import { eventually, freshDatabase, type FreshDatabase } from '@hutong/testing';
import { PAYMENT_CHANGED, PaymentWaiters } from './payment-waiters.adapter.js';

const logger = createLogger({ service: 'checkout', level: 'silent' });
const NEVER = 600_000;

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
  const thing = (now: string) => ({ now, looks: 0 });
  const waitFor = (
    waiters: PaymentWaiters,
    state: ReturnType<typeof thing>,
    over: { waitMs?: number; gone?: AbortSignal } = {},
  ) => {
    const look = async () => {
      state.looks += 1;
      return state.now;
    };
    const patience = { waitMs: NEVER, gone: new AbortController().signal, ...over };
    return waiters.until('p-1', { look, enough: (seen) => seen === 'changed' }, patience);
  };
  const looked = (state: ReturnType<typeof thing>) =>
    eventually(async () => state.looks > 0, { what: 'the first look' });
  const waiting = async () =>
    /^hutong_checkout_waiters\{.*\} (\d+)$/m.exec(await metrics.exposition())?.[1];

  it('are woken by another process, read again, and are counted meanwhile', async () => {
    const waiters = await PaymentWaiters.listen(here, metrics, NEVER);
    const state = thing('as before');
    const answer = waitFor(waiters, state);
    await looked(state);
    expect(await waiting()).toBe('1');
    there.announce(PAYMENT_CHANGED, 'p-2');
    there.announce(PAYMENT_CHANGED, 'p-1');
    await eventually(async () => state.looks === 2, { what: 'a second look' });
    state.now = 'changed';
    there.announce(PAYMENT_CHANGED, 'p-1');
    expect([await answer, state.looks]).toEqual(['changed', 3]);
    expect(await waiting()).toBe('0');
    await waiters.stop();
  });

  it('look by themselves where a wake-up was lost', async () => {
    const waiters = await PaymentWaiters.listen(here, new Metrics('checkout'), 10);
    const state = thing('as before');
    const answer = waitFor(waiters, state);
    await looked(state);
    state.now = 'changed';
    expect(await answer).toBe('changed');
    await waiters.stop();
  });

  it('get what there is when their wait is over', async () => {
    const waiters = await PaymentWaiters.listen(here, new Metrics('checkout'), NEVER);
    expect(await waitFor(waiters, thing('as before'), { waitMs: 0 })).toBe('as before');
    expect(await waitFor(waiters, thing('as before'), { waitMs: 20 })).toBe('as before');
    await waiters.stop();
  });

  it('get what there is when the service stops, and cost nothing once their caller is gone', async () => {
    const waiters = await PaymentWaiters.listen(here, new Metrics('checkout'), NEVER);
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
