import { assertNever, type Result } from '@hutong/result';
import type { RefundPlan } from './fault-plans.js';
import { readClose, readCreate, readQuery } from './order-calls.js';
import type { OrderBook } from './order-book.js';
import type { Moment } from './order.js';
import type { WechatRefusal } from './refusal.js';
import { readRefund, readRefundQuery } from './refund-calls.js';
import type { Reply } from './reply.js';
import type { Route } from './routes.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';
import type { WechatRefunds } from './wechat-refunds.adapter.js';

/** An authenticated request. */
export type Call = Readonly<{
  route: Route;
  account: WechatAccount;
  query: URLSearchParams;
  body: Uint8Array;
}>;

/** A call whose form is right: what it is about, and what it does when it is let. */
export type ReadyCall = Readonly<{
  outTradeNo: string | undefined;
  perform(world: CallWorld): Reply;
}>;

export type CallWorld = Readonly<{
  book: OrderBook;
  refunds: WechatRefunds;
  now: Moment;
  /** A code_url that no other order ever had. */
  freshCode: string;
  /** The fault `wrong_amount`. */
  extraFen: number;
  refundPlan: RefundPlan;
}>;

/** Checks the form of a call; what it means for an order is looked at when it is performed. */
export function readCall(call: Call): Result<ReadyCall, WechatRefusal> {
  switch (call.route.to) {
    case 'create_native':
      return readCreate(call);
    case 'query_by_number':
    case 'query_by_transaction':
      return readQuery(call, { to: call.route.to, id: call.route.id });
    case 'close':
      return readClose(call, call.route.id);
    case 'refund':
      return readRefund(call);
    case 'query_refund':
      return readRefundQuery(call, call.route.id);
    default:
      return assertNever(call.route);
  }
}
