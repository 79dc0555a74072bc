import { RING_SERVICES, type PaymentView } from '@hutong/world';
import { agreed, type FaultWorld } from './fault-world.examples.js';
import { ordersAt, outlineOf, storiesOf, type Story } from './told.examples.js';
import { paid, shown, WITHIN_MS } from './ways.examples.js';

/** Lets a payment go to its end. @returns its id. */
type Life = (world: FaultWorld) => Promise<string>;

/** Long enough for the gateway to have heard that the order is closed. */
const SURELY_CLOSED_MS = 1_000;

/** Of each end one, by one attempt: paid, given back, closed, and paid too late. */
export const LIVES = {
  paid: async (world) => (await paid(world, world.shops[0], 'unionpay')).paymentId,
  refunded: async (world) => {
    const [shop] = world.shops;
    const { paymentId } = await paid(world, shop, 'alipay');
    await shop.refund(paymentId, '12800');
    await shop.seeUntil(paymentId, 'refunded', WITHIN_MS);
    return paymentId;
  },
  closed: async ({ shops: [shop] }) => {
    const { paymentId } = await shown(shop, 'wechat');
    await shop.close(paymentId);
    await shop.seeUntil(paymentId, 'closed', WITHIN_MS);
    return paymentId;
  },
  'paid after it was closed': async ({ shops: [shop], sandbox }) => {
    const { paymentId, attempts } = await shown(shop, 'wechat');
    const outTradeNo = attempts[0]?.attemptId ?? '';
    const late = {
      call: 'close',
      fault: 'success_after_close',
      delayMs: SURELY_CLOSED_MS,
    } as const;
    await sandbox.at('wechat').arm({ ...late, outTradeNo });
    await shop.close(paymentId);
    await shop.seeWhen(paymentId, hasSurplusBack, {
      withinMs: WITHIN_MS,
      what: 'to have its surplus back',
    });
    return paymentId;
  },
} satisfies Readonly<Record<string, Life>>;

const hasSurplusBack = ({ surplus }: PaymentView): boolean =>
  surplus.length > 0 && surplus.every(({ status }) => status === 'refunded');

/** So many at a time. */
const BESIDE = 12;
/** By so many it is seen what most of a life are told of. */
const FIRST = 3;
/** Now and then one takes another way, and is told of otherwise: a code that was asked about, say. */
const MOST_ROUNDS = 5;

/**
 * As many payments of one life as any service has orders of hearing of it, all told of alike: each may
 * then be told again in an order of its own. @throws Error if too few are alike.
 */
export async function livedInAllOrders(world: FaultWorld, live: Life): Promise<readonly Story[]> {
  const all: Story[] = [];
  let count = FIRST;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const ids = await lived(world, live, count);
    await agreed(world, WITHIN_MS); // told to their ends
    all.push(...(await storiesOf(world, ids)));
    const alike = mostAlike(all);
    count = ordersOf(alike) - alike.length;
    if (count <= 0) return alike;
  }
  throw new Error(`${count} more payments would have had to be told of alike`);
}

const mostAlike = (all: readonly Story[]): readonly Story[] =>
  [...Map.groupBy(all, outlineOf).values()].toSorted((a, b) => b.length - a.length)[0] ?? [];

/** In how many orders that service hears of them which has most. */
const ordersOf = ([story = []]: readonly Story[]): number =>
  Math.max(...RING_SERVICES.map((service) => ordersAt(service, story).length));

async function lived(world: FaultWorld, live: Life, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(BESIDE, count - ids.length) }, () => live(world));
    ids.push(...(await Promise.all(some)));
  }
  return ids;
}
