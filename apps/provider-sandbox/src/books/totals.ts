import { add, subtract, toMoneyWire, zero, type Money } from '@hutong/money';

/** What an order moved. A refund that was given up moves nothing. */
export type Moved = Readonly<{
  taken: Money;
  refunds: readonly Readonly<{ amount: Money; stands: 'arrived' | 'under_way' | 'given_up' }>[];
}>;

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

/** @param orders all of an account; `undefined` is one that was not paid. @param nothing in its currency */
export function totalsOf(orders: readonly (Moved | undefined)[], nothing: Money): Totals {
  const paid = orders.filter((order) => order !== undefined);
  const refunds = paid.flatMap((order) => order.refunds);
  const sumOf = (stands: (typeof refunds)[number]['stands']): Money =>
    refunds
      .filter((refund) => refund.stands === stands)
      .reduce((sum, { amount }) => add(sum, amount), zero(nothing));
  const captured = paid.reduce((sum, { taken }) => add(sum, taken), zero(nothing));
  const [refunded, refunding] = [sumOf('arrived'), sumOf('under_way')];
  return {
    orders: orders.length,
    payments: paid.length,
    captured,
    refunds: refunds.length,
    refunded,
    refunding,
    kept: subtract(captured, add(refunded, refunding)),
  };
}

/** As the control API tells them. */
export const totalsView = ({ captured, refunded, refunding, kept, ...counts }: Totals) => ({
  ...counts,
  captured: toMoneyWire(captured),
  refunded: toMoneyWire(refunded),
  refunding: toMoneyWire(refunding),
  kept: toMoneyWire(kept),
});
