import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import {
  Gate,
  metricOf,
  play,
  readRows,
  RING_SERVICES,
  type PaymentView,
  type ServiceProcess,
  type WriteLog,
} from '@hutong/world';
import { agreed, countedBy, toldAgain, type FaultWorld } from './fault-world.examples.js';
import { firstAt, instanceOf, isFrozen } from './freezing.examples.js';
import {
  allJoined,
  allMissed,
  bothOf,
  payEnough,
  shopBeside,
  startTwoOfEach,
  writersIn,
  type TwoOfEach,
} from './two-instances.examples.js';
import { toldAtOnce } from './waiting.examples.js';
import {
  ALL_WAYS,
  chosen,
  ordered,
  paid,
  payShown,
  shown,
  shownOf,
  WITHIN_MS,
} from './ways.examples.js';
import { freezeOneOfEach, thaw } from './zombies.examples.js';

const SCENE_WITHIN_MS = 400_000;
/** Of attempts that fail in a row, with two to spare, a circuit opens; and no fewer than what went well. */
const TRIES = 7;

/** The log lines of a process that came back too late, by what it was in the middle of. */
const SAID = [
  ['wechat-gateway', 'answer came after the lease'],
  ['unionpay-gateway', 'answer came after the lease'],
  ['alipay-gateway', 'the outbox could not be sent'],
  ['routing', 'a handler failed'],
  ['ledger', 'a handler failed'],
] as const;

