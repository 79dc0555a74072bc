import type { Money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import type { Refund } from './refund.js';

/** As a payment names it; H5 is MWEB, and JSAPI is a mini program too. */
export type TradeType = 'NATIVE' | 'JSAPI' | 'APP' | 'MWEB';

/** What the merchant asked for. An order's terms never change. */
export type Terms = Readonly<{
  mchid: string;
  appid: string;
  outTradeNo: string;
  tradeType: TradeType;
  description: string;
  attach: string | undefined;
  amount: Money;
  notifyUrl: string;
  /** JSAPI names its payer beforehand. */
  openid: string | undefined;
  /** Everything that was asked, as canonical JSON: asked again it must be the same. */
  asked: string;
}>;

/** What opens the cashier, a code_url or a prepay_id, and until when (on the orders' timeline). */
export type Code = Readonly<{ text: string; deadlineMs: number }>;

export type Payment = Readonly<{
  transactionId: string;
  openid: string;
  paidAt: Date;
  /** The same on the orders' timeline. */
  paidMs: number;
  /** What was taken: what was asked, unless the control API says otherwise. */
  amount: Money;
  /** Taken although the order was closed before. */
  late: boolean;
}>;

/** What is written down of a payer who may pay; no amount is the order's. */
export type Paying = Omit<Payment, 'late' | 'amount'> & Readonly<{ amount?: Money | undefined }>;

type Base = Readonly<{
  terms: Terms;
  createdAt: Date;
  /** WeChat closes it then, on the orders' timeline. */
  deadlineMs: number;
  /** Payers that tried and could not, or did not want to: the order stays payable. */
  declines: number;
  /** The first user to open the cashier; nobody else may pay any more. */
  boundTo: string | undefined;
}>;

export type OpenOrder = Base & Readonly<{ state: 'NOTPAY'; code: Code }>;
export type PaidOrder = Base &
  Readonly<{ state: 'SUCCESS'; payment: Payment; refunds: readonly Refund[] }>;
export type ClosedOrder = Base & Readonly<{ state: 'CLOSED'; because: 'asked' | 'expired' }>;
export type Order = OpenOrder | PaidOrder | ClosedOrder;

export type PlaceRefusal = 'paid' | 'closed' | 'differs';
export type PayRefusal = 'paid' | 'closed' | 'other_payer' | 'code_dead';

/** A new order, payable until `deadlineMs`. */
export const openOrder = (
  terms: Terms,
  code: Code,
  { at, deadlineMs }: Readonly<{ at: Date; deadlineMs: number }>,
): OpenOrder => ({
  state: 'NOTPAY',
  terms,
  code,
  createdAt: at,
  deadlineMs,
  declines: 0,
  boundTo: terms.openid,
});

/** The same number again: the same request gets a fresh code and its old one dies; any other is refused. */
export function placeAgain(
  order: Order,
  asked: string,
  code: Code,
): Result<OpenOrder, PlaceRefusal> {
  switch (order.state) {
    case 'SUCCESS':
      return refuse('paid');
    case 'CLOSED':
      return refuse('closed');
    case 'NOTPAY':
      return order.terms.asked === asked ? ok({ ...order, code }) : refuse('differs');
    default:
      return assertNever(order);
  }
}

/** What time alone has made of it: an order past its deadline is closed. */
export function settle(order: Order, { orderMs }: Moment): Order {
  const expired = order.state === 'NOTPAY' && orderMs >= order.deadlineMs;
  return expired ? closed(order, 'expired') : order;
}

/** Whether this code still opens the cashier: it is the order's newest, and it is not too old. */
export const isAlive = (order: OpenOrder, code: string, { orderMs }: Moment): boolean =>
  order.code.text === code && orderMs < order.code.deadlineMs;

/** @param order as `settle` left it. @param payment what to write down if the payer may pay. */
export function pay(order: Order, payment: Paying): Result<PaidOrder, PayRefusal> {
  switch (order.state) {
    case 'SUCCESS':
      return refuse('paid');
    case 'CLOSED':
      return refuse('closed');
    case 'NOTPAY':
      if (order.boundTo !== undefined && order.boundTo !== payment.openid) {
        return refuse('other_payer');
      }
      return ok(paid(order, { ...payment, late: false }));
    default:
      return assertNever(order);
  }
}

/** The payer was faster than the closing, and WeChat noticed late: money that a closed order took. */
export function payLate(order: Order, payment: Paying): Result<PaidOrder, PayRefusal> {
  return order.state === 'CLOSED'
    ? ok(paid(order, { ...payment, late: true }))
    : pay(order, payment);
}

/** Whoever opens the cashier first is the only one who may pay. */
export function enter(order: Order, openid: string): Result<OpenOrder, PayRefusal> {
  switch (order.state) {
    case 'SUCCESS':
      return refuse('paid');
    case 'CLOSED':
      return refuse('closed');
    case 'NOTPAY':
      if (order.boundTo !== undefined && order.boundTo !== openid) return refuse('other_payer');
      return ok({ ...order, boundTo: openid });
    default:
      return assertNever(order);
  }
}

/** A failed or refused try leaves the order payable. */
export function decline(order: Order, openid: string): Result<OpenOrder, PayRefusal> {
  const entered = enter(order, openid);
  return entered.ok ? ok({ ...entered.value, declines: entered.value.declines + 1 }) : entered;
}

/** Closing is re-entrant; only a paid order cannot be closed any more. */
export function close(order: Order): Result<ClosedOrder, 'paid'> {
  switch (order.state) {
    case 'SUCCESS':
      return refuse('paid');
    case 'CLOSED':
      return ok(order);
    case 'NOTPAY':
      return ok(closed(order, 'asked'));
    default:
      return assertNever(order);
  }
}

const baseOf = ({ terms, createdAt, deadlineMs, declines, boundTo }: Base): Base => ({
  terms,
  createdAt,
  deadlineMs,
  declines,
  boundTo,
});

const closed = (order: OpenOrder, because: ClosedOrder['because']): ClosedOrder => ({
  ...baseOf(order),
  state: 'CLOSED',
  because,
});

const paid = (
  order: OpenOrder | ClosedOrder,
  { amount = order.terms.amount, ...payment }: Paying & Readonly<{ late: boolean }>,
): PaidOrder => ({
  ...baseOf(order),
  boundTo: payment.openid,
  state: 'SUCCESS',
  payment: { ...payment, amount },
  refunds: [],
});

/** With this refund as it is now: begun, or come to its end. */
export const withRefund = (order: PaidOrder, refund: Refund): PaidOrder => {
  const isThis = ({ refundId }: Refund): boolean => refundId === refund.refundId;
  const refunds = order.refunds.some(isThis)
    ? order.refunds.map((known) => (isThis(known) ? refund : known))
    : [...order.refunds, refund];
  return { ...order, refunds };
};
