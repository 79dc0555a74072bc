import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gatewayService } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { Gate, metricOf, readRows, type PaymentView, type ServiceProcess } from '@hutong/world';
import { agreed, HURRY } from './fault-world.examples.js';
import { finish, killAndRestart, startKillWorld, type KillWorld } from './killing.examples.js';
import { inHand, undoing, undoneOf } from './undoing.examples.js';
import {
  ALL_WAYS,
  chosen,
  ordered,
  payShown,
  shown,
  WITHIN_MS,
  type WayName,
} from './ways.examples.js';
import { WebhookReceiver } from './webhook-receiver.examples.js';

const SCENE_WITHIN_MS = 400_000;

/** Kill -9 while somebody outside is at the other end of a call: a provider, or a platform. */
describe('killed in a call', () => {
  const running = new AsyncDisposableStack();
  let world: KillWorld;
  let receiver: WebhookReceiver;
  /** All that took money, for the books in the end, and how many were closed without. */
  const payments = new Set<string>();
  let closed = 0;

  beforeAll(async () => {
    world = await startKillWorld(running);
    receiver = running.use(await WebhookReceiver.start());
    await receiver.register(world.ring);
  }, 300_000);

  afterAll(() => running.disposeAsync(), 120_000);

  const rowOf = async (way: WayName, attemptId: string): Promise<unknown> => {
    const { attempts } = await readRows(world.ring.databaseOf(gatewayService[way]), {
      attempts: 'attempt_id, status, fence',
    });
    return attempts?.find((row) => Reflect.get(Object(row), 'attempt_id') === attemptId);
  };
  const ordersAt = async (way: WayName): Promise<number> =>
    (await world.sandbox.at(way).totals()).reduce((sum, { orders }) => sum + orders, 0);
  /** Once a gateway stands there, in the middle of a transaction. */
  const reached = (gate: Gate, way: WayName) =>
    eventually(async () => (await gate.waiting())[0], {
      withinMs: WITHIN_MS,
      what: `${gatewayService[way]} to stand at the gate`,
    });

  type Row = Readonly<{ way: WayName; ends: string }>;
  it.each<Row>`
    way           | ends
    ${'wechat'}   | ${'succeeded'}
    ${'alipay'}   | ${'succeeded'}
    ${'unionpay'} | ${'unknown' /* its code was lost with the answer: the payer takes another way */}
  `(
    '$way: its gateway is killed between call and commit, and goes on with the same order, which is $ends',
    async ({ way, ends }) => {
      const { ring, sandbox, shops } = world;
      const [shop] = shops;
      const service = gatewayService[way];
      const payment = await ordered(shop);
      payments.add(payment.paymentId);
      const before = await ordersAt(way);
      // What it is told is in the row's transaction, whose last word is the report: there it stands.
      await using gate = await Gate.build(ring.databaseOf(service), {
        table: 'outbox',
        before: 'insert',
      });
      await gate.shut();
      const choice = chosen(shop, payment, way);
      expect(await reached(gate, way)).toMatchObject({ instance: service });
      const { attempts } = await shop.see(payment.paymentId);
      const attemptId = attempts[0]?.attemptId ?? '';
      expect(await sandbox.at(way).order(attemptId)).toBeDefined();
      expect(await rowOf(way, attemptId)).toMatchObject({ status: 'submitted', fence: 1 });

      const heir = await killAndRestart(world, service, () => gate.open());

      await choice;
      await finish(world, payment.paymentId);
      expect(await metricOf(heir, 'hutong_gateway_call_duration_seconds_count')).toBeGreaterThan(0);
      const row = await rowOf(way, attemptId);
      expect(row).toMatchObject({ status: ends });
      expect(row).not.toMatchObject({ fence: 1 });
      expect(await ordersAt(way)).toBe(before + 1);
    },
    SCENE_WITHIN_MS,
  );

  it(
    'each gateway is killed between what it undoes and its commits: it asks, and all is undone once',
    async () => {
      const { sandbox, shops } = world;
      const [shop] = shops;
      await using opened = new AsyncDisposableStack();
      const all = await Promise.all(ALL_WAYS.map((way) => undoing(world, opened, way)));

      const heirs = await Promise.all(
        all.map(async (what) => {
          await inHand(what); // while others were waited for it may have given up
          return killAndRestart(world, gatewayService[what.way], async () => {
            expect(await undoneOf(world, what)).toMatchObject({
              givenBack: 5000n,
              refund: { status: 'submitted' },
              ...(what.unwanted !== undefined && {
                order: expect.stringMatching(/CLOSED$/),
                attempt: { status: 'awaiting_payer', asked: true },
              }),
            });
            await what.gate.open();
          });
        }),
      );
      await sandbox.disarm();

      for (const [n, { bought, unwanted, ...what }] of all.entries()) {
        payments.add(bought.paymentId);
        const { refunds } = await shop.seeWhen(bought.paymentId, isGivenBack, {
          withinMs: WITHIN_MS,
          what: 'to be given back',
        });
        expect(refunds).toMatchObject([{ refundId: what.refundId }]);
        if (unwanted !== undefined) await shop.seeUntil(unwanted.paymentId, 'closed', WITHIN_MS);
        expect(await undoneOf(world, { bought, unwanted, ...what })).toMatchObject({
          givenBack: 5000n,
          refund: { status: 'succeeded' },
          ...(unwanted !== undefined && {
            attempt: { status: 'closed', close_reason: 'cancelled' },
          }),
        });
        expect(await askedBy(heirs[n], 'query_refund')).toBeGreaterThan(0);
        if (unwanted !== undefined) {
          closed += 1;
          expect(await askedBy(heirs[n], 'query')).toBeGreaterThan(0);
        }
      }
    },
    SCENE_WITHIN_MS,
  );

  const isGivenBack = ({ refunds }: PaymentView): boolean =>
    refunds.length > 0 && refunds.every(({ status }) => status === 'succeeded');
  /** How often a gateway has asked its provider since it was started. */
  const askedBy = (heir: ServiceProcess | undefined, callName: string): Promise<number> =>
    heir === undefined
      ? Promise.resolve(0)
      : metricOf(heir, 'hutong_gateway_call_duration_seconds_count', `call="${callName}"`);

  describe('a notification', () => {
    // No try falls into the time in which nobody listens: UnionPay has five, and then gives up.
    beforeEach(() => world.sandbox.hurry(1));

    it.each(ALL_WAYS)(
      '%s: its gateway is killed before it is kept, and the provider tells again',
      async (way) => {
        const { ring, sandbox, shops } = world;
        const service = gatewayService[way];
        const payment = await shown(shops[0], way);
        payments.add(payment.paymentId);
        const attemptId = payment.attempts[0]?.attemptId ?? '';
        await using gate = await Gate.build(ring.databaseOf(service), {
          table: 'notifications',
          before: 'insert',
        });
        await gate.shut();
        await payShown(world, payment);
        expect(await reached(gate, way)).toMatchObject({ instance: service });
        const triesOf = async () =>
          (await sandbox.at(way).order(attemptId))?.notifications.flatMap(({ tries }) => tries);
        expect(await triesOf()).toEqual([]);

        const heir = await killAndRestart(world, service, () => gate.open());
        await sandbox.hurry(HURRY);

        await eventually(
          async () => (await metricOf(heir, 'hutong_gateway_notifications_total')) > 0,
          { withinMs: WITHIN_MS, what: `${way} to tell ${service} again` },
        );
        await shops[0].seeUntil(payment.paymentId, 'paid', WITHIN_MS);
        expect(await keptOf(way, attemptId)).toHaveLength(1);
        expect((await triesOf())?.length).toBeGreaterThan(1);
      },
      SCENE_WITHIN_MS,
    );

    const keptOf = async (way: WayName, attemptId: string): Promise<unknown[]> => {
      const { notifications = [] } = await readRows(world.ring.databaseOf(gatewayService[way]), {
        notifications: 'attempt_id',
      });
      return notifications.filter((row) => Reflect.get(Object(row), 'attempt_id') === attemptId);
    };
  });

  it(
    'checkout is killed in a webhook, which the platform hears again under its id',
    async () => {
      const payment = await shown(world.shops[0], 'wechat');
      const { paymentId } = payment;
      payments.add(paymentId);
      receiver.hold(paymentId);
      await payShown(world, payment);
      await eventually(() => receiver.isAwaited(paymentId), {
        withinMs: WITHIN_MS,
        what: 'a webhook',
      });
      expect(await webhooks(paymentId)).toEqual(['pending']);

      await killAndRestart(world, 'checkout', () => receiver.answer(paymentId));

      // Its lease ends 26 s after it was taken.
      await eventually(() => receiver.of(paymentId).length > 1, {
        withinMs: WITHIN_MS,
        what: 'the webhook once more',
      });
      const [first, second, ...more] = receiver.of(paymentId);
      expect(second).toEqual(first);
      expect(more).toEqual([]);
      expect(await world.shops[0].see(paymentId)).toMatchObject({ status: 'paid' });
      await eventually(async () => (await webhooks(paymentId)).join() === 'delivered', {
        withinMs: WITHIN_MS,
        what: 'the webhook to be written down as delivered',
      });
    },
    SCENE_WITHIN_MS,
  );

  const webhooks = async (paymentId: string): Promise<unknown[]> => {
    const { webhook_message: messages = [] } = await readRows(world.ring.databaseOf('checkout'), {
      webhook_message: 'payment_id, status',
    });
    return messages
      .filter((row) => Reflect.get(Object(row), 'payment_id') === paymentId)
      .map((row): unknown => Reflect.get(Object(row), 'status'));
  };

  it(
    'has taken every payment once: four books agree, and nothing is stuck',
    async () => {
      const compared = await agreed(world, WITHIN_MS);
      expect(payments.size).toBe(3 * ALL_WAYS.length + 1);
      expect(compared.withMoney).toBe(payments.size);
      expect(closed).toBe(ALL_WAYS.length - 1);
      expect(compared.payments).toHaveLength(payments.size + closed);
    },
    SCENE_WITHIN_MS,
  );
});