describe('two instances of each service', () => {
  const running = new AsyncDisposableStack();
  let two: TwoOfEach;
  let world: FaultWorld;

  beforeAll(async () => {
    two = await startTwoOfEach(running);
    ({ world } = two);
  }, 300_000);

  afterAll(() => running.disposeAsync(), 120_000);

  /** What fails says what the ring's processes complained of. */
  const played = (scene: () => Promise<void>) => () => play(world.ring, world, scene);

  /** @param after so much of its log: what it said before may have had another cause. */
  const said = (process: ServiceProcess, words: string, after: number): Promise<boolean> =>
    eventually(() => process.log().slice(after).includes(words), {
      withinMs: WITHIN_MS,
      what: `${process.name} to say "${words}"`,
    });

  it(
    'share the work: waiters hear of what the other did, orders and webhooks are sent by one of them',
    played(async () => {
      const { shops } = world;
      const { logs, receiver } = two;
      // Of those who wait, one is never at the instance that closes it.
      for (const shop of shops) {
        const seen = await toldAtOnce(world, shop);
        expect(seen.map(({ status }) => status)).toEqual(['closed', 'closed']);
      }

      const all: PaymentView[] = [];
      const took = {
        checkout: logs.payments,
        routing: logs.decisions,
        'wechat-gateway': logs.orders,
      } as const;
      await eventually(
        async () => {
          all.push(...(await payEnough(world)));
          expect(await Promise.all(Object.values(took).map(writersIn))).toEqual([
            bothOf('checkout'),
            bothOf('routing'),
            bothOf('wechat-gateway'),
          ]);
          expect(await writersIn(logs.streams)).toEqual(bothOf('checkout'));
          return true;
        },
        { withinMs: WITHIN_MS, what: 'both instances to have a part of everything' },
      );
      await eventually(() => all.every(({ paymentId }) => receiver.of(paymentId).length > 0), {
        withinMs: WITHIN_MS,
        what: 'a webhook of each payment',
      });
      expect((await agreed(world, WITHIN_MS)).withMoney).toBe(all.length);
      for (const { paymentId } of all) {
        expect(receiver.of(paymentId).map(({ sequence }) => sequence)).toEqual([1]);
      }
    }),
    SCENE_WITHIN_MS,
  );

  it(
    'one of each is frozen in the middle, and what it does once it goes on counts for nothing',
    played(async () => {
      const { ring } = world;
      const { logs, receiver } = two;
      const before = (await agreed(world, WITHIN_MS)).withMoney;
      const repeated = await toldAgain(world, 'gateway.reports');
      const lost = new Map(
        await Promise.all(
          ring
            .instancesOf('checkout')
            .map(async (one) => [one.name, await leasesLost(one)] as const),
        ),
      );
      await using thawed = new AsyncDisposableStack(); // also if the scene fails
      thawed.defer(() => thaw(ring));

      const zombies = await freezeOneOfEach(two);
      const { processes, halfWay, told, heard, count } = zombies;
      /** What the frozen gateways have written of the two that they were sending. */
      const written = () =>
        Promise.all([
          writesOf(logs.orders, zombies.orderId, processes['wechat-gateway']),
          writesOf(logs.refunds, zombies.refundId, processes['unionpay-gateway']),
        ]);
      const sent = await written();
      expect(sent.map(({ length }) => length > 0)).toEqual([true, true]);
      const living = shopBeside(world, processes.checkout);
      for (const { paymentId } of halfWay) {
        await payShown(world, await shownOf(living, paymentId));
        await living.seeUntil(paymentId, 'paid', WITHIN_MS);
      }
      await eventually(() => receiver.of(told.paymentId).length > heard, {
        withinMs: WITHIN_MS,
        what: 'the webhook to be sent by the other',
      });
      await allMissed(world); // past its session, each of them
      const meanwhile = await agreed(world, WITHIN_MS);
      expect(meanwhile.withMoney).toBe(before + count);
      expect(Object.values(processes).map(isFrozen)).toEqual(RING_SERVICES.map(() => true));
      const logged = new Map(Object.values(processes).map((one) => [one.name, one.log().length]));

      thaw(ring);
      await Promise.all(Object.values(processes).map((zombie) => zombie.ready()));
      await allJoined(world);

      for (const [service, line] of SAID) {
        const zombie = processes[service];
        await said(zombie, line, logged.get(zombie.name) ?? 0);
      }
      const { checkout } = processes;
      await eventually(
        async () => (await leasesLost(checkout)) > (lost.get(checkout.name) ?? Infinity),
        { withinMs: WITHIN_MS, what: 'a webhook whose lease was lost' },
      );
      expect(await written()).toEqual(sent);
      expect(await toldAgain(world, 'gateway.reports')).toBeGreaterThan(repeated);
      expect(new Set(receiver.of(told.paymentId).map(({ webhookId }) => webhookId)).size).toBe(1);
      expect((await agreed(world, WITHIN_MS)).payments).toEqual(meanwhile.payments);
      await payEnough(world);
      await agreed(world, WITHIN_MS);
    }),
    SCENE_WITHIN_MS,
  );

  it(
    'one of each is killed, and the others go on without it',
    played(async () => {
      const { ring, shops } = world;
      const { entries } = two.logs;
      const [shop, living = shop] = shops;
      const before = (await agreed(world, WITHIN_MS)).withMoney;
      const booked = (await entries.writes()).length;
      await using gate = await Gate.build(ring.databaseOf('ledger'), {
        table: 'ledger_event',
        before: 'insert',
      });
      const halfWay = await Promise.all(ALL_WAYS.map((way) => shown(living, way)));
      const chosenOnly = await ordered(living);
      const [first, ...others] = halfWay;
      if (first === undefined) throw new Error('nobody pays');
      await gate.shut();
      await payShown(world, first);
      const booking = (await firstAt(gate, 'a ledger in the middle of an entry')).instance;
      const killed = RING_SERVICES.map((service) =>
        instanceOf(ring, service, service === 'ledger' ? booking : service),
      );

      await Promise.all(killed.map((one) => one.kill()));
      await gate.open();
      await Promise.all(others.map((payment) => payShown(world, payment)));
      await chosen(living, chosenOnly, 'wechat');
      await payShown(world, await shownOf(living, chosenOnly.paymentId));

      const all = [...halfWay, chosenOnly];
      for (const { paymentId } of all) await living.seeUntil(paymentId, 'paid', WITHIN_MS);
      const compared = await agreed(world, WITHIN_MS);
      expect(compared.withMoney).toBe(before + all.length);
      expect(killed.map(({ exited }) => exited)).toEqual(RING_SERVICES.map(() => true));
      // Also what was in the hands of the one that was killed: it was told to the other one again.
      const heir = bothOf('ledger').find((name) => name !== booking);
      expect((await entries.writes()).slice(booked).map(({ instance }) => instance)).toEqual(
        all.map(() => heir),
      );
      await Promise.all(RING_SERVICES.map((service) => ring.restart(service)));
    }),
    SCENE_WITHIN_MS,
  );

  it(
    'a circuit that one of them opened is obeyed by both',
    played(async () => {
      const { sandbox, shops } = world;
      const [shop] = shops;
      const { withMoney } = await agreed(world, WITHIN_MS);
      const [before, asked] = [await turned(), await questions()];
      for (const call of ['precreate', 'query'] as const) {
        await sandbox.at('alipay').arm({ call, fault: 'drop_request', share: 1 });
      }
      const doomed = await Promise.all(
        Array.from({ length: TRIES + (await goodOfLate()) }, () => ordered(shop)),
      );
      const choices = doomed.map((payment) => chosen(shop, payment, 'alipay'));
      const turns = async (): Promise<number[]> =>
        (await turned()).map((count, n) => count - (before[n] ?? 0));
      await eventually(async () => (await turns()).some((count) => count > 0), {
        withinMs: WITHIN_MS,
        what: 'the circuit to be opened',
      });
      expect((await turns()).toSorted()).toEqual([0, 1]);

      const decidedBy = new Set<string>();
      const providers = new Set<string | undefined>();
      await eventually(
        async () => {
          const { paymentId, offer } = await ordered(shop);
          for (const { method } of offer?.methods ?? []) providers.add(method.split('/')[0]);
          for (const { instance } of await two.logs.decisions.writes(paymentId)) {
            decidedBy.add(instance);
          }
          return decidedBy.size === 2;
        },
        { withinMs: WITHIN_MS, what: 'offers by both instances of routing' },
      );
      expect([...providers].toSorted()).toEqual(['unionpay', 'wechat']);
      await eventually(async () => (await questions()) > asked, {
        withinMs: WITHIN_MS,
        what: 'Alipay to be asked what became of the orders that it did not answer',
      });
      await sandbox.disarm();
      await Promise.all(choices);
      await paid(world, shop, 'wechat');
      expect((await agreed(world, WITHIN_MS)).withMoney).toBe(withMoney + 1);
    }),
    SCENE_WITHIN_MS,
  );

  /** Reports of Alipay that went well within the time that a circuit looks back at: scenes before this one. */
  const goodOfLate = async (): Promise<number> => {
    const { report_tally: slots = [] } = await readRows(world.ring.databaseOf('routing'), {
      report_tally: 'provider, good',
    });
    return slots
      .filter((slot) => Reflect.get(Object(slot), 'provider') === 'alipay')
      .reduce<number>((sum, slot) => sum + Number(Reflect.get(Object(slot), 'good')), 0);
  };

  /** How often each instance of routing opened or closed a circuit. */
  const turned = (): Promise<number[]> =>
    Promise.all(
      world.ring
        .instancesOf('routing')
        .map((one) => metricOf(one, 'hutong_routing_circuit_changes_total', 'provider="alipay"')),
    );

  const questions = (): Promise<number> =>
    countedBy(
      world.ring,
      'alipay-gateway',
      'hutong_gateway_call_duration_seconds_count',
      'call="query"',
    );
});

const leasesLost = (checkout: ServiceProcess): Promise<number> =>
  metricOf(checkout, 'hutong_checkout_webhooks_total', 'result="lease_lost"');

/** What one process wrote of a row. */
const writesOf = async (log: WriteLog, key: string, { name }: ServiceProcess) =>
  (await log.writes(key)).filter(({ instance }) => instance === name);
