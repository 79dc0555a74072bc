import type { Money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import type { PayingApp } from './paying-app.js';
import type { Refund } from './refund.js';
import type { ResultCode } from './result-code.js';

/** Under which a merchant's transaction is known, whatever kind it is: all three together. */
export type Identity = Readonly<{ merId: string; orderId: string; txnTime: string }>;

/** How the payer comes to pay: gateway page, app, a code of the merchant's, a code of the payer's. */
export type Way = 'page' | 'app' | 'qr' | 'barcode';

/** What the merchant asked for. It never changes. */
export type Terms = Identity &
  Readonly<{
    way: Way;
    bizType: string;
    amount: Money;
    backUrl: string;
    /** Where a browser goes back to, by a form that is posted. */
    frontUrl: string | undefined;
    /** Echoed wherever the transaction is told of. */
    reqReserved: string | undefined;
    /** Of the request: only the very same form has the same one. */
    signature: string;
  }>;

/** UnionPay's own numbers for a transaction that it did: 21 digits, six, and when it was. */
export type Trace = Readonly<{ queryId: string; traceNo: string; at: Date }>;

/** `A6` has a defect and `42` came too late; money moved all the same. */
export type PaidCode = '00' | 'A6' | '42';

export type Payment = Readonly<{
  trace: Trace;
  /** When it was paid, on the orders' timeline. */
  paidMs: number;
  amount: Money;
  app: PayingApp;
  code: PaidCode;
}>;

type Base = Readonly<{
  terms: Terms;
  /** What opens the cashier: a tn, or what a QR code says. For a payer's own code nobody is told it. */
  opensBy: string;
  createdAt: Date;
  /** payTimeout, on the orders' timeline. */
  deadlineMs: number;
  /** What the payer's last try came to, 70 for one that has only begun; until then nobody acted. */
  lastTry: ResultCode | undefined;
}>;

export type OpenOrder = Base & Readonly<{ state: 'open' }>;
export type PaidOrder = Base &
  Readonly<{ state: 'paid'; payment: Payment; refunds: readonly Refund[] }>;
/** Nobody pays it in time any more: payTimeout has passed, or a payer's code was declined. */
export type EndedOrder = Base & Readonly<{ state: 'expired' | 'declined' }>;
export type Order = OpenOrder | PaidOrder | EndedOrder;

export type PayRefusal = 'paid' | 'expired' | 'declined';

export const openOrder = (
  terms: Terms,
  { at, deadlineMs, opensBy }: Readonly<{ at: Date; deadlineMs: number; opensBy: string }>,
): OpenOrder => ({
  state: 'open',
  terms,
  opensBy,
  createdAt: at,
  deadlineMs,
  lastTry: undefined,
});

/** What time alone has made of it. */
export const settle = (order: Order, { orderMs }: Moment): Order =>
  order.state === 'open' && orderMs >= order.deadlineMs ? { ...order, state: 'expired' } : order;

/**
 * @param order as `settle` left it.
 * @param late takes money for an order whose time is over, too: that is told as 42.
 */
export function pay(
  order: Order,
  { late, ...payment }: Payment & Readonly<{ late: boolean }>,
): Result<PaidOrder, PayRefusal> {
  switch (order.state) {
    case 'paid':
      return refuse('paid');
    case 'expired':
    case 'declined':
      return late
        ? ok({ ...order, state: 'paid', payment: { ...payment, code: '42' }, refunds: [] })
        : refuse(order.state);
    case 'open':
      return ok({ ...order, state: 'paid', payment, refunds: [] });
    default:
      return assertNever(order);
  }
}

/**
 * A payer tried, and it came to nothing. A front transaction stays payable until payTimeout, so its
 * failure is not the last word; a payer's own code is used up by it.
 */
export function tryInVain(
  order: Order,
  lastTry: ResultCode,
): Result<OpenOrder | EndedOrder, PayRefusal> {
  if (order.state !== 'open') return refuse(order.state);
  const isOver = order.terms.way === 'barcode' && lastTry !== '70';
  return ok({ ...order, lastTry, state: isOver ? 'declined' : 'open' });
}

/** With this refund as it is now: begun, or come to its end. */
export function withRefund(order: PaidOrder, refund: Refund): PaidOrder {
  const isThis = ({ trace }: Refund): boolean => trace.queryId === refund.trace.queryId;
  const refunds = order.refunds.some(isThis)
    ? order.refunds.map((known) => (isThis(known) ? refund : known))
    : [...order.refunds, refund];
  return { ...order, refunds };
}

/** What a query is told of it in origRespCode; `undefined` if there is no transaction yet: 34. */
export function standingOf(order: Order): ResultCode | undefined {
  switch (order.state) {
    case 'paid':
      return order.payment.code;
    case 'open':
      return order.lastTry ?? (order.terms.way === 'barcode' ? '05' : undefined);
    case 'expired':
    case 'declined':
      return order.lastTry;
    default:
      return assertNever(order);
  }
}
