import { money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { Call, ReadyCall } from './calls.js';
import { badPath, decoded } from './misaddressed.js';
import { wechatRefusal, type WechatErrorCode, type WechatRefusal } from './refusal.js';
import { refundAnswer } from './refund-answer.js';
import type { RefundRefusal } from './refund.js';
import { RefundWire } from './refund.wire.js';
import { answered, refused } from './reply.js';
import { readBody } from './request-body.wire.js';

export function readRefund({ account, body }: Call): Result<ReadyCall, WechatRefusal> {
  const read = readBody(RefundWire, body);
  if (!read.ok) return read;
  const { wire, asked } = read.value;
  const pointer = {
    mchid: account.mchid,
    transactionId: wire.transaction_id,
    outTradeNo: wire.out_trade_no,
  };
  if (pointer.transactionId === undefined && pointer.outTradeNo === undefined) {
    const issue = 'neither transaction_id nor out_trade_no is there';
    return refuse(wechatRefusal('PARAM_ERROR', { issue, location: 'body' }));
  }
  const terms = {
    outRefundNo: wire.out_refund_no,
    reason: wire.reason,
    amount: money(BigInt(wire.amount.refund), 'CNY'),
    total: money(BigInt(wire.amount.total), 'CNY'),
    notifyUrl: wire.notify_url,
    asked,
  };
  return ok({
    outTradeNo: pointer.outTradeNo,
    perform: ({ refunds, refundPlan, extraFen }) => {
      const begun = refunds.request(account, pointer, { terms, plan: refundPlan });
      if (begun.ok) return answered(refundAnswer(begun.value, extraFen));
      return refused(wechatRefusal(...wordsOf[begun.refusal]));
    },
  });
}

/** The refund under the merchant's own number. */
export function readRefundQuery({ account }: Call, id: string): Result<ReadyCall, WechatRefusal> {
  const outRefundNo = decoded(id);
  if (outRefundNo === undefined) return refuse(badPath(id));
  return ok({
    outTradeNo: undefined,
    perform: ({ refunds, extraFen }) => {
      const found = refunds.find(account.mchid, outRefundNo);
      if (found === undefined) return refused(wechatRefusal('RESOURCE_NOT_EXISTS'));
      return answered(refundAnswer(found, extraFen));
    },
  });
}

const issue = (text: string) => ({ issue: text });

/** Where WeChat publishes no code of its own for a rule, it is a request that breaks one. */
const wordsOf: Readonly<
  Record<
    RefundRefusal | 'not_found' | 'differs',
    readonly [WechatErrorCode, Readonly<{ issue: string }>?]
  >
> = {
  not_found: ['RESOURCE_NOT_EXISTS', issue('there is no such payment, or it is not paid')],
  differs: ['INVALID_REQUEST', issue('out_refund_no was used with other parameters')],
  other_total: ['REFUND_FEE_MISMATCH'],
  overdue: ['TRADE_OVERDUE'],
  too_much: ['INVALID_REQUEST', issue('more than what is left of the payment')],
  too_many: ['INVALID_REQUEST', issue('the order has as many refunds as an order may have')],
  too_soon: ['FREQUENCY_LIMITED', issue('less than a minute after the refund before')],
  not_enough: ['NOT_ENOUGH'],
};
