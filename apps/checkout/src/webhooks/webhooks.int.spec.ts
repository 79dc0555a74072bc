import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ok, refuse } from '@hutong/result';
import { withTraceparent } from '@hutong/telemetry';
import { eventually, FixedClock, freePorts, type FreshDatabase } from '@hutong/testing';
import { Webhook } from 'standardwebhooks';
import { paymentView } from '../see-payment/payment-view.js';
import { openDatabase, type CheckoutDatabase } from '../store/database.repository.js';
import { migrated } from '../world.examples.js';
import { WebhookEndpoints } from './webhook-endpoints.repository.js';
import { Receiver, type Got } from './receiver.examples.js';
import { DELAYS_MS } from './retry-plan.js';
import {
  aPaid,
  aPaymentId,
  JD,
  logger,
  TAOBAO,
  WebhookInstance,
} from './webhook-world.examples.js';

const HOUR_MS = 3_600_000;
const ROOM = { atOnce: 50, spare: 5, perEndpoint: 4, leaseMs: 30_000 };

describe('webhooks', () => {
  const opened = new AsyncDisposableStack();
  let database: FreshDatabase;
  let db: CheckoutDatabase;
  let own: AsyncDisposableStack;
  let clock: FixedClock;
  let receiver: Receiver;
  let here: WebhookInstance;

  beforeAll(async () => {
    database = opened.use(await migrated());
    db = opened.use(openDatabase(database.config, logger));
  }, 60_000);
  afterAll(() => opened.disposeAsync());

  beforeEach(async () => {
    own = new AsyncDisposableStack();
    clock = new FixedClock(new Date().toISOString());
    receiver = own.use(await Receiver.start());
    here = instance();
  });
  afterEach(async () => {
    await own.disposeAsync();
    await db.query('truncate webhook_message, webhook_stream, webhook_endpoint');
  });

  /** One more instance on the same database. */
  const instance = (over: ConstructorParameters<typeof WebhookInstance>[2] = {}) =>
    own.use(new WebhookInstance(database.config, clock, { room: ROOM, ...over }));
  const arrived = (count: number) =>
    eventually(() => receiver.got.length >= count, { what: `${count} requests` });
  const statuses = async (endpointId: string) =>
    (await here.deliveries.list(endpointId, { limit: 200 })).map(({ status }) => status);
  const settled = (endpointId: string) =>
    eventually(async () => !(await statuses(endpointId)).includes('pending'), {
      what: 'everything settled',
    });
  const tried = (endpointId: string, tries: number) =>
    eventually(
      async () => {
        const [delivery] = await here.deliveries.list(endpointId, { limit: 1 });
        return delivery?.tries === tries ? delivery : undefined;
      },
      { what: `${tries} tries` },
    );

  it('are the payment as GET shows it, numbered, and signed as Standard Webhooks are', async () => {
    const { secret, endpointId } = await here.register(receiver.url);
    const id = aPaymentId();
    here.worker.start();
    await here.tell(id, ['payment.paid', 'payment.attempt_closed']);
    await here.tell(id, ['payment.refunded']);
    await arrived(3);
    expect(receiver.each('type')).toEqual([
      'payment.paid',
      'payment.attempt_closed',
      'payment.refunded',
    ]);
    for (const [i, { body, headers, type }] of receiver.got.entries()) {
      expect(new Webhook(secret).verify(body, headers)).toEqual({
        ...JSON.parse(JSON.stringify(paymentView({ payment: aPaid(id), links: [] }))),
        type,
        timestamp: clock.now().toISOString(),
        sequence: i + 1,
      });
      expect(headers['content-type']).toBe('application/json');
    }
    await settled(endpointId);
    expect(await here.metrics.exposition()).toMatch(
      /hutong_checkout_webhooks_total\{[^}]*payment.refunded[^}]*delivered[^}]*2xx[^}]*\} 1/,
    );
  });

  it('go to every active endpoint of the platform, and to nobody else’s', async () => {
    const [a, b, gone] = ['a', 'b', 'gone'].map((path) => new URL(path, receiver.url));
    const first = await here.register(a ?? '');
    await here.register(b ?? '');
    const disabled = await here.register(gone ?? '');
    await here.register(new URL('/jd', receiver.url), JD);
    await here.tell(aPaymentId());
    await here.endpoints.disable(TAOBAO, disabled.endpointId);
    await here.tell(aPaymentId());
    here.worker.start();
    await arrived(4);
    await settled(first.endpointId);
    expect(receiver.each('path').toSorted()).toEqual(['/a', '/a', '/b', '/b']);
    expect(receiver.each('sequence')).toEqual([1, 1, 1, 1]);
  });

  it('are queued with the outcome or not at all', async () => {
    const { endpointId } = await here.register(receiver.url);
    const id = aPaymentId();
    await here.tellInVain(id);
    expect(await statuses(endpointId)).toEqual([]);
    await here.tell(id);
    const [only] = await here.deliveries.list(endpointId, { limit: 2 });
    expect(only?.sequence).toBe(1);
  });

  it('that fail are tried again in their order, and hold up no other payment', async () => {
    const { endpointId } = await here.register(receiver.url);
    const [bad, good] = [aPaymentId(), aPaymentId()];
    let down = true;
    /** The first of the payment that fails, once it was tried so often. */
    const failedTimes = (tries: number) =>
      eventually(
        async () => {
          const all = await here.deliveries.list(endpointId, { limit: 9, paymentId: bad });
          return all.find((one) => one.sequence === 1 && one.tries === tries);
        },
        { what: `failure ${tries}` },
      );
    receiver.answering = ({ paymentId }, response) =>
      void response.writeHead(down && paymentId === bad ? 503 : 200).end();
    here.worker.start();
    await here.tell(bad, ['payment.paid', 'payment.refunded']);
    await here.tell(good, ['payment.paid', 'payment.refunded']);
    await arrived(3);
    await eventually(
      async () => (await statuses(endpointId)).filter((s) => s === 'delivered').length === 2,
    );
    expect(await failedTimes(1)).toMatchObject({ status: 'pending', lastStatus: 503 });
    clock.advance(5_000);
    here.worker.wake();
    await arrived(4);
    down = false;
    await failedTimes(2);
    clock.advance(30_000);
    here.worker.wake();
    await settled(endpointId);
    const sequences = (of: string) =>
      receiver.got.filter(({ paymentId }) => paymentId === of).map(({ sequence }) => sequence);
    expect(sequences(bad)).toEqual([1, 1, 1, 2]);
    expect(sequences(good)).toEqual([1, 2]);
    const ids = receiver.got.filter(
      ({ paymentId, sequence }) => paymentId === bad && sequence === 1,
    );
    expect(new Set(ids.map(({ webhookId, body }) => webhookId + body)).size).toBe(1);
  });

  it('are given up after thirty days, and what follows is tried all the same', async () => {
    const { endpointId } = await here.register(receiver.url);
    const id = aPaymentId();
    receiver.answerStatus(500);
    here.worker.start();
    await here.tell(id);
    await tried(endpointId, 1);
    clock.advance(30 * 24 * HOUR_MS);
    await here.tell(id);
    receiver.answering = ({ sequence }, response) =>
      void response.writeHead(sequence === 1 ? 500 : 200).end();
    here.worker.wake();
    await settled(endpointId);
    expect(await statuses(endpointId)).toEqual(['delivered', 'given_up']);
  });

  it('are sent once by any number of instances, and not more at a time than an endpoint bears', async () => {
    const { endpointId } = await here.register(receiver.url);
    let [now, most] = [0, 0];
    const release: (() => void)[] = [];
    receiver.answering = async (_, response) => {
      most = Math.max(most, (now += 1));
      await new Promise<void>((resolve) => release.push(resolve));
      now -= 1;
      response.writeHead(200).end();
    };
    const there = instance();
    const ids = Array.from({ length: 12 }, aPaymentId);
    for (const id of ids) await here.tell(id);
    here.worker.start();
    there.worker.start();
    await eventually(() => now === ROOM.perEndpoint, { what: 'as many at a time as may be' });
    expect(await here.due.take(ROOM)).toEqual([]);
    await eventually(
      async () => {
        release.splice(0).forEach((go) => go());
        return !(await statuses(endpointId)).includes('pending');
      },
      { what: 'everything delivered' },
    );
    expect(most).toBe(ROOM.perEndpoint);
    expect(receiver.each('paymentId').toSorted()).toEqual([...ids].toSorted());
  });

  it('repeat their id where a worker died between the answer and writing it down', async () => {
    const { endpointId } = await here.register(receiver.url);
    await here.tell(aPaymentId());
    const [taken] = await here.due.take(ROOM);
    if (taken === undefined) throw new Error('nothing was taken');
    expect(
      await here.client.send({
        url: new URL(taken.url),
        headers: { 'webhook-id': taken.webhookId },
        body: taken.body,
      }),
    ).toEqual({ status: 204 });
    const there = instance();
    there.worker.start();
    there.worker.wake();
    expect(await there.due.take(ROOM)).toEqual([]);
    clock.advance(ROOM.leaseMs);
    await arrived(2);
    await settled(endpointId);
    const [first, second] = receiver.got;
    expect([second?.webhookId, second?.body]).toEqual([first?.webhookId, first?.body]);
    expect(await here.due.settle(taken, { status: 500 })).toBe('lease_lost');
    expect(await statuses(endpointId)).toEqual(['delivered']);
  });

  it('are not lost when one is queued while another of the payment is on its way', async () => {
    const { endpointId } = await here.register(receiver.url);
    const id = aPaymentId();
    await here.tell(id);
    const [taken] = await here.due.take(ROOM);
    if (taken === undefined) throw new Error('nothing was taken');
    await here.tell(id);
    expect(await here.due.take(ROOM)).toEqual([]);
    expect(await here.due.settle(taken, { status: 200 })).toBe('delivered');
    const [next] = await here.due.take(ROOM);
    if (next === undefined) throw new Error('nothing was taken');
    expect(JSON.parse(next.body)).toMatchObject({ sequence: 2 });
    expect(await here.due.settle(next, { status: 200 })).toBe('delivered');
    expect(await here.due.take(ROOM)).toEqual([]);
    expect(await statuses(endpointId)).toEqual(['delivered', 'delivered']);
  });

  describe('from which a receiver keeps something', () => {
    const outcomeOf = async (
      over: ConstructorParameters<typeof WebhookInstance>[2],
      url = receiver.url,
    ) => {
      const one = instance(over);
      const { endpointId } = await one.register(url);
      await one.tell(aPaymentId());
      one.worker.start();
      const { status, lastStatus, lastFault } = await tried(endpointId, 1);
      return { status, lastStatus, lastFault };
    };

    it('an answer that redirects: it is not followed', async () => {
      receiver.answering = (got, response) =>
        void response
          .writeHead(got.path === '/hooks' ? 307 : 200, { location: '/elsewhere' })
          .end();
      expect(await outcomeOf({})).toMatchObject({ status: 'pending', lastStatus: 307 });
      expect(receiver.each('path')).toEqual(['/hooks']);
    });

    it('any answer at all', async () => {
      receiver.answering = () => undefined;
      expect(await outcomeOf({ timeoutMs: 200 })).toMatchObject({ lastFault: 'timeout' });
    });

    it('the end of its answer: the status counts', async () => {
      const endless = Promise.withResolvers<void>();
      receiver.answering = async (_, response) => {
        response.once('close', endless.resolve);
        response.writeHead(200);
        const more = () => {
          if (response.destroyed) return;
          response.write('x'.repeat(4_096), () => setImmediate(more));
        };
        more();
      };
      expect(await outcomeOf({})).toMatchObject({ status: 'delivered', lastStatus: 200 });
      await endless.promise;
    });

    it('the connection', async () => {
      const [port] = await freePorts(1);
      const nobody = new URL(`http://127.0.0.1:${port}/hooks`);
      expect(await outcomeOf({}, nobody)).toMatchObject({ lastFault: 'unreachable' });
    });
  });

  it('never go to an address that its name leads to only when it is connected to', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1'], ['8.8.8.8', '10.0.0.7'], []];
    const asked: string[] = [];
    const one = instance({
      development: [],
      resolve: async (name) => {
        asked.push(name);
        return answers.shift() ?? [];
      },
    });
    const url = new URL(`https://rebound.example:${receiver.url.port}/hooks`);
    expect(await one.addresses.leadsInside(url)).toBe(false);
    const send = () => one.client.send({ url, headers: {}, body: '{}' });
    expect(await send()).toEqual({ fault: 'address_refused' });
    expect(await send()).toEqual({ fault: 'address_refused' });
    expect(await send()).toEqual({ fault: 'unreachable' });
    const literal = new URL(receiver.url);
    expect(await one.client.send({ url: literal, headers: {}, body: '{}' })).toEqual({
      fault: 'address_refused',
    });
    expect(asked).toEqual(Array(4).fill('rebound.example'));
    expect(receiver.got).toEqual([]);
  });

  it('go to the very address that was checked', async () => {
    const one = instance({ development: ['receiver.example'], resolve: async () => ['127.0.0.1'] });
    const url = new URL(`http://receiver.example:${receiver.url.port}/hooks`);
    expect(await one.client.send({ url, headers: {}, body: '{}' })).toEqual({ status: 204 });
    expect(receiver.got[0]?.headers['host']).toBe(url.host);
  });

  it('are signed with both secrets for a day after a rotation', async () => {
    const old = await here.register(receiver.url);
    const rotated = await here.endpoints.rotate(TAOBAO, old.endpointId);
    if (!rotated.ok) throw new Error(rotated.refusal.code);
    const { secret: fresh } = await here.reveal(old.endpointId);
    const again = await here.endpoints.rotate(TAOBAO, old.endpointId);
    expect(again).toMatchObject({ refusal: { code: 'rotation_in_progress' } });
    here.worker.start();
    const opens = (secret: string, got: Got | undefined) => {
      const signatures = (got?.headers['webhook-signature'] ?? '').split(' ');
      const sign = new Webhook(secret).sign(
        got?.webhookId ?? '',
        new Date(Number(got?.headers['webhook-timestamp']) * 1_000),
        got?.body ?? '',
      );
      return signatures.includes(sign);
    };
    await here.tell(aPaymentId());
    await settled(old.endpointId);
    expect([fresh, old.secret].map((s) => opens(s, receiver.got[0]))).toEqual([true, true]);
    clock.advance(24 * HOUR_MS);
    await here.tell(aPaymentId());
    await settled(old.endpointId);
    expect([fresh, old.secret].map((s) => opens(s, receiver.got[1]))).toEqual([true, false]);
    expect((await here.endpoints.rotate(TAOBAO, old.endpointId)).ok).toBe(true);
  });

  it('keep no secret that the database could tell', async () => {
    const { secret, endpointId } = await here.register(receiver.url);
    await here.endpoints.rotate(TAOBAO, endpointId);
    const rows = await here.db.query('select to_jsonb(e)::text as text from webhook_endpoint e');
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length, 20));
    expect(JSON.stringify(rows)).not.toContain('whsec');
  });

  it('whose secret does not open are backed off and told of, and hold up nobody else’s', async () => {
    const broken = await here.register(new URL('/broken', receiver.url));
    const { endpointId } = await here.register(receiver.url);
    const sealedAs = async (secret: unknown) => {
      const [before] = await db.query<{ secret: string }>(
        'select secret from webhook_endpoint where endpoint_id = $1',
        [broken.endpointId],
      );
      await db.query('update webhook_endpoint set secret = $1 where endpoint_id = $2', [
        secret,
        broken.endpointId,
      ]);
      return before?.secret;
    };
    const genuine = await sealedAs('v1.00000000.AAAA');
    await here.tell(aPaymentId());
    here.worker.start();
    await settled(endpointId);
    expect(await tried(broken.endpointId, 1)).toMatchObject({
      status: 'pending',
      lastFault: 'secret_unreadable',
    });
    const counted =
      /^hutong_checkout_webhooks_total\{.*result="tried_again_later",answer="secret_unreadable".*\} 1$/m;
    const told = async () => counted.test(await here.metrics.exposition());
    await eventually(told, { what: 'a count of what could not be signed' });
    await sealedAs(genuine);
    clock.advance(DELAYS_MS[0] ?? 0);
    await settled(broken.endpointId);
    expect(receiver.each('path')).toEqual(['/hooks', '/broken']);
  });

  it('keep an endpoint whose registration is repeated when its name has come to lead inside', async () => {
    const scope = { platform: TAOBAO, route: 'POST /webhook-endpoints', fingerprint: 'ab' };
    const [inside, asked] = [
      refuse({ code: 'endpoint_address_not_public' } as const),
      { ...scope, key: crypto.randomUUID() },
    ];
    const first = await here.endpoints.register(TAOBAO, ok(receiver.url), asked);
    expect(await here.endpoints.register(TAOBAO, inside, asked)).toEqual(first);
    const anew = { ...scope, key: crypto.randomUUID() };
    expect(await here.endpoints.register(TAOBAO, inside, anew)).toEqual(inside);
  });

  it('have no endpoints where nothing can keep a secret', async () => {
    const bare = new WebhookEndpoints(db, clock, undefined);
    const refused = { refusal: { code: 'webhooks_not_configured' } };
    expect(await bare.register(TAOBAO, ok(receiver.url))).toMatchObject(refused);
    expect(await bare.reveal(TAOBAO, 'we_1')).toMatchObject(refused);
    expect(await bare.rotate(TAOBAO, 'we_1')).toMatchObject(refused);
  });

  it('of a range are sent again, the same in the same order, and the rest is left', async () => {
    const { endpointId } = await here.register(receiver.url);
    const [id, other] = [aPaymentId(), aPaymentId()];
    here.worker.start();
    await here.tell(id);
    await settled(endpointId);
    clock.advance(HOUR_MS);
    const from = clock.now();
    await here.tell(id, ['payment.refunded', 'payment.refund_failed']);
    await here.tell(other);
    await settled(endpointId);
    clock.advance(HOUR_MS);
    const to = clock.now();
    await here.tell(id, ['payment.refunded']);
    await arrived(5);
    await settled(endpointId);
    const before = receiver.got.splice(0);
    const range = { platform: TAOBAO, endpointId, from, to };
    expect(await here.deliveries.replay(range)).toEqual(ok({ status: 202, endpointId, queued: 3 }));
    await settled(endpointId);
    const sent = (gots: readonly Got[], of: string) =>
      gots
        .filter(({ paymentId }) => paymentId === of)
        .map(({ webhookId, body }) => [webhookId, body]);
    expect(sent(receiver.got, id)).toEqual(sent(before, id).slice(1, 3));
    expect(sent(receiver.got, other)).toEqual(sent(before, other));
    const [again] = await here.deliveries.list(endpointId, { limit: 1, paymentId: other });
    expect(again).toMatchObject({ queuedAt: clock.now(), tries: 1, status: 'delivered' });
  });

  it('are listed page by page, newest first', async () => {
    const { endpointId } = await here.register(receiver.url);
    const id = aPaymentId();
    for (let i = 0; i < 5; i += 1) {
      await here.tell(id);
      clock.advance(1);
    }
    const page = await here.deliveries.list(endpointId, { limit: 3 });
    const before = page.at(-1)?.webhookId;
    const rest = await here.deliveries.list(endpointId, { limit: 3, before });
    expect([...page, ...rest].map(({ sequence }) => sequence)).toEqual([5, 4, 3, 2, 1]);
    expect(await here.deliveries.list(endpointId, { limit: 3, status: 'delivered' })).toEqual([]);
  });

  it('are forgotten once they are settled and old, and numbered on from where they were', async () => {
    const { endpointId } = await here.register(receiver.url);
    const id = aPaymentId();
    here.worker.start();
    await here.tell(id);
    await settled(endpointId);
    clock.advance(45 * 24 * HOUR_MS);
    expect(await here.deliveries.forgetOld()).toBe(0);
    clock.advance(1);
    await here.tell(id);
    await settled(endpointId);
    expect(await here.deliveries.forgetOld(1)).toBe(1);
    const left = await here.deliveries.list(endpointId, { limit: 9 });
    expect(left.map(({ sequence }) => sequence)).toEqual([2]);
  });

  it('are told in the trace of what led to them', async () => {
    const { endpointId } = await here.register(receiver.url);
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    await withTraceparent(`00-${trace}-00f067aa0ba902b7-01`, () => here.tell(aPaymentId()));
    here.worker.start();
    await settled(endpointId);
    expect(receiver.got[0]?.headers['traceparent']).toContain(trace);
  });
});
