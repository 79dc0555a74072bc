import { assertNever, ok, type Result } from '@hutong/result';
import type { RefundPlan } from './fault-plans.js';
import { readCreate } from './create-call.js';
import { readClose, readQuery } from './order-calls.js';
import type { OrderBook } from './order-book.js';
import type { Moment } from '../clock/moment.js';
import type { PlatformCertificates } from './platform-certificates.adapter.js';
import type { WechatRefusal } from './refusal.js';
import { readRefund, readRefundQuery } from './refund-calls.js';
import { answered, type Reply } from './reply.js';
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
  certificates: PlatformCertificates;
  now: Moment;
  /** Letters and digits that no code ever had before. */
  freshToken: string;
  /** Where payers find the pages, without a slash at the end. */
  pagesUrl: string;
  /** The fault `wrong_amount`. */
  extraFen: number;
  refundPlan: RefundPlan;
}>;

/** Has no form to check. */
const readCertificates = ({ account }: Call): Result<ReadyCall, WechatRefusal> =>
  ok({
    outTradeNo: undefined,
    perform: ({ certificates }) => answered(certificates.answerFor(account.apiV3Key)),
  });

/** Checks the form of a call; what it means for an order is looked at when it is performed. */
export function readCall(call: Call): Result<ReadyCall, WechatRefusal> {
  switch (call.route.to) {
    case 'create':
      return readCreate(call, call.route.tradeType);
    case 'query_by_number':
    case 'query_by_transaction':
      return readQuery(call, { to: call.route.to, id: call.route.id });
    case 'close':
      return readClose(call, call.route.id);
    case 'certificates':
      return readCertificates(call);
    case 'refund':
      return readRefund(call);
    case 'query_refund':
      return readRefundQuery(call, call.route.id);
    default:
      return assertNever(call.route);
  }
}
