import type { Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { OrderBook } from './order-book.js';
import type { Moment } from '../clock/moment.js';
import { withRefund, type Order, type PaidOrder } from './order.js';
import {
  allowRefund,
  endRefund,
  type Refund,
  type RefundEnd,
  type RefundRefusal,
  type RefundTerms,
} from './refund.js';

/** Which payment is to be given back: by either of its numbers, or by both if they agree. */
export type PaymentPointer = Readonly<{
  mchid: string;
  transactionId: string | undefined;
  outTradeNo: string | undefined;
}>;

/** A refund with the order that it belongs to. */
export type Refunding = Readonly<{ order: PaidOrder; refund: Refund }>;

/** What a refund that is new starts from. */
export type Beginning = Readonly<{
  now: Moment;
  gapMs: number;
  refundId: string;
  /** What the merchant's account can give, looked up only where it matters. */
  balance: () => Money;
}>;

type Number = Readonly<{ outTradeNo: string; refundId: string }>;

/** Every refund, by merchant and the merchant's number. The refunds themselves are their orders'. */
export class RefundBook {
  private readonly numbers = new Map<string, Number>();

  constructor(private readonly orders: OrderBook) {}

  /** The same request again answers what became of it; another under its number is refused. */
  begin(
    pointer: PaymentPointer,
    terms: RefundTerms,
    { now, gapMs, refundId, balance }: Beginning,
  ): Result<Refunding & Readonly<{ isNew: boolean }>, RefundRefusal | 'not_found' | 'differs'> {
    const known = this.find(pointer.mchid, terms.outRefundNo, now);
    if (known !== undefined) {
      return known.refund.terms.asked === terms.asked
        ? ok({ ...known, isNew: false })
        : refuse('differs');
    }
    const order = this.paymentOf(pointer, now);
    if (order === undefined) return refuse('not_found');
    const { amount, paidMs } = order.payment;
    const payment = { amount, paidMs, refunds: order.refunds };
    const asking = { orderMs: now.orderMs, gapMs, balance: balance() };
    const allowed = allowRefund(payment, terms, asking);
    if (!allowed.ok) return allowed;
    const refund: Refund = { status: 'PROCESSING', terms, refundId, createdAt: now.at, gapMs };
    const { outTradeNo } = order.terms;
    this.numbers.set(keyOf(pointer.mchid, terms.outRefundNo), { outTradeNo, refundId });
    return ok({ order: this.keep(order, refund), refund, isNew: true });
  }

  find(mchid: string, outRefundNo: string, now: Moment): Refunding | undefined {
    const number = this.numbers.get(keyOf(mchid, outRefundNo));
    if (number === undefined) return undefined;
    const order = this.orders.find(mchid, number.outTradeNo, now);
    if (order?.state !== 'SUCCESS') return undefined;
    const refund = order.refunds.find(({ refundId }) => refundId === number.refundId);
    return refund && { order, refund };
  }

  end(
    { mchid, outRefundNo }: Readonly<{ mchid: string; outRefundNo: string }>,
    end: RefundEnd,
    now: Moment,
  ): Result<Refunding, 'not_found' | 'final'> {
    const known = this.find(mchid, outRefundNo, now);
    if (known === undefined) return refuse('not_found');
    const ended = endRefund(known.refund, end, now.at);
    if (!ended.ok) return ended;
    return ok({ order: this.keep(known.order, ended.value), refund: ended.value });
  }

  private paymentOf(
    { mchid, transactionId, outTradeNo }: PaymentPointer,
    now: Moment,
  ): PaidOrder | undefined {
    const order = this.orderOf({ mchid, transactionId, outTradeNo }, now);
    if (order?.state !== 'SUCCESS') return undefined;
    return (outTradeNo ?? order.terms.outTradeNo) === order.terms.outTradeNo ? order : undefined;
  }

  private orderOf(
    { mchid, transactionId, outTradeNo = '' }: PaymentPointer,
    now: Moment,
  ): Order | undefined {
    return transactionId === undefined
      ? this.orders.find(mchid, outTradeNo, now)
      : this.orders.findByTransaction(mchid, transactionId, now);
  }

  private keep(order: PaidOrder, refund: Refund): PaidOrder {
    const kept = withRefund(order, refund);
    this.orders.keep(kept);
    return kept;
  }
}

const keyOf = (mchid: string, outRefundNo: string): string => `${mchid}/${outRefundNo}`;
