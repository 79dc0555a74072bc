import { add, subtract, zero, type Money } from '@hutong/money';
import type { Order, PaidOrder } from './order.js';
import { givenBack } from './refund.js';

/** What an account took and gave back, to the fen. */
export type Totals = Readonly<{
  orders: number;
  payments: number;
  captured: Money;
  /** Undos too. */
  refunds: number;
  refunded: Money;
  /** Accepted, and not done yet. */
  refunding: Money;
  /** What is left of it. */
  kept: Money;
}>;

export function totalsOf(orders: readonly Order[], nothing: Money): Totals {
  const paid = orders.filter((order): order is PaidOrder => order.state === 'paid');
  const refunds = paid.flatMap((order) => order.refunds);
  const captured = sum(
    paid.map(({ payment }) => payment.amount),
    nothing,
  );
  const refunded = sum(
    refunds.filter(({ state }) => state === 'done').map(({ terms }) => terms.amount),
    nothing,
  );
  const given = givenBack(refunds, nothing);
  return {
    orders: orders.length,
    payments: paid.length,
    captured,
    refunds: refunds.length,
    refunded,
    refunding: subtract(given, refunded),
    kept: subtract(captured, given),
  };
}

const sum = (amounts: readonly Money[], nothing: Money): Money =>
  amounts.reduce(add, zero(nothing));
