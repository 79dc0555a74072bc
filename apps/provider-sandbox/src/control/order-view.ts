import { toMoneyWire, type MoneyWire } from '@hutong/money';
import { assertNever } from '@hutong/result';
import type { Order } from '../wechat/order.js';
import type { Notification } from '../wechat/wechat-notifier.adapter.js';
import { refundView, type RefundView } from './refund-view.js';

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
  /** While it can be paid: what its payer scans, or what the merchant signs for a client. */
  codeUrl?: string;
  prepayId?: string;
  /** The only one who may pay. */
  boundTo?: string;
  /** Once it is paid. */
  transactionId?: string;
  taken?: MoneyWire;
  paidAt?: string;
  openid?: string;
  late?: boolean;
  refunds?: readonly RefundView[];
  /** Once it is closed. */
  closedBecause?: 'asked' | 'expired';
  /** Of the payment; those of a refund are with it. */
  notifications: readonly Notification[];
}>;

export function orderView(
  order: Order,
  account: string,
  told: (about: string) => readonly Notification[],
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
    ...particulars(order, told),
    notifications: order.state === 'SUCCESS' ? told(order.payment.transactionId) : [],
  };
}

function particulars(
  order: Order,
  told: (about: string) => readonly Notification[],
): Partial<OrderView> {
  switch (order.state) {
    case 'NOTPAY':
      return {
        ...(order.terms.tradeType === 'NATIVE'
          ? { codeUrl: order.code.text }
          : { prepayId: order.code.text }),
        ...(order.boundTo !== undefined && { boundTo: order.boundTo }),
      };
    case 'SUCCESS': {
      const { transactionId, amount, paidAt, openid, late } = order.payment;
      const refunds = order.refunds.map((refund) =>
        refundView({ order, refund }, told(refund.refundId)),
      );
      const taken = toMoneyWire(amount);
      return { transactionId, taken, paidAt: paidAt.toISOString(), openid, late, refunds };
    }
    case 'CLOSED':
      return { closedBecause: order.because };
    default:
      return assertNever(order);
  }
}
