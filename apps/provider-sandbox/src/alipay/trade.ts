import { compare, type Money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import type { KeyMode } from './alipay-accounts.adapter.js';
import type { Wallet } from '../wallets/wallet.js';
import { refundedOf, type Refund } from './refund.js';

/** By which of Alipay's calls it came about. */
export type Product = 'page' | 'wap' | 'app' | 'precreate' | 'pay';

/** What the merchant asked for. It never changes. */
export type Terms = Readonly<{
  sellerId: string;
  appId: string;
  outTradeNo: string;
  product: Product;
  subject: string;
  body: string | undefined;
  amount: Money;
  passbackParams: string | undefined;
  notifyUrl: string | undefined;
  /** How it was asked for, and so how it is told of. */
  keys: KeyMode;
  /** Where the merchant wants the payer's browser back. */
  returnUrl: string | undefined;
  /** Everything that was asked, as canonical JSON: asked again it must be the same. */
  asked: string;
}>;

/** Who pays. Alipay has a number for its own users alone. */
export type Payer = Readonly<{ wallet: Wallet; buyerId: string | undefined }>;

export type Payment = Readonly<{
  payer: Payer;
  paidAt: Date;
  /** The same on the orders' timeline. */
  paidMs: number;
  /** What was taken: what was asked, unless the control API says otherwise. */
  amount: Money;
  /** Taken although the trade was closed before. */
  late: boolean;
}>;

type Base = Readonly<{
  terms: Terms;
  createdAt: Date;
  /** On the orders' timeline: after it nobody may pay. */
  deadlineMs: number;
}>;

/** Asked for by precreate, and shown to nobody yet: Alipay says that there is no such trade. */
export type Offer = Base & Readonly<{ state: 'OFFERED'; code: Code }>;

/** What a precreated order's payer scans, or pastes, and until when (on the orders' timeline). */
export type Code = Readonly<{ text: string; shareCode: string; deadlineMs: number }>;

type Trade = Base &
  Readonly<{
    tradeNo: string;
    /** Payers that tried and could not, or did not want to: the trade stays payable. */
    declines: number;
  }>;

export type WaitingTrade = Trade & Readonly<{ state: 'WAITING' }>;
export type PaidTrade = Trade &
  Readonly<{ state: 'PAID'; payment: Payment; refunds: readonly Refund[] }>;
export type ClosedTrade = Trade &
  Readonly<{ state: 'CLOSED'; because: 'asked' | 'cancelled' | 'expired'; closedAt: Date }>;
export type KnownTrade = WaitingTrade | PaidTrade | ClosedTrade;
/** An order of a merchant's, whether there is a trade yet or not. */
export type Order = Offer | KnownTrade;

export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED';
export type PlaceRefusal = 'paid' | 'closed' | 'differs';
export type PayRefusal = 'paid' | 'closed';

const YEAR_MS = 365 * 24 * 3_600_000;

export const offerOf = (
  terms: Terms,
  code: Code,
  { at, deadlineMs }: Readonly<{ at: Date; deadlineMs: number }>,
): Offer => ({ state: 'OFFERED', terms, code, createdAt: at, deadlineMs });

/** The payer has opened the cashier, or scanned, or shown a code: from now on there is a trade. */
export const openTrade = (
  terms: Terms,
  tradeNo: string,
  { at, deadlineMs }: Readonly<{ at: Date; deadlineMs: number }>,
): WaitingTrade => ({
  state: 'WAITING',
  terms,
  tradeNo,
  createdAt: at,
  deadlineMs,
  declines: 0,
});

/** The same number again: the same request goes on with what there is; any other is refused. */
export function placeAgain(
  order: Order,
  asked: string,
): Result<Offer | WaitingTrade, PlaceRefusal> {
  switch (order.state) {
    case 'PAID':
      return refuse('paid');
    case 'CLOSED':
      return refuse('closed');
    case 'OFFERED':
    case 'WAITING':
      return order.terms.asked === asked ? ok(order) : refuse('differs');
    default:
      return assertNever(order);
  }
}

/** What time alone has made of it. An offer that nobody took up leaves no trade behind. */
export function settle(order: Order, { at, orderMs }: Moment): Order {
  return order.state === 'WAITING' && orderMs >= order.deadlineMs
    ? closed(order, 'expired', at)
    : order;
}

/** @param order as `settle` left it. */
export function pay(order: KnownTrade, payment: Payment): Result<PaidTrade, PayRefusal> {
  switch (order.state) {
    case 'PAID':
      return refuse('paid');
    case 'CLOSED':
      return payment.late ? ok(paid(order, payment)) : refuse('closed');
    case 'WAITING':
      return ok(paid(order, { ...payment, late: false }));
    default:
      return assertNever(order);
  }
}

/** A payer who cannot or does not want to leaves the trade payable. */
export function decline(order: KnownTrade): Result<WaitingTrade, PayRefusal> {
  switch (order.state) {
    case 'PAID':
      return refuse('paid');
    case 'CLOSED':
      return refuse('closed');
    case 'WAITING':
      return ok({ ...order, declines: order.declines + 1 });
    default:
      return assertNever(order);
  }
}

/** Only what waits can be closed: a second time is refused too. */
export const close = (
  order: KnownTrade,
  because: 'asked' | 'cancelled',
  at: Date,
): Result<ClosedTrade, 'not_waiting'> =>
  order.state === 'WAITING' ? ok(closed(order, because, at)) : refuse('not_waiting');

/**
 * What Alipay calls it. TRADE_CLOSED means two things: never paid, or paid and given back in full.
 * TRADE_FINISHED is paid and too old to be refunded.
 */
export function statusOf(order: KnownTrade, { orderMs }: Moment): TradeStatus {
  switch (order.state) {
    case 'WAITING':
      return 'WAIT_BUYER_PAY';
    case 'CLOSED':
      return 'TRADE_CLOSED';
    case 'PAID': {
      const { amount, paidMs } = order.payment;
      if (compare(refundedOf(order.refunds, amount), amount) >= 0) return 'TRADE_CLOSED';
      return isRefundable(paidMs, orderMs) ? 'TRADE_SUCCESS' : 'TRADE_FINISHED';
    }
    default:
      return assertNever(order);
  }
}

/** Twelve months long. Both on the orders' timeline. */
export const isRefundable = (paidMs: number, orderMs: number): boolean =>
  orderMs - paidMs <= YEAR_MS;

/** With this refund as it is now: begun, or come to its end. */
export const withRefund = (order: PaidTrade, refund: Refund): PaidTrade => {
  const isThis = ({ outRequestNo }: Refund): boolean => outRequestNo === refund.outRequestNo;
  const refunds = order.refunds.some(isThis)
    ? order.refunds.map((known) => (isThis(known) ? refund : known))
    : [...order.refunds, refund];
  return { ...order, refunds };
};

const tradeOf = ({ terms, createdAt, deadlineMs, tradeNo, declines }: Trade): Trade => ({
  terms,
  createdAt,
  deadlineMs,
  tradeNo,
  declines,
});

const closed = (
  order: WaitingTrade,
  because: ClosedTrade['because'],
  closedAt: Date,
): ClosedTrade => ({ ...tradeOf(order), state: 'CLOSED', because, closedAt });

const paid = (order: WaitingTrade | ClosedTrade, payment: Payment): PaidTrade => ({
  ...tradeOf(order),
  state: 'PAID',
  payment,
  refunds: [],
});
