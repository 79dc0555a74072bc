import type { ServerResponse } from 'node:http';
import {
  answered,
  RecordedProvider,
  type Notice,
  type RecordedCall,
} from '@hutong/gateway/conformance';
import { recorded, type RecordedOrder, type RecordedRefund } from './recorded.examples.js';

type Content = Readonly<{ out_trade_no?: string; out_request_no?: string }>;

/** Answers what was recorded for an order, by the state that it is said to be in. */
export const startRecordedAlipay = (): Promise<RecordedProvider> => RecordedProvider.start(answer);

function answer(
  { url, body: form }: RecordedCall,
  response: ServerResponse,
  provider: RecordedProvider,
): void {
  const body = new URLSearchParams(form).get('biz_content') ?? '';
  const { out_trade_no: id = '', out_request_no: refundId = '' } = JSON.parse(body) as Content;
  switch (url.searchParams.get('method') ?? '') {
    case 'alipay.trade.precreate':
    case 'alipay.trade.pay':
      return provider.create(id, { body, answer: orderOf(id).create }, response);
    case 'alipay.trade.refund': {
      const { create, again } = refundOf(refundId);
      const isFirst = provider.created(refundId).length === 0;
      return provider.create(refundId, { body, answer: isFirst ? create : again }, response);
    }
    case 'alipay.trade.query':
      return answered(response, tradeOf(id, provider.stateOf(id)));
    case 'alipay.trade.close':
      return answered(response, closeOf(id, provider.stateOf(id)));
    case 'alipay.trade.fastpay.refund.query': {
      const { query: told } = refundOf(refundId);
      const isThere = provider.created(refundId).length > 0;
      return answered(response, isThere ? told.REFUND_SUCCESS : told.NONE);
    }
    default:
      response.writeHead(200).end('<html>');
  }
}

function closeOf(id: string, status: string | undefined): Notice {
  const { close, closeRefused, closeMissing } = orderOf(id);
  if (status === undefined) return closeMissing;
  return status === 'WAIT_BUYER_PAY' ? close : closeRefused;
}

/** Whoever was shown it has not opened it, until the play says so. */
function tradeOf(id: string, status = 'TRADE_NOT_EXIST'): Notice {
  const told = orderOf(id).query[status];
  if (told === undefined) throw new Error('nothing was recorded for this status');
  return told;
}

export function orderOf(id: string): RecordedOrder {
  const order = Object.values(recorded.orders).find((one) => one.attemptId === id);
  if (order === undefined) throw new Error('nothing was recorded for this order');
  return order;
}

export function refundOf(id: string): RecordedRefund {
  const order = Object.values(recorded.orders).find((one) => one.refund?.refundId === id);
  if (order?.refund === undefined) throw new Error('nothing was recorded for this refund');
  return order.refund;
}
