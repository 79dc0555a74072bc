import {
  Gate,
  readRows,
  RING_SERVICES,
  type Merchant,
  type PaymentView,
  type Place,
  type Ring,
  type RingService,
  type ServiceProcess,
} from '@hutong/world';
import { frozenAt, frozenIn } from './freezing.examples.js';
import { holderIn, type TwoOfEach } from './two-instances.examples.js';
import { chosen, ordered, paid, payShown, shown, WITHIN_MS } from './ways.examples.js';

/** So long the sandbox keeps an answer open; longer than the gateways wait for it. */
const OPEN_MS = 30_000;
/** If the call has ended before its gateway stood still, the next one is as slow. */
const MORE_TRIES = 5;
const MINOR = '12800';

/** Where each of three is frozen, in an open transaction. */
const PLACES = {
  /** What is told was sent to the broker and is not deleted yet: the relay holds its shards. */
  'alipay-gateway': { table: 'outbox', before: 'delete' },
  /** An outcome is being booked. */
  ledger: { table: 'ledger_event', before: 'insert' },
  /** A choice is being accepted. */
  routing: { table: 'attempt', before: 'insert' },
} as const satisfies Partial<Record<RingService, Place>>;

/** One instance of each service, frozen in the middle of something else. */
export type Zombies = Readonly<{
  processes: Readonly<
    Record<
      'checkout' | 'routing' | 'ledger' | 'wechat-gateway' | 'alipay-gateway' | 'unionpay-gateway',
      ServiceProcess
    >
  >;
  /** Payments that wait for what was frozen, chosen and not paid yet. */
  halfWay: readonly PaymentView[];
  /** Paid before its webhook was frozen with the checkout that sent it. */
  told: PaymentView;
  /** How often that webhook had come by then. */
  heard: number;
  /** WeChat's order whose sending was frozen. */
  orderId: string;
  /** UnionPay's refund whose sending was frozen. */
  refundId: string;
  /** How many payments there are of all kinds. */
  count: number;
}>;

/**
 * Freezes the instance that happens to do it: a relay between sending and deleting, a ledger in an entry,
 * gateways in the calls that make an order and give money back, a routing in a choice, and a checkout in
 * a webhook. In this order, so that nothing is in the way of what comes later.
 */
export async function freezeOneOfEach(two: TwoOfEach): Promise<Zombies> {
  const { world, receiver, logs } = two;
  const { ring, sandbox } = world;
  const [shop] = world.shops;
  const gates = {
    told: await Gate.build(ring.databaseOf('alipay-gateway'), PLACES['alipay-gateway']),
    booked: await Gate.build(ring.databaseOf('ledger'), PLACES.ledger),
    accepted: await Gate.build(ring.databaseOf('routing'), PLACES.routing),
  };
  const booked = await shown(shop, 'wechat');
  const told = await shown(shop, 'unionpay');
  const returned = await paid(world, shop, 'unionpay');
  const halfWay = [await ordered(shop), await ordered(shop), await ordered(shop)] as const;
  const [toTell, toSend, toAccept] = halfWay;

  await gates.told.shut();
  const telling = chosen(shop, toTell, 'alipay');
  const relay = await frozenAt(ring, 'alipay-gateway', gates.told);

  await gates.booked.shut();
  await payShown(world, booked);
  const ledger = await frozenAt(ring, 'ledger', gates.booked);

  const slow = { fault: 'delay_answer', delayMs: OPEN_MS, times: MORE_TRIES };
  await sandbox.at('wechat').arm({ call: 'create', ...slow });
  const sending = chosen(shop, toSend, 'wechat');
  const orderId = await attemptOf(shop, toSend);
  const submitting = await frozenIn(ring, 'wechat-gateway', {
    begun: async () => (await sandbox.at('wechat').order(orderId)) !== undefined,
    by: () => holderIn(logs.orders, orderId),
    still: () => isUnderWay(ring, { order: orderId }),
  });
  await sandbox.disarm();

  await sandbox.at('unionpay').arm({ call: 'undo', ...slow });
  // What is told of it would be known before the call is over.
  await sandbox.at('unionpay').arm({ call: 'notify_refund', fault: 'no_notification' });
  const before = await givenBack(two);
  const { refundId } = await shop.refund(returned.paymentId, MINOR);
  const refunding = await frozenIn(ring, 'unionpay-gateway', {
    begun: async () => (await givenBack(two)) > before,
    by: () => holderIn(logs.refunds, refundId),
    still: () => isUnderWay(ring, { refund: refundId }),
  });
  await sandbox.disarm();

  await gates.accepted.shut();
  const accepting = chosen(shop, toAccept, 'unionpay');
  const routing = await frozenAt(ring, 'routing', gates.accepted);

  receiver.hold(told.paymentId);
  await payShown(world, told);
  const isAwaited = async () => Promise.resolve(receiver.isAwaited(told.paymentId));
  const checkout = await frozenIn(ring, 'checkout', {
    begun: isAwaited,
    by: () => holderIn(logs.streams, told.paymentId),
    still: isAwaited,
  });
  const heard = receiver.of(told.paymentId).length;
  receiver.answer(told.paymentId);
  await Promise.allSettled([telling, sending, accepting]); // at a checkout that may be frozen
  await Promise.all(Object.values(gates).map((gate) => gate[Symbol.asyncDispose]()));

  const processes = {
    checkout,
    routing,
    ledger,
    'wechat-gateway': submitting,
    'unionpay-gateway': refunding,
    'alipay-gateway': relay,
  };
  return { processes, halfWay, told, heard, orderId, refundId, count: halfWay.length + 3 };
}

/** Nobody stays frozen. */
export const thaw = (ring: Ring): void =>
  RING_SERVICES.flatMap((service) => ring.instancesOf(service)).forEach((one) =>
    one.signal('SIGCONT'),
  );

/** What was sent, and nothing is known of what came of it. */
async function isUnderWay(
  ring: Ring,
  what: Readonly<{ order: string } | { refund: string }>,
): Promise<boolean> {
  const [service, table, column, id] =
    'order' in what
      ? (['wechat-gateway', 'attempts', 'attempt_id', what.order] as const)
      : (['unionpay-gateway', 'refunds', 'refund_id', what.refund] as const);
  const rows = await readRows(ring.databaseOf(service), { [table]: `${column} as id, status` });
  return (rows[table] ?? []).some(
    (row) =>
      Reflect.get(Object(row), 'id') === id && Reflect.get(Object(row), 'status') === 'submitted',
  );
}

/** Fen that UnionPay has given back or is about to. */
async function givenBack({ world }: TwoOfEach): Promise<bigint> {
  const totals = await world.sandbox.at('unionpay').totals();
  return totals.reduce(
    (sum, { refunded, refunding }) => sum + BigInt(refunded.minor) + BigInt(refunding.minor),
    0n,
  );
}

async function attemptOf(shop: Merchant, { paymentId }: PaymentView): Promise<string> {
  const { attempts } = await shop.seeWhen(paymentId, (seen) => seen.attempts.length > 0, {
    withinMs: WITHIN_MS,
    what: 'to have an attempt',
  });
  return attempts[0]?.attemptId ?? '';
}
