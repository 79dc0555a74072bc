import type { DomainEvent, EventId, PaymentId } from '@hutong/domain-events';
import { asAppended, firstTime, heardBefore, type Memory, type Received } from '@hutong/messaging';
import type { CheckoutDatabase, CheckoutTransaction } from '../store/database.repository.js';
import { insertPayment, lockPayment, savePayment } from '../store/saved-payment.repository.js';
import {
  recalled,
  requestedAgain,
  unknownReference,
  type Recalled,
  type Remembered,
} from './recall.js';

type Own = Remembered & Readonly<{ eventId: EventId; isHeard: boolean }>;

/**
 * Takes up the payments of a time that this database has lost, by what was told and heard in it: each goes
 * through its moves once more, and nothing is told a second time. What others have not heard yet is left to
 * the service, which hears what led to it again.
 */
export async function recallPayments(db: CheckoutDatabase, memory: Memory): Promise<string[]> {
  const told = new Set(memory.told);
  const all = [...memory.told, ...memory.heard]
    .toSorted(asAppended)
    .flatMap((one) => ownOf(one, !told.has(one)));
  const made: PaymentId[] = [];
  let moves = 0;
  for (const [paymentId, own] of Map.groupBy(all, ({ event }) => event.paymentId)) {
    const known = own.flatMap(({ event, isHeard }) => (isHeard ? [] : [event]));
    await db.transaction(async (tx) => {
      if (await makeAgain(tx, paymentId, own)) made.push(paymentId);
      moves += await replay(tx, { paymentId, own, known });
    });
  }
  return [
    `recalled: ${made.length} payments, ${moves} moves`,
    ...made.map((id) => `made again without its platform's order reference: ${id}`),
    'not brought back: requests remembered by their Idempotency-Key, keys, links, endpoints and webhooks ' +
      'of that time, and the words with which merchants asked for it',
  ];
}

/** @returns whether the payment was not there. */
async function makeAgain(
  tx: CheckoutTransaction,
  paymentId: PaymentId,
  own: readonly Own[],
): Promise<boolean> {
  if ((await lockPayment(tx, paymentId)) !== undefined) return false;
  const first = own.find(({ event }) => event.type === 'payment.requested');
  if (first?.event.type !== 'payment.requested') return false;
  const payment = requestedAgain(first.event, first.businessTime);
  await insertPayment(tx, payment);
  await tx.query(
    `insert into payment_of_order (platform, merchant_id, order_reference, payment_id)
     values ($1, $2, $3, $4::uuid) on conflict do nothing`,
    [payment.platform, payment.merchantId, unknownReference(paymentId), paymentId],
  );
  return true;
}

/** Again and again over what waits, since topics cross: until nothing moves it any more. @returns how often it moved. */
async function replay(
  tx: CheckoutTransaction,
  o: Readonly<{ paymentId: PaymentId; own: readonly Own[]; known: readonly DomainEvent[] }>,
): Promise<number> {
  let left = o.own;
  for (let moves = 0; ;) {
    const waits: Own[] = [];
    const before = moves;
    for (const one of left) {
      const { kind } = await replayOne(tx, o, one);
      if (kind === 'moved') moves += 1;
      if (kind === 'waits') waits.push(one);
    }
    if (moves === before) return moves;
    left = waits;
  }
}

async function replayOne(
  tx: CheckoutTransaction,
  { paymentId, known }: Readonly<{ paymentId: PaymentId; known: readonly DomainEvent[] }>,
  one: Own,
): Promise<Recalled> {
  const before = await lockPayment(tx, paymentId);
  if (before === undefined) return { kind: 'waits' };
  if (one.isHeard && (await heardBefore(tx, one.eventId))) return { kind: 'known' };
  const step = recalled(before, one, known);
  if (step.kind === 'moved') await savePayment(tx, before, step.payment);
  if (step.kind !== 'waits' && one.isHeard) await firstTime(tx, one.eventId);
  return step;
}

/** Commands and bills are neither told nor heard by checkout. */
function ownOf({ event, eventId, occurredAt, businessTime }: Received, isHeard: boolean): Own[] {
  if (event.type === 'attempt.requested' || event.type === 'attempt.close_requested') return [];
  if (event.type === 'refund.requested' || event.type === 'bill.available') return [];
  return [{ event, eventId, occurredAt, businessTime, isHeard }];
}
