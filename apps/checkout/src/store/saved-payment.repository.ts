import type { PaymentId, PlatformId } from '@hutong/domain-events';
import type { Prisma } from '../generated/prisma/client.js';
import type { Attempt } from '../payment/attempt.js';
import {
  belongingsOf,
  type MovedPayment,
  type Payment,
  type Requested,
} from '../payment/payment.js';
import { choiceColumns, statusColumns } from './attempt-rows.repository.js';
import type { CheckoutTransaction } from './database.repository.js';
import { paymentFrom, standingColumns, termsColumns } from './payment-rows.repository.js';
import { saveMoney } from './saved-money.repository.js';

/** A payment as it was saved. `version` counts its changes from 1. */
export type SavedPayment = Readonly<{ payment: Payment; version: number }>;

const whole = {
  attempts: { orderBy: { position: 'asc' } },
  receipts: {
    orderBy: { position: 'asc' },
    include: { refunds: { orderBy: { position: 'asc' } } },
  },
} as const satisfies Prisma.PaymentInclude;

type Models = Pick<Prisma.TransactionClient, 'payment'>;

/** @param platform nobody sees another platform's payments: to others they do not exist. */
export async function findPayment(
  models: Models,
  id: PaymentId,
  platform?: PlatformId,
): Promise<SavedPayment | undefined> {
  const rows = await models.payment.findUnique({
    where: { paymentId: id, ...(platform !== undefined && { platform }) },
    include: whole,
  });
  return rows === null ? undefined : { payment: paymentFrom(rows), version: rows.version };
}

/** Locks the payment until commit, so that it has one writer, and reads what the last one left. */
export async function lockPayment(
  tx: CheckoutTransaction,
  id: PaymentId,
  platform?: PlatformId,
): Promise<Payment | undefined> {
  await tx.query('select 1 as locked from payment where payment_id = $1::uuid for update', [id]);
  return (await findPayment(tx.prisma, id, platform))?.payment;
}

export async function insertPayment(tx: CheckoutTransaction, payment: Requested): Promise<void> {
  await tx.prisma.payment.create({
    data: { ...termsColumns(payment), status: payment.status, version: 1 },
  });
}

/** Writes what `after` changed of `before`; both are of the row that the transaction has locked. */
export async function savePayment(
  tx: CheckoutTransaction,
  before: Payment,
  after: MovedPayment,
): Promise<void> {
  await tx.prisma.payment.update({
    where: { paymentId: after.id },
    data: { ...standingColumns(after), version: { increment: 1 } },
  });
  await saveAttempts(tx, belongingsOf(before).attempts, after);
  await saveMoney(tx, before, after);
}

/** A step leaves what it did not change the very same object. */
async function saveAttempts(
  tx: CheckoutTransaction,
  before: readonly Attempt[],
  { id, attempts }: MovedPayment,
): Promise<void> {
  for (const [position, attempt] of attempts.entries()) {
    if (before.includes(attempt)) continue;
    const columns = statusColumns(id, attempt);
    if (before.some((known) => known.id === attempt.id)) {
      await tx.prisma.attempt.update({ where: { attemptId: attempt.id }, data: columns });
    } else {
      await tx.prisma.attempt.create({
        data: { ...choiceColumns(id, attempt, position), ...columns },
      });
    }
  }
}
