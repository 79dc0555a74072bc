import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { platformId, type PlatformId } from '@hutong/domain-events';
import { eventually, FixedClock, type FreshDatabase } from '@hutong/testing';
import { openDatabase, type CheckoutDatabase } from '../store/database.repository.js';
import { migrated } from '../world.examples.js';
import type { Room } from './due-webhooks.repository.js';
import { Receiver } from './receiver.examples.js';
import { aPaymentId, JD, logger, TAOBAO, WebhookInstance } from './webhook-world.examples.js';

const ROOM = { atOnce: 12, spare: 2, perEndpoint: 8, leaseMs: 120_000 };
/** Longer than any of these specs: what is slow here is not given up meanwhile. */
const TIMEOUT_MS = 120_000;

/** Of each platform. */
type Counts = Readonly<Record<string, number>>;
type Row = Readonly<{ due: Counts; busy: Counts; atOnce: number; given: Counts }>;

describe('slots to send webhooks', () => {
  const opened = new AsyncDisposableStack();
  const clock = new FixedClock(new Date().toISOString());
  let database: FreshDatabase;
  let db: CheckoutDatabase;
  let own: AsyncDisposableStack;
  let here: WebhookInstance;

  beforeAll(async () => {
    database = opened.use(await migrated());
    db = opened.use(openDatabase(database.config, logger));
  }, 60_000);
  afterAll(() => opened.disposeAsync());
  beforeEach(() => {
    own = new AsyncDisposableStack();
    here = instance(ROOM);
  });
  afterEach(async () => {
    await own.disposeAsync();
    await db.query('truncate webhook_message, webhook_stream, webhook_endpoint');
  });

  /** To be made before its receivers, which break off what it waits for when the spec is over. */
  const instance = (room: Room) =>
    own.use(new WebhookInstance(database.config, clock, { room, timeoutMs: TIMEOUT_MS }));
  const tellMany = async (count: number, platform: PlatformId) => {
    for (let i = 0; i < count; i += 1) await here.tell(aPaymentId(), ['payment.paid'], platform);
  };
  /** A platform's server that keeps every request until the spec is over. */
  const slowReceiver = async () => {
    const receiver = own.use(await Receiver.start());
    receiver.answering = () => undefined;
    return receiver;
  };
  const got = (receiver: Receiver, count: number) =>
    eventually(() => receiver.got.length >= count, { what: `${count} requests` });
  const delivered = (endpointId: string) =>
    eventually(
      async () => {
        const all = await here.deliveries.list(endpointId, { limit: 50 });
        return all.length > 0 && all.every(({ status }) => status === 'delivered');
      },
      { what: 'all delivered' },
    );

  it.each<Row>`
    due                                      | busy                           | atOnce | given
    ${{ taobao: 12 }}                        | ${{}}                          | ${12}  | ${{ taobao: 6 }}
    ${{ taobao: 12, jd: 12 }}                | ${{}}                          | ${12}  | ${{ taobao: 4, jd: 4 }}
    ${{ taobao: 12, jd: 12, pinduoduo: 12 }} | ${{}}                          | ${12}  | ${{ taobao: 3, jd: 3, pinduoduo: 3 }}
    ${{ taobao: 12, jd: 2 }}                 | ${{}}                          | ${12}  | ${{ taobao: 5, jd: 2 }}
    ${{ taobao: 12, jd: 12 }}                | ${{ taobao: 6 }}               | ${12}  | ${{ jd: 3 }}
    ${{ taobao: 12, jd: 12 }}                | ${{ taobao: 2 }}               | ${12}  | ${{ taobao: 2, jd: 4 }}
    ${{ taobao: 12 }}                        | ${{ taobao: 6 }}               | ${12}  | ${{}}
    ${{ taobao: 12 }}                        | ${{}}                          | ${1}   | ${{ taobao: 1 }}
    ${{ taobao: 40 }}                        | ${{}}                          | ${100} | ${{ taobao: 16 }}
    ${{ taobao: 12, jd: 12 }}                | ${{ taobao: 6, pinduoduo: 6 }} | ${12}  | ${{ jd: 1 }}
    ${{ taobao: 12, jd: 12 }}                | ${{ pinduoduo: 12 }}           | ${12}  | ${{ taobao: 1, jd: 1 }}
    ${{ jd: 12 }}                            | ${{ taobao: 7, pinduoduo: 7 }} | ${12}  | ${{}}
  `('of $atOnce, with $busy under way and $due due: $given', async (row) => {
    const countOf = (counts: Counts) =>
      new Map(Object.entries(counts).map(([name, count]) => [platformId(name), count]));
    for (const [platform, count] of countOf(row.due)) {
      await here.register(`http://127.0.0.1/${platform}/a`, platform);
      await here.register(`http://127.0.0.1/${platform}/b`, platform);
      await tellMany(Math.ceil(count / 2), platform);
    }
    const taken = await here.due.take({ ...ROOM, atOnce: row.atOnce }, countOf(row.busy));
    const given = Map.groupBy(taken, ({ platform }) => platform);
    expect(Object.fromEntries([...given].map(([name, all]) => [name, all.length]))).toEqual(
      row.given,
    );
  });

  it('are found by one slow platform after another, the last of them spare', async () => {
    const underWay = new Map<PlatformId, number>();
    for (let i = 0; i < 9; i += 1) {
      const next = platformId(`platform_${i}`);
      await here.register('http://127.0.0.1/slow', next);
      await tellMany(8, next);
      const taken = await here.due.take({ ...ROOM, atOnce: 16, spare: 3 }, underWay);
      underWay.set(next, taken.length);
    }
    expect([...underWay.values()]).toEqual([8, 4, 2, 1, 1, 1, 1, 1, 0]);
  });

  it('go round the endpoints of a platform', async () => {
    const first = await here.register('http://127.0.0.1/first');
    await tellMany(9, TAOBAO);
    const second = await here.register('http://127.0.0.1/second');
    await tellMany(9, TAOBAO);
    const taken = await here.due.take(ROOM);
    const byEndpoint = Map.groupBy(taken, ({ endpointId }) => endpointId);
    expect(byEndpoint.get(first.endpointId)).toHaveLength(3);
    expect(byEndpoint.get(second.endpointId)).toHaveLength(3);
  });

  it('are left for another platform, however much is due to one that is slow', async () => {
    const slow = await slowReceiver();
    for (const path of ['a', 'b', 'c']) await here.register(new URL(path, slow.url));
    await tellMany(20, TAOBAO);
    here.worker.start();
    await got(slow, 6);
    const quick = own.use(await Receiver.start());
    const { endpointId } = await here.register(quick.url, JD);
    await tellMany(5, JD);
    await delivered(endpointId);
    expect(slow.got).toHaveLength(6);
    expect(quick.got).toHaveLength(5);
  });

  it('are left for the other endpoints of a platform, one of which is slow', async () => {
    const there = instance({ ...ROOM, atOnce: 32 });
    const slow = await slowReceiver();
    await here.register(slow.url);
    await tellMany(20, TAOBAO);
    there.worker.start();
    await got(slow, ROOM.perEndpoint);
    const quick = own.use(await Receiver.start());
    const { endpointId } = await here.register(quick.url);
    await tellMany(5, TAOBAO);
    await delivered(endpointId);
    expect(slow.got).toHaveLength(ROOM.perEndpoint);
  });
});
