import { beijingDay, beijingTime } from '../clock/beijing-time.js';
import type { Refunding } from './refund-book.js';
import { fenOf } from './transaction.js';

/** WeChat's number for a refund: 29 digits with the Beijing day in the middle. */
export const refundIdOf = (at: Date, salt: string, count: number): string =>
  `50300${salt}${beijingDay(at)}${count.toString().padStart(11, '0')}`;

/**
 * What creating and asking for a refund answer.
 * @param extraFen added to what is told, never to the books: the fault `wrong_amount`.
 */
export function refundAnswer({ order, refund }: Refunding, extraFen = 0): Record<string, unknown> {
  const { terms } = refund;
  const total = fenOf(order.payment.amount);
  const given = fenOf(terms.amount) + extraFen;
  return {
    refund_id: refund.refundId,
    out_refund_no: terms.outRefundNo,
    transaction_id: order.payment.transactionId,
    out_trade_no: order.terms.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: RECEIVER,
    ...(refund.status === 'SUCCESS' && { success_time: beijingTime(refund.at) }),
    create_time: beijingTime(refund.createdAt),
    status: refund.status,
    funds_account: 'AVAILABLE',
    amount: {
      total,
      refund: given,
      payer_total: total,
      payer_refund: given,
      settlement_total: total,
      settlement_refund: given,
      discount_refund: 0,
      currency: 'CNY',
      from: [],
    },
    promotion_detail: [],
  };
}

/** What a refund's notification carries: fewer fields, and some of them under other names. */
export function refundNotice({ order, refund }: Refunding, extraFen: number): object {
  const { terms } = refund;
  const total = fenOf(order.payment.amount);
  const given = fenOf(terms.amount) + extraFen;
  return {
    mchid: order.terms.mchid,
    out_trade_no: order.terms.outTradeNo,
    transaction_id: order.payment.transactionId,
    out_refund_no: terms.outRefundNo,
    refund_id: refund.refundId,
    refund_status: refund.status,
    ...(refund.status === 'SUCCESS' && { success_time: beijingTime(refund.at) }),
    user_received_account: RECEIVER,
    amount: { total, refund: given, payer_total: total, payer_refund: given },
  };
}

const RECEIVER = '支付用户零钱';
