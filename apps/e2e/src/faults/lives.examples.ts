import type { DomainEvent } from '@hutong/domain-events';
import { RING_SERVICES, type PaymentView } from '@hutong/world';
import { agreed, type FaultWorld } from './fault-world.examples.js';
import { howMany, howManyOf, type Bound } from './interleavings.examples.js';
import { heardOf, outlineOf, storiesOf, type Story } from './told.examples.js';
import { chosen, ordered, paid, payShown, shown, shownOf, WITHIN_MS } from './ways.examples.js';

/** What becomes of a payment. */
export type Life = Readonly<{
  /** Lets one go to its end. @returns its id. */
  live: (world: FaultWorld) => Promise<string>;
  /** What it is lived for. Those that told nothing of it took another way. */
  tells: DomainEvent['type'];
}>;

/** Long enough, as a rule, for checkout to have heard that the order is closed. */
const CLOSED_FOR_MS = 3_000;

/** Of each end one: paid, given back or not, closed, paid too late, and by a second attempt elsewhere. */
export const LIVES: readonly Life[] = [
  {
    tells: 'payment.paid',
    live: async (world) => (await paid(world, world.shops[0], 'unionpay')).paymentId,
  },
  {
    tells: 'attempt.unknown',
    live: async (world) => {
      const [shop] = world.shops;
      await world.sandbox.at('wechat').arm({ call: 'create', fault: 'error_500_after' });
      const payment = await shown(shop, 'wechat');
      await payShown(world, payment);
      await shop.seeUntil(payment.paymentId, 'paid', WITHIN_MS);
      return payment.paymentId;
    },
  },
  {
    tells: 'payment.refunded',
    live: async (world) => {
      const [shop] = world.shops;
      const { paymentId } = await paid(world, shop, 'alipay');
      await shop.refund(paymentId, '12800');
      await shop.seeUntil(paymentId, 'refunded', WITHIN_MS);
      return paymentId;
    },
  },
  {
    tells: 'refund.failed',
    live: async (world) => {
      const [shop] = world.shops;
      const { paymentId } = await paid(world, shop, 'unionpay');
      await world.sandbox.at('unionpay').arm({ call: 'refund', fault: 'ends_failed' });
      await shop.refund(paymentId, '2800');
      return until(world, paymentId, 'to have its refund failed', ({ refunds }) =>
        refunds.some(({ status }) => status === 'failed'),
      );
    },
  },
  {
    tells: 'payment.closed',
    live: async ({ shops: [shop] }) => {
      const { paymentId } = await shown(shop, 'wechat');
      await shop.close(paymentId);
      await shop.seeUntil(paymentId, 'closed', WITHIN_MS);
      return paymentId;
    },
  },
  {
    tells: 'payment.surplus_refunded',
    live: async (world) => {
      const { paymentId } = await shownAndPaidAfterClose(world);
      await world.shops[0].close(paymentId);
      return until(world, paymentId, 'to have its surplus back', (seen) => {
        return hasSurplusBack(seen) || seen.status === 'paid'; // before anybody heard of the close
      });
    },
  },
  {
    tells: 'attempt.failed',
    live: async (world) => {
      const [shop] = world.shops;
      const payment = await ordered(shop);
      const refusal = { call: 'create', fault: 'refuse', code: 'TRADE_ERROR' } as const;
      await world.sandbox.at('wechat').arm(refusal);
      await chosen(shop, payment, 'wechat');
      await until(world, payment.paymentId, 'to have its attempt failed', isOver);
      return paidAtAlipay(world, payment);
    },
  },
  {
    tells: 'payment.attempt_closed',
    live: async (world) => paidAtAlipay(world, await shown(world.shops[0], 'wechat')),
  },
  {
    tells: 'payment.surplus_taken',
    live: async (world) => {
      const payment = await shownAndPaidAfterClose(world);
      await paidAtAlipay(world, payment);
      return until(world, payment.paymentId, 'to have its surplus back', hasSurplusBack);
    },
  },
];

const hasSurplusBack = ({ surplus }: PaymentView): boolean =>
  surplus.length > 0 && surplus.every(({ status }) => status === 'refunded');

const ENDED = ['closed', 'failed', 'succeeded'];
const isOver = ({ attempts }: PaymentView): boolean =>
  attempts.length > 0 && attempts.every(({ status }) => ENDED.includes(status));

/** @returns its id. */
async function until(
  { shops: [shop] }: FaultWorld,
  paymentId: string,
  what: string,
  isSo: (seen: PaymentView) => boolean,
): Promise<string> {
  await shop.seeWhen(paymentId, isSo, { withinMs: WITHIN_MS, what });
  return paymentId;
}

/** At WeChat, where somebody pays it as soon as it is closed. */
async function shownAndPaidAfterClose({
  shops: [shop],
  sandbox,
}: FaultWorld): Promise<PaymentView> {
  const payment = await shown(shop, 'wechat');
  const outTradeNo = payment.attempts[0]?.attemptId ?? '';
  const fault = { call: 'close', fault: 'success_after_close' } as const;
  await sandbox.at('wechat').arm({ ...fault, delayMs: CLOSED_FOR_MS, outTradeNo });
  return payment;
}

/** By a second attempt, whatever became of the first. */
async function paidAtAlipay(world: FaultWorld, payment: PaymentView): Promise<string> {
  const [shop] = world.shops;
  await chosen(shop, payment, 'alipay');
  await payShown(world, await shownOf(shop, payment.paymentId));
  await shop.seeUntil(payment.paymentId, 'paid', WITHIN_MS);
  return until(world, payment.paymentId, 'to have its first attempt over', isOver);
}

/** So many at a time. */
const BESIDE = 12;
/** By so many it is seen what most of a life are told of. */
const FIRST = 4;
/** Each payment may be told again so often, in another order each time. */
const TIMES = 10;
/** Now and then one takes another way, and is told of otherwise: a code that was asked about, say. */
const MOST_ROUNDS = 10;

/**
 * Payments of one life, all told of alike: enough for each to be told again a few times, in an order of its
 * own each time, until they were told in as many as `bound` says.
 * @throws Error if too few are alike.
 */
export async function livedAlike(
  world: FaultWorld,
  { live, tells }: Life,
  bound: Bound,
): Promise<readonly Story[]> {
  const all: Story[] = [];
  let count = FIRST;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const ids = await lived(world, live, count);
    await agreed(world, WITHIN_MS); // told to their ends
    const stories = await storiesOf(world, ids);
    all.push(...stories.filter((story) => story.flat().some(({ type }) => type === tells)));
    const alike = mostAlike(all);
    count = Math.ceil(ordersOf(alike, bound) / TIMES) - alike.length;
    if (count <= 0) return alike;
  }
  throw new Error(`${count} more payments would have had to be told of alike`);
}

const mostAlike = (all: readonly Story[]): readonly Story[] =>
  [...Map.groupBy(all, outlineOf).values()].toSorted((a, b) => b.length - a.length)[0] ?? [];

/** In how many orders that service is told of them which is told in most. */
const ordersOf = ([story = []]: readonly Story[], bound: Bound): number =>
  Math.max(
    ...RING_SERVICES.map((service) =>
      howManyOf(howMany(heardOf(service, story).map(({ length }) => length)), bound),
    ),
  );

async function lived(
  world: FaultWorld,
  live: Life['live'],
  count: number,
): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(BESIDE, count - ids.length) }, () => live(world));
    ids.push(...(await Promise.all(some)));
  }
  return ids;
}
