import type { PaymentId } from '@hutong/domain-events';
import { receiptsOf } from '../payment/advance.js';
import { belongingsOf, type MovedPayment, type Payment } from '../payment/payment.js';
import { sameMoney, type Receipt } from '../payment/receipt.js';
import type { Refund } from '../payment/refund.js';
import type { CheckoutTransaction } from './database.repository.js';
import {
  askedColumns,
  receiptColumns,
  refundColumns,
  surplusColumns,
} from './receipt-rows.repository.js';

/** Writes what money came, and what of it goes back. A step leaves what it did not change the very same object. */
export async function saveMoney(
  tx: CheckoutTransaction,
  before: Payment,
  after: MovedPayment,
): Promise<void> {
  const known = receiptsOf(before);
  const { receipt, refunds, surplus } = belongingsOf(after);
  const isNew = (one: Receipt) => !known.some((other) => sameMoney(one, other));
  const fresh = [
    ...(receipt !== undefined && isNew(receipt) ? [receiptColumns(receipt)] : []),
    ...surplus.filter(isNew).map((s) => ({ ...receiptColumns(s), ...surplusColumns(s) })),
  ];
  await tx.prisma.receipt.createMany({
    data: fresh.map((columns, i) => ({
      paymentId: after.id,
      position: known.length + i,
      ...columns,
    })),
  });
  const old = belongingsOf(before);
  for (const one of surplus) {
    if (isNew(one) || old.surplus.includes(one)) continue;
    const { provider, providerRef } = one;
    await tx.prisma.receipt.update({
      where: { paymentId_provider_providerRef: { paymentId: after.id, provider, providerRef } },
      data: surplusColumns(one),
    });
  }
  const written = [...old.refunds, ...old.surplus.flatMap((s) => s.refunds)];
  if (receipt !== undefined) await saveRefunds(tx, after.id, receipt, refunds, written);
  for (const one of surplus) await saveRefunds(tx, after.id, one, one.refunds, written);
}

async function saveRefunds(
  tx: CheckoutTransaction,
  paymentId: PaymentId,
  receipt: Receipt,
  refunds: readonly Refund[],
  written: readonly Refund[],
): Promise<void> {
  for (const [position, refund] of refunds.entries()) {
    if (written.includes(refund)) continue;
    const data = refundColumns(refund);
    if (written.some(({ id }) => id === refund.id)) {
      await tx.prisma.refund.update({ where: { refundId: refund.id }, data });
    } else {
      const asked = askedColumns(paymentId, receipt, refund);
      await tx.prisma.refund.create({ data: { ...asked, position, ...data } });
    }
  }
}
