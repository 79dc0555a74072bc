import { add, subtract, zero, type Money } from '@hutong/money';
import type { Order, PaidOrder } from './order.js';
import { givenBack } from './refund.js';

/** What an account took and gave back, to the fen. */
export type Totals = Readonly<{
  orders: number;
  payments: number;
  captured: Money;
  refunds: number;
  /** Arrived at the payers. */
  refunded: Money;
  /** On its way to them, or stuck. */
  refunding: Money;
  /** What is left of it. */
  kept: Money;
}>;

export function totalsOf(orders: readonly Order[], nothing: Money): Totals {
  const paid = orders.filter((order): order is PaidOrder => order.state === 'SUCCESS');
  const refunds = paid.flatMap((order) => order.refunds);
  const captured = sum(
    paid.map(({ payment }) => payment.amount),
    nothing,
  );
  const refunded = sum(
    refunds.filter(({ status }) => status === 'SUCCESS').map(({ terms }) => terms.amount),
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
