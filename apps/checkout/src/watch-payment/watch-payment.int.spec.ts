import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import { paymentId, ROUTING_DECISIONS, type PaymentId } from '@hutong/domain-events';
import { aPaymentNotOffered, aPaymentOffered, eventually, WECHAT_QR } from '@hutong/testing';
import { ApiKeys } from '../access/api-keys.repository.js';
import { anOrder, PlatformClient, World } from '../world.examples.js';
import { Watcher } from './watcher.examples.js';

const LIMITS = { perKey: 2, longestMs: 600_000, heartbeatMs: 50 };

describe('watching a payment', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let key: string;
  let taobao: PlatformClient;

  beforeAll(async () => {
    world = opened.use(await World.start('all', 'api'));
    key = await world.keyFor('taobao');
    taobao = new PlatformClient(world.at(), key);
  }, 120_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  const requested = async (): Promise<PaymentId> => {
    const { body } = await taobao.post('/payments', anOrder(), { prefer: 'wait=0' });
    return paymentId(String(body['paymentId']));
  };
  const offer = (id: PaymentId, number = 1) => {
    const methods = [{ method: WECHAT_QR, label: 'WeChat Pay' }];
    const validUntil = new Date(Date.now() + 600_000);
    return world.tell(
      ROUTING_DECISIONS,
      aPaymentOffered({ paymentId: id, offer: number, validUntil, methods }),
    );
  };
  /** At the instance that hears nothing, unless another is named. */
  const watch = async (
    id: string,
    {
      headers = {},
      base = world.at(1),
      as = key,
    }: { headers?: Record<string, string>; base?: string; as?: string } = {},
  ): Promise<Watcher> => {
    const watcher = await Watcher.open(`${base}/payments/${id}/events`, as, headers);
    opened.defer(() => watcher.leave());
    return watcher;
  };
  const told = (watcher: Watcher, count: number) =>
    eventually(() => watcher.events.length >= count, { what: `${count} events` });
  const limited = async (streamLimits = LIMITS) => {
    const running = await world.add('api', { streamLimits });
    return { running, base: `http://127.0.0.1:${running.port}` };
  };

  it('tells each version as GET shows it, on whichever instance, until nothing more happens', async () => {
    const id = await requested();
    const watcher = await watch(id);
    expect(watcher.response.headers.get('content-type')).toBe('text/event-stream');
    expect(watcher.response.headers.get('cache-control')).toBe('no-store');
    await told(watcher, 1);
    await offer(id);
    await told(watcher, 2);
    expect(watcher.events[1]?.data).toEqual((await taobao.get(`/payments/${id}`)).body);
    await taobao.post(`/payments/${id}/close`, {});
    expect(await watcher.ending).toBe('ended');
    expect(watcher.statuses).toEqual(['requested', 'offered', 'closed']);
    expect(watcher.ids).toEqual(['1', '2', '3']);
  });

  it('goes on from the version that was seen last, and is over where that was the last', async () => {
    const id = await requested();
    await world.tell(ROUTING_DECISIONS, aPaymentNotOffered({ paymentId: id, offer: 1 }));
    await world.settled();
    const fresh = await watch(id, { headers: { 'last-event-id': '1' } });
    expect([await fresh.ending, fresh.ids]).toEqual(['ended', ['2']]);
    const over = await watch(id, { headers: { 'last-event-id': '2' } });
    expect([over.response.status, over.text]).toEqual([204, '']);
    const open = await requested();
    const waiting = await watch(open, { headers: { 'last-event-id': '1' } });
    await offer(open);
    await told(waiting, 1);
    expect(waiting.ids).toEqual(['2']);
    waiting.leave();
  });

  it('is no way to another platform’s payments', async () => {
    const id = await requested();
    for (const [as, status] of [
      [await world.keyFor('jd'), 404],
      [await world.keyFor('taobao', ['payments:write']), 403],
      ['hk_none', 401],
    ] as const) {
      expect((await watch(id, { as })).response.status).toBe(status);
    }
    expect((await watch('nonsense')).response.status).toBe(404);
  });

  it('shows that it lives, and takes so many of one key', async () => {
    const { base } = await limited();
    const id = await requested();
    const [first, second] = [await watch(id, { base }), await watch(id, { base })];
    await eventually(() => first.text.includes('\n:\n'), { what: 'a heartbeat' });
    const third = await watch(id, { base });
    expect([third.response.status, third.response.headers.get('retry-after')]).toEqual([429, '1']);
    const own = await world.keyFor('taobao');
    expect((await watch(id, { base, as: own })).response.status).toBe(200);
    second.leave();
    await eventually(async () => (await watch(id, { base })).response.status === 200, {
      what: 'room for another',
    });
  });

  it('ends after its time, between two events', async () => {
    const { base } = await limited({ ...LIMITS, longestMs: 100 });
    const watcher = await watch(await requested(), { base });
    expect([await watcher.ending, watcher.ids]).toEqual(['ended', ['1']]);
  });

  it('ends when its key is revoked, and tells it nothing more', async () => {
    const { base } = await limited();
    const as = await world.keyFor('taobao');
    const id = await requested();
    const watcher = await watch(id, { base, as });
    await told(watcher, 1);
    await new ApiKeys(world.db, systemClock).revoke(as.split('_')[1] ?? '');
    expect([await watcher.ending, watcher.ids]).toEqual(['ended', ['1']]);
    expect((await watch(id, { base, as })).response.status).toBe(401);
  });

  it('ends in good order when its instance stops', async () => {
    const { base, running } = await limited();
    const watcher = await watch(await requested(), { base });
    await told(watcher, 1);
    const drained = running.stop.find(([name]) => name === 'streams');
    await drained?.[1]();
    expect([await watcher.ending, watcher.text.endsWith('\n\n')]).toEqual(['ended', true]);
  });
});
