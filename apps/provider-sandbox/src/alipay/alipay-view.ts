import { toMoneyWire, type MoneyWire } from '@hutong/money';
import { assertNever } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import type { AlipayAccount } from './alipay-accounts.adapter.js';
import type { Notification } from './alipay-notifier.adapter.js';
import type { Refund } from './refund.js';
import { statusOf, type Order, type TradeStatus } from './trade.js';

/** What was told of a trade, or of one of its refunds. */
export type ToldOf = (tradeNo: string, outRequestNo?: string) => readonly Notification[];

/** A refund as Alipay's own books have it. */
export type RefundView = Readonly<{
  outTradeNo: string;
  outRequestNo: string;
  status: Refund['status'];
  amount: MoneyWire;
  createdAt: string;
  /** Once the money has moved. */
  movedAt?: string;
  notifications: readonly Notification[];
}>;

/** An order as Alipay's own books have it: for comparing with everybody else's. */
export type OrderView = Readonly<{
  account: string;
  sellerId: string;
  outTradeNo: string;
  product: string;
  subject: string;
  /** `OFFERED` is no trade yet: to Alipay's callers it does not exist. */
  state: TradeStatus | 'OFFERED';
  amount: MoneyWire;
  createdAt: string;
  qrCode?: string;
  tradeNo?: string;
  declines?: number;
  /** Once it is paid. */
  wallet?: string;
  taken?: MoneyWire;
  paidAt?: string;
  late?: boolean;
  refunds?: readonly RefundView[];
  /** Once it is closed without being paid. */
  closedBecause?: 'asked' | 'cancelled' | 'expired';
  notifications: readonly Notification[];
}>;

export function orderView(
  order: Order,
  { account, sellerId }: AlipayAccount,
  { now, told }: Readonly<{ now: Moment; told: ToldOf }>,
): OrderView {
  const { terms } = order;
  return {
    account,
    sellerId,
    outTradeNo: terms.outTradeNo,
    product: terms.product,
    subject: terms.subject,
    state: order.state === 'OFFERED' ? 'OFFERED' : statusOf(order, now),
    amount: toMoneyWire(terms.amount),
    createdAt: order.createdAt.toISOString(),
    ...particulars(order, told),
    notifications: order.state === 'OFFERED' ? [] : told(order.tradeNo),
  };
}

function particulars(order: Order, told: ToldOf): Partial<OrderView> {
  switch (order.state) {
    case 'OFFERED':
      return { qrCode: order.code.text };
    case 'WAITING':
      return { tradeNo: order.tradeNo, declines: order.declines };
    case 'CLOSED':
      return {
        tradeNo: order.tradeNo,
        declines: order.declines,
        closedBecause: order.because,
      };
    case 'PAID': {
      const { payer, amount, paidAt, late } = order.payment;
      return {
        tradeNo: order.tradeNo,
        declines: order.declines,
        wallet: payer.wallet,
        taken: toMoneyWire(amount),
        paidAt: paidAt.toISOString(),
        late,
        refunds: order.refunds.map((refund) =>
          refundView(order.terms.outTradeNo, refund, told(order.tradeNo, refund.outRequestNo)),
        ),
      };
    }
    default:
      return assertNever(order);
  }
}

export const refundView = (
  outTradeNo: string,
  refund: Refund,
  notifications: readonly Notification[],
): RefundView => ({
  outTradeNo,
  outRequestNo: refund.outRequestNo,
  status: refund.status,
  amount: toMoneyWire(refund.amount),
  createdAt: refund.createdAt.toISOString(),
  ...(refund.status === 'SUCCESS' && { movedAt: refund.at.toISOString() }),
  notifications,
});
