import { providerRef } from '@hutong/domain-events';
import type {
  PreparedRefund,
  PrepareRefusal,
  RefundedOrder,
  RefundQueryReport,
  RefundReport,
  RequestedRefund,
} from '@hutong/gateway';
import { compare } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import { fromBeijing } from './alipay.time.js';
import type { RefundAnswer, RefundQueryAnswer } from './alipay.wire.js';
import { moneyOfYuan, yuanOf } from './alipay.yuan.js';

/**
 * Our refund → the `biz_content` of alipay.trade.refund, to be sent as it is each time. Yuan by its digits.
 * `out_request_no` is always there: Alipay tells refunds of an order apart by it, and a repeat from a new one.
 */
export function toRefundOrder(
  refund: RequestedRefund,
  { paid, fields }: RefundedOrder,
): Result<PreparedRefund, PrepareRefusal> {
  const { refundId, attemptId, account, amount, reason } = refund;
  const payable = amount.currency === 'CNY' && paid.amount.currency === 'CNY' && amount.minor >= 1n;
  if (!payable || compare(amount, paid.amount) > 0) return refuse({ code: 'amount_unsupported' });
  const body = {
    trade_no: paid.providerRef,
    out_trade_no: attemptId,
    refund_amount: yuanOf(amount),
    out_request_no: refundId,
    ...(reason !== undefined && { refund_reason: reason }),
  };
  return ok({
    refundId,
    attemptId,
    account,
    body: new TextEncoder().encode(JSON.stringify(body)),
    fields: {
      app_id: fields['app_id'] ?? '',
      seller_id: fields['seller_id'] ?? '',
      trade_no: paid.providerRef,
      refund_amount: yuanOf(amount),
    },
  });
}

/**
 * alipay.trade.refund, answered by 10000 → our report. `refund_fee` counts all refunds of the order, so that
 * what went back now is what this number was sent for.
 * @param said verified and of our order. Without `fund_change=Y` this call gave nothing back: an earlier one
 *   may have, or Alipay works at it; asking tells.
 * @param now when it happened, where the answer does not say.
 */
export function toRefundReport(
  said: RefundAnswer,
  prepared: PreparedRefund,
  now: Date,
): RefundReport {
  if (said.fund_change !== 'Y') return { kind: 'unknown', cause: 'fund_change_n' };
  const amount = moneyOfYuan(prepared.fields['refund_amount']);
  const sum = moneyOfYuan(said.refund_fee);
  const isLess = amount !== undefined && sum !== undefined && compare(sum, amount) < 0;
  if (amount === undefined || isLess) return { kind: 'unknown', cause: 'refunded_otherwise' };
  return givenBack(prepared, { amount, at: said.gmt_refund_pay, now });
}

/**
 * alipay.trade.fastpay.refund.query, answered by 10000 → our report. One status alone is a success; without
 * it the refund was not received, failed, or has another number: the same bytes are sent again.
 */
export function toRefundQueryReport(
  said: RefundQueryAnswer,
  prepared: PreparedRefund,
  now: Date,
): RefundQueryReport {
  const { refund_status, out_request_no, refund_amount } = said;
  if (refund_status === undefined) return { kind: 'not_found' };
  if (refund_status !== 'REFUND_SUCCESS') return { kind: 'unknown', cause: 'state_unknown' };
  const amount = moneyOfYuan(refund_amount);
  if (out_request_no !== prepared.refundId) return OTHERS;
  if (amount === undefined) return { kind: 'unknown', cause: 'refunded_without_details' };
  return givenBack(prepared, { amount, at: said.gmt_refund_pay, now });
}

const OTHERS = { kind: 'unknown', cause: 'answer_of_other_refund' } as const;

/** Alipay gives refunds no number of its own: ours is what they are known by there, in bills too. */
const givenBack = (
  { refundId }: PreparedRefund,
  { amount, at, now }: Readonly<{ amount: Amount; at: string | undefined; now: Date }>,
): RefundReport => ({
  kind: 'succeeded',
  providerRef: providerRef(refundId),
  amount,
  refundedAt: fromBeijing(at) ?? now,
});

type Amount = NonNullable<ReturnType<typeof moneyOfYuan>>;
