import { toMoneyWire, type MoneyWire } from '@hutong/money';
import type { Refunding } from '../wechat/refund-book.js';
import type { Refund } from '../wechat/refund.js';
import type { Notification } from '../wechat/wechat-notifier.adapter.js';

/** A refund as WeChat's own books have it. */
export type RefundView = Readonly<{
  outRefundNo: string;
  refundId: string;
  outTradeNo: string;
  status: Refund['status'];
  amount: MoneyWire;
  createdAt: string;
  /** Once the money has arrived. */
  arrivedAt?: string;
  notifications: readonly Notification[];
}>;

export const refundView = (
  { order, refund }: Refunding,
  notifications: readonly Notification[],
): RefundView => ({
  outRefundNo: refund.terms.outRefundNo,
  refundId: refund.refundId,
  outTradeNo: order.terms.outTradeNo,
  status: refund.status,
  amount: toMoneyWire(refund.terms.amount),
  createdAt: refund.createdAt.toISOString(),
  ...(refund.status === 'SUCCESS' && { arrivedAt: refund.at.toISOString() }),
  notifications,
});
