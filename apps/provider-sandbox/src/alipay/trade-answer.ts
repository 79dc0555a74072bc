import { add, money, zero, type Money } from '@hutong/money';
import { beijingDay, beijingStamp } from '../clock/beijing-time.js';
import type { Moment } from '../clock/moment.js';
import { fundBillOf, inAnswers } from './fund-bills.js';
import type { Node } from './reply.js';
import { statusOf, type KnownTrade, type PaidTrade } from './trade.js';
import { yuanOf } from './yuan.js';

/**
 * Alipay's number for a trade: 28 digits that begin with the Beijing day.
 * @param salt five digits. @param count of this world's trades, so that no two are the same.
 */
export const tradeNoOf = (at: Date, salt: string, count: number): string =>
  `${beijingDay(at)}22001${salt}${count.toString().padStart(10, '0')}`;

/** How Alipay shows its user to others. */
export const BUYER_LOGON_ID = '138****8000';

/**
 * What trade.query answers.
 * @param extraFen added to what is told, never to the books: the fault `wrong_amount`.
 */
export function tradeAnswer(trade: KnownTrade, now: Moment, extraFen: number): Node {
  const status = { trade_status: statusOf(trade, now) };
  if (trade.state === 'PAID') {
    const { paidAt } = trade.payment;
    return { ...paidFacts(trade, extraFen), ...status, send_pay_date: beijingStamp(paidAt) };
  }
  const total = told(trade.terms.amount, extraFen);
  const nothing = yuanOf(zero(total));
  return {
    ...numbersOf(trade),
    ...status,
    total_amount: yuanOf(total),
    receipt_amount: nothing,
    buyer_pay_amount: nothing,
    point_amount: nothing,
    invoice_amount: nothing,
  };
}

/** What trade.pay answers once it is paid: query's words, but for the date's name and the status. */
export const payAnswer = (trade: PaidTrade, extraFen: number): Node => ({
  ...paidFacts(trade, extraFen),
  gmt_payment: beijingStamp(trade.payment.paidAt),
});

/** What trade.pay answers while the payer is asked: there is a trade, and nothing to say of it. */
export const numbersOf = ({ tradeNo, terms }: KnownTrade): Node => ({
  trade_no: tradeNo,
  out_trade_no: terms.outTradeNo,
});

function paidFacts(trade: PaidTrade, extraFen: number): Node {
  const { amount, payer } = trade.payment;
  const total = told(amount, extraFen);
  return {
    ...numbersOf(trade),
    total_amount: yuanOf(total),
    ...amountsOf(total),
    ...buyerOf(trade),
    fund_bill_list: [inAnswers(fundBillOf(payer.wallet, yuanOf(total)))],
  };
}

export const told = (amount: Money, extraFen: number): Money =>
  add(amount, money(BigInt(extraFen), amount.currency));

/** Everything was paid by the payer, and nothing by vouchers. */
export const amountsOf = (total: Money): Readonly<Record<string, string>> => ({
  receipt_amount: yuanOf(total),
  buyer_pay_amount: yuanOf(total),
  point_amount: yuanOf(zero(total)),
  invoice_amount: yuanOf(total),
});

/** Whoever pays with another app has no number at Alipay. */
export const buyerOf = ({ payment: { payer } }: PaidTrade): Node =>
  payer.buyerId === undefined
    ? {}
    : { buyer_user_id: payer.buyerId, buyer_logon_id: BUYER_LOGON_ID, buyer_user_type: 'PRIVATE' };
