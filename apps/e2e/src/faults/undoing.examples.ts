import { gatewayService } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { Gate, readRows, type PaymentView } from '@hutong/world';
import type { FaultWorld } from './fault-world.examples.js';
import { paid, shown, WITHIN_MS, type WayName } from './ways.examples.js';

/** Less than half of what was paid: a second one of it would be given back as well. */
const PART = '5000';

/** What a gateway undoes: a part of one payment's money, and an order that is not to be paid any more. */
export type Undoing = Readonly<{
  way: WayName;
  bought: PaymentView;
  /** UnionPay closes nothing. */
  unwanted: PaymentView | undefined;
  refundId: string;
  /** Fen that the provider had given back of all orders before. */
  before: bigint;
  /** Where the gateway stands, once its provider has done it, in the transactions that are to say so. */
  gate: Gate;
}>;

/** What is known of it, at the provider and in the gateway's rows. */
export type Undone = Readonly<{
  /** Fen that the provider has given back since, or is about to. */
  givenBack: bigint;
  refund: unknown;
  /** Undefined where nothing is to be closed. */
  order: string | undefined;
  attempt: unknown;
}>;

/**
 * Lets a provider undo it, of which its gateway hears by its answers alone, and of which it cannot write
 * down anything until the gate is opened. @param opened closes the gate's own connection.
 */
export async function undoing(
  world: FaultWorld,
  opened: AsyncDisposableStack,
  way: WayName,
): Promise<Undoing> {
  const { ring, sandbox, shops } = world;
  const hasty = shops[0].waiting(0);
  const service = gatewayService[way];
  const bought = await paid(world, shops[0], way);
  const unwanted = way === 'unionpay' ? undefined : await shown(shops[0], way);
  if (way === 'alipay') await sandbox.at(way).open(orderIn(unwanted)); // before that it has no trade to close
  const before = await givenBackBy(world, way);
  await sandbox.at(way).arm({ call: 'notify_refund', fault: 'no_notification' });
  const place = { table: 'outbox', before: 'insert' } as const;
  const gate = opened.use(await Gate.build(ring.databaseOf(service), place));
  await gate.shut();
  if (unwanted !== undefined) await hasty.close(unwanted.paymentId);
  const { refundId } = await hasty.refund(bought.paymentId, PART);
  const what = { way, bought, unwanted, refundId, before, gate };
  await inHand(what);
  return what;
}

/** Waits until a gateway stands at its gate with all its answers: it gives up after seconds, and comes again. */
export async function inHand({ way, unwanted, gate }: Undoing): Promise<void> {
  const reports = unwanted === undefined ? 1 : 2;
  await eventually(async () => (await gate.waiting()).length === reports, {
    withinMs: WITHIN_MS,
    what: `${gatewayService[way]} to have ${reports} answers in hand`,
  });
}

export async function undoneOf(world: FaultWorld, what: Undoing): Promise<Undone> {
  const { way, unwanted, refundId, before } = what;
  const { refunds = [], attempts = [] } = await readRows(
    world.ring.databaseOf(gatewayService[way]),
    {
      refunds: 'refund_id as id, status',
      attempts: 'attempt_id as id, status, close_sent_at is not null as asked, close_reason',
    },
  );
  const orderId = unwanted && orderIn(unwanted);
  const rowIn = (rows: readonly unknown[], id: string | undefined) =>
    rows.find((row) => Reflect.get(Object(row), 'id') === id);
  const order = orderId === undefined ? undefined : await world.sandbox.at(way).order(orderId);
  return {
    givenBack: (await givenBackBy(world, way)) - before,
    refund: rowIn(refunds, refundId),
    order: order?.state,
    attempt: rowIn(attempts, orderId),
  };
}

const orderIn = (payment: PaymentView | undefined): string =>
  payment?.attempts.at(-1)?.attemptId ?? '';

/** Fen, of all its orders. */
async function givenBackBy({ sandbox }: FaultWorld, way: WayName): Promise<bigint> {
  const totals = await sandbox.at(way).totals();
  return totals.reduce(
    (sum, { refunded, refunding }) => sum + BigInt(refunded.minor) + BigInt(refunding.minor),
    0n,
  );
}
