import { toMoneyWire, type MoneyWire } from '@hutong/money';
import { assertNever } from '@hutong/result';
import type { Order } from '../wechat/order.js';
import type { Notification } from '../wechat/wechat-notifier.adapter.js';

/** An order as WeChat's own books have it: for comparing with everybody else's. */
export type OrderView = Readonly<{
  account: string;
  mchid: string;
  outTradeNo: string;
  tradeType: string;
  description: string;
  state: Order['state'];
  amount: MoneyWire;
  createdAt: string;
  declines: number;
  /** While it can be paid. */
  codeUrl?: string;
  /** Once it is paid. */
  transactionId?: string;
  paidAt?: string;
  openid?: string;
  late?: boolean;
  /** Once it is closed. */
  closedBecause?: 'asked' | 'expired';
  notifications: readonly Notification[];
}>;

export function orderView(
  order: Order,
  account: string,
  notification: Notification | undefined,
): OrderView {
  const { terms } = order;
  return {
    account,
    mchid: terms.mchid,
    outTradeNo: terms.outTradeNo,
    tradeType: terms.tradeType,
    description: terms.description,
    state: order.state,
    amount: toMoneyWire(terms.amount),
    createdAt: order.createdAt.toISOString(),
    declines: order.declines,
    ...particulars(order),
    notifications: notification === undefined ? [] : [notification],
  };
}

function particulars(order: Order): Partial<OrderView> {
  switch (order.state) {
    case 'NOTPAY':
      return { codeUrl: order.code.url };
    case 'SUCCESS': {
      const { transactionId, paidAt, openid, late } = order.payment;
      return { transactionId, paidAt: paidAt.toISOString(), openid, late };
    }
    case 'CLOSED':
      return { closedBecause: order.because };
    default:
      return assertNever(order);
  }
}
