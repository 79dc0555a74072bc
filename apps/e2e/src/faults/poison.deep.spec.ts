import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  catalogue,
  GATEWAY_REPORTS,
  gatewayService,
  gatewayTopic,
  LOCAL_PARTITIONS,
  parkedTopic,
  PAYMENT_OUTCOMES,
  PROVIDER_BILLS,
  type Topic,
} from '@hutong/domain-events';
import { GroupOffsets } from '@hutong/messaging';
import { eventually } from '@hutong/testing';
import {
  comparePayments,
  printDifferences,
  readRows,
  type PaymentView,
  type RingService,
} from '@hutong/world';
import { startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { bringBack, hide, type Hidden } from './repairs.examples.js';
import { runOf } from './service-command.examples.js';
import {
  ALL_WAYS,
  chosen,
  offeredOf,
  ordered,
  paid,
  payShown,
  shown,
  shownOf,
  WITHIN_MS,
} from './ways.examples.js';
import { wholeBooks } from './whole-books.examples.js';

/** Nobody's: 26 characters, and a payment that is not there. */
const NOBODYS_ATTEMPT = '0'.repeat(26);
const NOBODYS_PAYMENT = '01a00000-0000-7000-8000-000000000000';
const HASTY_SECONDS = 1;

const running = new AsyncDisposableStack();
let world: FaultWorld;

beforeAll(async () => {
  world = await startFaultWorld(running);
}, 300_000);
afterAll(() => running.disposeAsync(), 120_000);

const shop = () => world.shops[0];

/** Until so many records of a payment lie aside. */
const parked = (topic: Topic, service: RingService, key: string, count = 1) =>
  eventually(
    async () => {
      const all = await world.probe.records(parkedTopic(topic, service));
      return all.filter((one) => one.key === key).length === count;
    },
    { withinMs: WITHIN_MS, what: `${count} records of ${topic} parked by ${service}` },
  );

const booksAgree = () => wholeBooks(world, WITHIN_MS);

/** Every topic of money, and whoever hears it. */
const HEARD: readonly Readonly<{ name: Topic; service: RingService }>[] = catalogue
  .filter(({ name }) => name !== PROVIDER_BILLS)
  .flatMap(({ name, heardBy }) => heardBy.map((service) => ({ name, service })));

describe('what nobody can read, in every partition of every topic', () => {
  it(
    'is set aside by each group while payments of all providers go on',
    async () => {
      const key = randomUUID();
      const topics = new Set(HEARD.map(({ name }) => name));
      for (const topic of topics) {
        for (let partition = 0; partition < LOCAL_PARTITIONS; partition += 1) {
          const poison = [
            { key, value: '{', partition },
            { key, value: null, partition },
          ];
          await world.probe.produce(topic, ...poison);
        }
      }
      await Promise.all(ALL_WAYS.map((way) => paid(world, shop(), way)));
      for (const { name, service } of HEARD) await parked(name, service, key, 2 * LOCAL_PARTITIONS);
      expect((await booksAgree()).withMoney).toBe(ALL_WAYS.length);

      const said = await runOf(world.ring, 'routing', ['redrive', '--key', key]);
      expect(said.out).toContain(`${4 * LOCAL_PARTITIONS} parked`);
      const args = ['redrive', '--key', key, '--apply', '--by', 'wang'];
      const left = await runOf(world.ring, 'routing', args);
      expect([left.exitCode, left.out]).toEqual([1, expect.stringContaining('by this release')]);
    },
    4 * WITHIN_MS,
  );
});

type Scene = Readonly<{
  topic: Topic;
  service: RingService;
  /** Brings about what is parked, with the cause there, and takes the cause away again. @returns the payment. */
  trouble: () => Promise<PaymentView>;
  /** How many records are parked of it. */
  count: number;
  /** What comes of it once they are put back. */
  then: (payment: PaymentView) => Promise<unknown>;
}>;

/** What happens while a service does not find some of its rows, until it has set its events aside. */
async function without(
  at: Readonly<{ topic: Topic; service: RingService; hidden: Hidden; key: string; count: number }>,
  work: () => Promise<unknown>,
): Promise<void> {
  await hide(world, at.service, at.hidden);
  try {
    await work();
    await parked(at.topic, at.service, at.key, at.count);
  } finally {
    await bringBack(world, at.service, at.hidden);
  }
}

const seen = (paymentId: string, status: string) => () =>
  shop().seeUntil(paymentId, status, WITHIN_MS);

/** A choice and a close, of a payment that routing does not find. */
async function unknownToRouting(): Promise<PaymentView> {
  const payment = await offeredOf(shop(), (await ordered(shop())).paymentId);
  const { paymentId: key } = payment;
  const hidden = { table: 'payment', column: 'payment_id', is: key, becomes: NOBODYS_PAYMENT };
  const at = { topic: 'checkout.payments', service: 'routing', hidden, key, count: 2 } as const;
  await without(at, async () => {
    await chosen(shop().waiting(HASTY_SECONDS), payment, 'wechat');
    await shop().close(key);
  });
  return payment;
}

/** An offer of a payment that checkout does not find, told once routing goes on. */
async function unknownToCheckout(): Promise<PaymentView> {
  const [routing] = world.ring.instancesOf('routing');
  routing?.signal('SIGSTOP');
  try {
    const order = { orderReference: randomUUID(), minor: '12800' };
    const payment = await shop().waiting(HASTY_SECONDS).request(order);
    const { paymentId: key } = payment;
    const hidden = { table: 'payment', column: 'payment_id', is: key, becomes: NOBODYS_PAYMENT };
    const at = { topic: 'routing.decisions', service: 'checkout', hidden, key, count: 1 } as const;
    await without(at, async () => Promise.resolve(routing?.signal('SIGCONT')));
    return payment;
  } finally {
    routing?.signal('SIGCONT');
  }
}

/** Money of an attempt that this service does not find. */
async function moneyOfNobodys(service: 'checkout' | 'routing'): Promise<PaymentView> {
  const payment = await shown(shop(), 'alipay');
  const is = payment.attempts[0]?.attemptId ?? '';
  const hidden = { table: 'attempt', column: 'attempt_id', is, becomes: NOBODYS_ATTEMPT };
  const key = payment.paymentId;
  const at = { topic: GATEWAY_REPORTS, service, hidden, key, count: 1 } as const;
  await without(at, () => payShown(world, payment));
  return payment;
}

const refundOfNobodys = (provider: (typeof ALL_WAYS)[number]): Scene => {
  const [topic, service] = [gatewayTopic[provider], gatewayService[provider]];
  const trouble = async () => {
    const payment = await paid(world, shop(), provider);
    const { paymentId: key } = payment;
    const hidden = { table: 'attempts', column: 'payment_id', is: key, becomes: NOBODYS_PAYMENT };
    await without({ topic, service, hidden, key, count: 1 }, () => shop().refund(key, '2800'));
    return payment;
  };
  const then = ({ paymentId }: PaymentView) => seen(paymentId, 'partly_refunded')();
  return { topic, service, trouble, count: 1, then };
};

const SCENES: readonly Scene[] = [
  {
    topic: 'checkout.payments',
    service: 'routing',
    trouble: unknownToRouting,
    count: 2,
    // In their order: the other way round the choice would have been refused.
    then: async ({ paymentId }) => {
      const closed = await seen(paymentId, 'closed')();
      expect(closed.attempts).toMatchObject([{ status: 'closed' }]);
    },
  },
  {
    topic: 'routing.decisions',
    service: 'checkout',
    trouble: unknownToCheckout,
    count: 1,
    then: async ({ paymentId }) => {
      await chosen(shop(), await seen(paymentId, 'offered')(), 'unionpay');
      await payShown(world, await shownOf(shop(), paymentId));
      await seen(paymentId, 'paid')();
    },
  },
  {
    topic: GATEWAY_REPORTS,
    service: 'checkout',
    trouble: () => moneyOfNobodys('checkout'),
    count: 1,
    then: ({ paymentId }) => seen(paymentId, 'paid')(),
  },
  {
    topic: GATEWAY_REPORTS,
    service: 'routing',
    trouble: () => moneyOfNobodys('routing'),
    count: 1,
    then: ({ paymentId }) => seen(paymentId, 'paid')(),
  },
  ...ALL_WAYS.map(refundOfNobodys),
  {
    topic: PAYMENT_OUTCOMES,
    service: 'ledger',
    trouble: parkedByAnOlderLedger,
    count: 2,
    then: () => Promise.resolve(),
  },
];

/** Outcomes that a release before could not read: it set them aside, and this one can. */
async function parkedByAnOlderLedger(): Promise<PaymentView> {
  const { ring, probe, broker } = world;
  await Promise.all(ring.instancesOf('ledger').map((one) => one.stop()));
  const payment = await paid(world, shop(), 'wechat');
  await shop().refund(payment.paymentId, '12800');
  await shop().seeUntil(payment.paymentId, 'refunded', WITHIN_MS);
  const own = await eventually(
    async () => {
      const all = await probe.records(PAYMENT_OUTCOMES);
      const of = all.filter(({ key }) => key === payment.paymentId);
      return of.length === 2 && of;
    },
    { withinMs: WITHIN_MS, what: 'both outcomes' },
  );
  for (const { key, bytes, headers, partition, offset, appendedAt } of own) {
    const provenance = {
      'dlt.original-topic': PAYMENT_OUTCOMES,
      'dlt.original-partition': String(partition),
      'dlt.original-offset': String(offset),
      'dlt.original-timestamp': appendedAt.toISOString(),
      'dlt.error-code': 'version_unknown',
    };
    const record = { key, value: bytes, partition, headers: { ...headers, ...provenance } };
    await probe.produce(parkedTopic(PAYMENT_OUTCOMES, 'ledger'), record);
  }
  await using group = await GroupOffsets.connect({ brokers: broker.brokers }, 'ledger');
  await group.toEnd(PAYMENT_OUTCOMES);
  await ring.restart('ledger');
  expect(printDifferences(await comparePayments(ring))).not.toEqual([]);
  return payment;
}

describe('what was set aside for a cause that has gone', () => {
  it.each(SCENES)(
    'of $topic by $service is put back in order, and the books agree',
    async ({ topic, service, trouble, count, then }) => {
      const payment = await trouble();
      const about = ['redrive', '--topic', topic, '--key', payment.paymentId];
      const dry = await runOf(world.ring, service, about);
      expect([dry.exitCode, dry.out]).toEqual([0, expect.stringContaining(`${count} parked`)]);
      expect(await redrivesOf(service, payment.paymentId)).toEqual([]);

      const wait = ['--wait', String(WITHIN_MS / 1_000)];
      const done = await runOf(world.ring, service, [...about, '--apply', '--by', 'wang', ...wait]);

      expect([done.exitCode, done.out]).toEqual([0, expect.stringContaining('is dealt with')]);
      expect(await redrivesOf(service, payment.paymentId)).toEqual(
        Array.from({ length: count }, () => ({
          key: payment.paymentId,
          ordered_by: 'wang',
          outcome: 'handled',
        })),
      );
      await then(payment);
      expect((await booksAgree()).withMoney).toBeGreaterThan(0);
    },
    5 * WITHIN_MS,
  );
});

async function redrivesOf(service: RingService, key: string) {
  const columns = { redrives: 'key, ordered_by, outcome' };
  const { redrives = [] } = await readRows(world.ring.databaseOf(service), columns);
  return redrives.filter((row) => JSON.stringify(row).includes(key));
}
