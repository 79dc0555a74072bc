import { add, subtract, zero, type Money } from '@hutong/money';
import { refundedOf, reservedOf } from './refund.js';
import type { Order, PaidTrade } from './trade.js';

/** What an account took and gave back, to the fen. */
export type Totals = Readonly<{
  orders: number;
  payments: number;
  captured: Money;
  refunds: number;
  /** Moved to the payers. */
  refunded: Money;
  /** On its way to them. */
  refunding: Money;
  /** What is left of it. */
  kept: Money;
}>;

export function totalsOf(orders: readonly Order[], nothing: Money): Totals {
  const paid = orders.filter((order): order is PaidTrade => order.state === 'PAID');
  const refunds = paid.flatMap((order) => order.refunds);
  const captured = paid.reduce((sum, { payment }) => add(sum, payment.amount), zero(nothing));
  const refunded = refundedOf(refunds, nothing);
  const reserved = reservedOf(refunds, nothing);
  return {
    orders: orders.length,
    payments: paid.length,
    captured,
    refunds: refunds.length,
    refunded,
    refunding: subtract(reserved, refunded),
    kept: subtract(captured, reserved),
  };
}
