import { refuse } from '@hutong/result';
import { beijingStamp } from '../clock/beijing-time.js';
import { CloseWire, RefundQueryWire, RefundWire } from './biz.wire.js';
import { readBiz } from './biz-content.wire.js';
import { ready, type ReadCall } from './calls.js';
import { noNumber, whichOf } from './order-calls.js';
import { refundedOf, type RefundRefusal } from './refund.js';
import { alipayRefusal, type SubCode } from './refusal.js';
import { answered, refused } from './reply.js';
import { buyerOf, told } from './trade-answer.js';
import { amountOf, yuanOf } from './yuan.js';

/**
 * `fund_change` says whether this very call moved money: a repeat answers N. `refund_fee` is all that
 * was given back of the trade, not this refund.
 */
export const readRefund: ReadCall = ({ account, biz }) => {
  const read = readBiz(RefundWire, biz);
  if (!read.ok) return read;
  const { wire } = read.value;
  const which = whichOf(account.sellerId, wire);
  if (which === undefined) return refuse(noNumber());
  const amount = amountOf(wire.refund_amount);
  return ready(which.outTradeNo, ({ book, refunds, plan, now }) => {
    const trade = book.find(which, now);
    const whole = trade?.state === 'PAID' && trade.payment.amount.minor === amount.minor;
    const outRequestNo = wire.out_request_no ?? (whole ? trade.terms.outTradeNo : undefined);
    if (trade?.state === 'PAID' && outRequestNo === undefined) {
      const issue = 'a part is refunded under an out_request_no of its own';
      return refused(alipayRefusal('ACQ.INVALID_PARAMETER', issue));
    }
    const begun = refunds.request(account, which, {
      terms: { outRequestNo: outRequestNo ?? '', amount, reason: wire.refund_reason },
      moves: plan.moves,
      notifies: plan.notifies,
    });
    if (!begun.ok) return refused(alipayRefusal(wordsOf[begun.refusal]));
    const { trade: paid, refund, moved } = begun.value;
    const given = told(refundedOf(paid.refunds, paid.payment.amount), plan.extraFen);
    return answered({
      trade_no: paid.tradeNo,
      out_trade_no: paid.terms.outTradeNo,
      ...buyerOf(paid),
      fund_change: moved ? 'Y' : 'N',
      refund_fee: yuanOf(given),
      send_back_fee: yuanOf(refund.amount),
      ...(refund.status === 'SUCCESS' && { gmt_refund_pay: beijingStamp(refund.at) }),
    });
  });
};

/** Without a refund that has moved there is nothing inside but the code: it may never have arrived. */
export const readRefundQuery: ReadCall = ({ account, biz }) => {
  const read = readBiz(RefundQueryWire, biz);
  if (!read.ok) return read;
  const { wire } = read.value;
  const which = whichOf(account.sellerId, wire);
  if (which === undefined) return refuse(noNumber());
  return ready(which.outTradeNo, ({ book, refunds, plan, now }) => {
    const found = refunds.find(which, wire.out_request_no);
    const trade = book.find(which, now);
    if (!found.ok || trade === undefined) return refused(alipayRefusal('TRADE_NOT_EXIST'));
    if (trade.state !== 'PAID' || found.value?.status !== 'SUCCESS') return answered({});
    const { amount, at, reason } = found.value;
    return answered({
      trade_no: trade.tradeNo,
      out_trade_no: trade.terms.outTradeNo,
      out_request_no: wire.out_request_no,
      total_amount: yuanOf(trade.payment.amount),
      refund_amount: yuanOf(told(amount, plan.extraFen)),
      refund_status: 'REFUND_SUCCESS',
      ...(reason !== undefined && { refund_reason: reason }),
      ...(wire.query_options?.includes('gmt_refund_pay') && {
        gmt_refund_pay: beijingStamp(at),
      }),
    });
  });
};

const CANCELLABLE_MS = 24 * 3_600_000;

/** Of a code shown in store, when nobody knows what became of it: closes, or gives everything back. */
export const readCancel: ReadCall = ({ account, biz }) => {
  const read = readBiz(CloseWire, biz);
  if (!read.ok) return read;
  const which = whichOf(account.sellerId, read.value.wire);
  if (which === undefined) return refuse(noNumber());
  return ready(which.outTradeNo, ({ book, cashier, refunds, plan, now }) => {
    const trade = book.find(which, now);
    if (trade === undefined) return refused(alipayRefusal('ACQ.TRADE_NOT_EXIST'));
    const { tradeNo, terms } = trade;
    const numbers = { trade_no: tradeNo, out_trade_no: terms.outTradeNo };
    if (plan.retry) return answered({ ...numbers, retry_flag: 'Y' });
    if (now.at.getTime() - trade.createdAt.getTime() > CANCELLABLE_MS) {
      return refused(alipayRefusal('ACQ.TRADE_CANCEL_TIME_OUT'));
    }
    if (trade.state === 'PAID') refunds.refundRest(account, trade, plan.notifies);
    if (trade.state === 'WAITING') {
      cashier.close(account, which, { because: 'cancelled', notifies: plan.notifies });
    }
    const action = trade.state === 'PAID' ? 'refund' : 'close';
    return answered({ ...numbers, retry_flag: 'N', action });
  });
};

const wordsOf: Readonly<Record<RefundRefusal | 'not_found' | 'not_paid' | 'finished', SubCode>> = {
  not_found: 'ACQ.TRADE_NOT_EXIST',
  not_paid: 'ACQ.TRADE_STATUS_ERROR',
  finished: 'ACQ.TRADE_HAS_FINISHED',
  discordant: 'ACQ.DISCORDANT_REPEAT_REQUEST',
  too_much: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  too_soon: 'ACQ.SYSTEM_ERROR',
  not_enough: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
};
