import { toMoneyWire, type MoneyWire } from '@hutong/money';
import { assertNever } from '@hutong/result';
import type { Order, Payment } from './order.js';
import type { PayingApp } from './paying-app.js';
import type { Refund } from './refund.js';
import type { Notification } from './unionpay-notifier.adapter.js';

type Told = (queryId: string) => readonly Notification[];

/** A refund or an undo as UnionPay's own books have it. */
export type RefundView = Readonly<{
  orderId: string;
  txnTime: string;
  kind: 'refund' | 'undo';
  /** Of the payment that is given back. */
  origQryId: string;
  queryId: string;
  state: Refund['state'];
  /** Once it has ended. */
  code?: string;
  amount: MoneyWire;
  notifications: readonly Notification[];
}>;

/** An order as UnionPay's own books have it: for comparing with everybody else's. */
export type OrderView = Readonly<{
  account: string;
  merId: string;
  orderId: string;
  txnTime: string;
  way: string;
  state: Order['state'];
  amount: MoneyWire;
  createdAt: string;
  /** What the payer's last try came to; 70 if it has only begun. */
  lastTry?: string;
  /** While it can be paid: what opens its cashier, though its merchant may not have been told. */
  tn?: string;
  qrCode?: string;
  /** Once it is paid. */
  queryId?: string;
  code?: Payment['code'];
  taken?: MoneyWire;
  paidAt?: string;
  wallet?: PayingApp;
  refunds?: readonly RefundView[];
  notifications: readonly Notification[];
}>;

export const refundView = (refund: Refund, told: Told): RefundView => ({
  orderId: refund.terms.orderId,
  txnTime: refund.terms.txnTime,
  kind: refund.terms.kind,
  origQryId: refund.terms.origQryId,
  queryId: refund.trace.queryId,
  state: refund.state,
  ...(refund.state !== 'pending' && { code: refund.code }),
  amount: toMoneyWire(refund.terms.amount),
  notifications: told(refund.trace.queryId),
});

export const orderView = (order: Order, account: string, told: Told): OrderView => ({
  account,
  merId: order.terms.merId,
  orderId: order.terms.orderId,
  txnTime: order.terms.txnTime,
  way: order.terms.way,
  state: order.state,
  amount: toMoneyWire(order.terms.amount),
  createdAt: order.createdAt.toISOString(),
  ...(order.lastTry !== undefined && { lastTry: order.lastTry }),
  notifications: [],
  ...particulars(order, told),
});

function particulars(order: Order, told: Told): Partial<OrderView> {
  switch (order.state) {
    case 'open':
      return order.terms.way === 'qr' ? { qrCode: order.opensBy } : { tn: order.opensBy };
    case 'paid': {
      const { trace, code, amount, app } = order.payment;
      return {
        queryId: trace.queryId,
        code,
        taken: toMoneyWire(amount),
        paidAt: trace.at.toISOString(),
        wallet: app,
        refunds: order.refunds.map((refund) => refundView(refund, told)),
        notifications: told(trace.queryId),
      };
    }
    case 'expired':
    case 'declined':
      return {};
    default:
      return assertNever(order);
  }
}
