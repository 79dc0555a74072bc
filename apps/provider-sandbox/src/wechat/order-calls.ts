import { money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { Call, CallWorld, ReadyCall } from './calls.js';
import { badPath, decoded, otherMerchant } from './misaddressed.js';
import { CloseOrderWire, NativeOrderWire } from './native-order.wire.js';
import type { OrderBook } from './order-book.js';
import type { Moment, Order, PlaceRefusal, Terms } from './order.js';
import { wechatRefusal, type WechatErrorCode, type WechatRefusal } from './refusal.js';
import { answered, NO_CONTENT, refused, type Reply } from './reply.js';
import { readBody } from './request-body.wire.js';
import { transactionOf } from './transaction.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const CODE_LIFE_MS = 2 * HOUR_MS;
const LONGEST_LIFE_MS = 7 * DAY_MS;
/** WeChat says "about a minute"; some of it may have passed on the way here. */
const SHORTEST_LIFE_MS = 50 * SECOND_MS;

export function readCreate({ account, body }: Call): Result<ReadyCall, WechatRefusal> {
  const read = readBody(NativeOrderWire, body);
  if (!read.ok) return read;
  const { wire, asked } = read.value;
  if (wire.mchid !== account.mchid) return refuse(otherMerchant('body', '/mchid', wire.mchid));
  if (wire.appid !== account.appid) return refuse(wechatRefusal('APPID_MCHID_NOT_MATCH'));
  const terms: Terms = {
    mchid: wire.mchid,
    appid: wire.appid,
    outTradeNo: wire.out_trade_no,
    tradeType: 'NATIVE',
    description: wire.description,
    attach: wire.attach,
    amount: money(BigInt(wire.amount.total), 'CNY'),
    notifyUrl: wire.notify_url,
    asked,
  };
  const perform = (world: CallWorld) => createNative(world, terms, wire.time_expire);
  return ok({ outTradeNo: terms.outTradeNo, perform });
}

function createNative(
  { book, now, freshCode }: CallWorld,
  terms: Terms,
  timeExpire: string | undefined,
): Reply {
  const lifeMs =
    timeExpire === undefined ? LONGEST_LIFE_MS : Date.parse(timeExpire) - now.at.getTime();
  const isNew = book.find(terms.mchid, terms.outTradeNo, now) === undefined;
  if (isNew && (lifeMs < SHORTEST_LIFE_MS || lifeMs > LONGEST_LIFE_MS)) {
    const issue = 'time_expire is less than a minute or more than seven days away';
    const detail = { field: '/time_expire', value: timeExpire, issue, location: 'body' } as const;
    return refused(wechatRefusal('PARAM_ERROR', detail));
  }
  const code = { url: freshCode, deadlineMs: now.orderMs + CODE_LIFE_MS };
  const placed = book.place(terms, code, { ...now, deadlineMs: now.orderMs + lifeMs });
  if (!placed.ok) return refused(wechatRefusal(codeOfPlacing[placed.refusal]));
  return answered({ code_url: placed.value.code.url });
}

const codeOfPlacing: Readonly<Record<PlaceRefusal, WechatErrorCode>> = {
  paid: 'ORDERPAID',
  closed: 'ORDER_CLOSED',
  differs: 'OUT_TRADE_NO_USED',
};

export function readQuery(
  { account, query }: Call,
  { to, id }: Readonly<{ to: 'query_by_number' | 'query_by_transaction'; id: string }>,
): Result<ReadyCall, WechatRefusal> {
  const mchid = query.get('mchid');
  if (mchid !== account.mchid) return refuse(otherMerchant('query', 'mchid', mchid));
  const wanted = decoded(id);
  if (wanted === undefined) return refuse(badPath(id));
  const find = (book: OrderBook, now: Moment): Order | undefined =>
    to === 'query_by_transaction'
      ? book.findByTransaction(mchid, wanted, now)
      : book.find(mchid, wanted, now);
  return ok({
    outTradeNo: to === 'query_by_transaction' ? undefined : wanted,
    perform: ({ book, now, extraFen }) => {
      const order = find(book, now);
      if (order === undefined) return refused(wechatRefusal('ORDER_NOT_EXIST'));
      return answered(transactionOf(order, extraFen));
    },
  });
}

export function readClose({ account, body }: Call, id: string): Result<ReadyCall, WechatRefusal> {
  const read = readBody(CloseOrderWire, body);
  if (!read.ok) return read;
  const { mchid } = read.value.wire;
  if (mchid !== account.mchid) return refuse(otherMerchant('body', '/mchid', mchid));
  const outTradeNo = decoded(id);
  if (outTradeNo === undefined) return refuse(badPath(id));
  return ok({
    outTradeNo,
    perform: ({ book, now }) => {
      const closed = book.close(mchid, outTradeNo, now);
      if (closed.ok) return NO_CONTENT;
      return refused(wechatRefusal(closed.refusal === 'paid' ? 'ORDERPAID' : 'ORDER_NOT_EXIST'));
    },
  });
}
