import { ok, refuse, type Result } from '@hutong/result';
import type { Call, ReadyCall } from './calls.js';
import { badPath, decoded, otherMerchant } from './misaddressed.js';
import type { OrderBook } from './order-book.js';
import type { Moment } from '../clock/moment.js';
import type { Order } from './order.js';
import { CloseOrderWire } from './order.wire.js';
import { wechatRefusal, type WechatRefusal } from './refusal.js';
import { answered, NO_CONTENT, refused } from './reply.js';
import { readBody } from './request-body.wire.js';
import { transactionOf } from './transaction.js';

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
