import { refuse } from '@hutong/result';
import { CloseWire, QueryWire, type PayWire } from './biz.wire.js';
import { readBiz } from './biz-content.wire.js';
import { ready, type CallWorld, type ReadCall } from './calls.js';
import { readPayOrder, readPrecreateOrder, type Asked } from './order-terms.js';
import { alipayRefusal, type SubCode } from './refusal.js';
import { answered, refused, waitsForPayer, type Reply } from './reply.js';
import { numbersOf, payAnswer, tradeAnswer } from './trade-answer.js';
import type { Which } from './trade-book.js';
import type { PlaceRefusal } from './trade.js';
import { yuanOf } from './yuan.js';
import { wordsOfPlacing } from './placing-words.js';

const CODE_LIFE_MS = 2 * 3_600_000;

/** Something to scan; a trade only once somebody does. */
export const readPrecreate: ReadCall = (caller) => {
  const read = readPrecreateOrder(caller);
  if (!read.ok) return read;
  const { terms, wire, lifeMs } = read.value;
  return ready(terms.outTradeNo, ({ book, now, freshToken }) => {
    const life = lifeMs(now);
    if (life <= 0) return refused(alipayRefusal('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR'));
    const code = {
      text: `https://qr.alipay.com/bax${freshToken}`,
      shareCode: `￥${freshToken.slice(0, 10)}￥`,
      deadlineMs: now.orderMs + CODE_LIFE_MS,
    };
    const placed = book.offer(terms, code, { ...now, deadlineMs: now.orderMs + life });
    if (!placed.ok) return refused(alipayRefusal(wordsOfPlacing[placed.refusal]));
    const { text, shareCode } = placed.value;
    return answered({
      out_trade_no: terms.outTradeNo,
      qr_code: text,
      ...(wire.code_type === 'share_code' && { share_code: shareCode }),
    });
  });
};

/** The payer shows a code, and the merchant hands it in. */
export const readPay: ReadCall = (caller) => {
  const read = readPayOrder(caller);
  if (!read.ok) return read;
  return ready(read.value.terms.outTradeNo, (world) => payByCode(world, read.value));
};

function payByCode(world: CallWorld, { terms, wire, lifeMs }: Asked<PayWire>): Reply {
  const { cashier, now, plan } = world;
  const { extraFen } = plan;
  const taken = cashier.payByCode(terms, {
    code: wire.auth_code,
    deadlineMs: now.orderMs + lifeMs(now),
    asks: plan.asksPayer,
  });
  if (!taken.ok) {
    const { refusal } = taken;
    const subCode = typeof refusal === 'object' ? refusal.declined : wordsOfPaying[refusal];
    return refused(alipayRefusal(subCode));
  }
  const trade = taken.value;
  return trade.state === 'PAID'
    ? answered(payAnswer(trade, extraFen))
    : waitsForPayer({ ...numbersOf(trade), total_amount: yuanOf(trade.terms.amount) });
}

export const readQuery: ReadCall = ({ account, biz }) => {
  const read = readBiz(QueryWire, biz);
  if (!read.ok) return read;
  const which = whichOf(account.sellerId, read.value.wire);
  if (which === undefined) return refuse(noNumber());
  return ready(which.outTradeNo, ({ book, now, plan }) => {
    const trade = book.find(which, now);
    if (trade === undefined) return refused(alipayRefusal('ACQ.TRADE_NOT_EXIST'));
    return answered(tradeAnswer(trade, now, plan.extraFen));
  });
};

/** Of a trade that waits; an offer that nobody has taken up is no trade, and stays open. */
export const readClose: ReadCall = ({ account, biz }) => {
  const read = readBiz(CloseWire, biz);
  if (!read.ok) return read;
  const which = whichOf(account.sellerId, read.value.wire);
  if (which === undefined) return refuse(noNumber());
  return ready(which.outTradeNo, ({ cashier, plan }) => {
    const closed = cashier.close(account, which, { because: 'asked', notifies: plan.notifies });
    if (!closed.ok) return refused(alipayRefusal(wordsOfClosing[closed.refusal]));
    const { tradeNo, terms } = closed.value;
    return answered({ trade_no: tradeNo, out_trade_no: terms.outTradeNo });
  });
};

/** Which trade is meant, or `undefined` if neither number is said. */
export const whichOf = (
  sellerId: string,
  wire: Readonly<{ out_trade_no?: string; trade_no?: string }>,
): Which | undefined => {
  const { out_trade_no: outTradeNo, trade_no: tradeNo } = wire;
  return outTradeNo === undefined && tradeNo === undefined
    ? undefined
    : { sellerId, outTradeNo, tradeNo };
};

export const noNumber = () =>
  alipayRefusal('ACQ.INVALID_PARAMETER', 'neither out_trade_no nor trade_no is there');

const wordsOfPaying: Readonly<Record<PlaceRefusal | 'code_unknown', SubCode>> = {
  ...wordsOfPlacing,
  code_unknown: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
};

const wordsOfClosing: Readonly<Record<'not_found' | 'not_waiting', SubCode>> = {
  not_found: 'ACQ.TRADE_NOT_EXIST',
  not_waiting: 'ACQ.TRADE_STATUS_ERROR',
};
