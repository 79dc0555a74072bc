import { isId, providerRef } from '@hutong/domain-events';
import type {
  PreparedRefund,
  PrepareRefusal,
  RefundedOrder,
  RefundReport,
  RequestedRefund,
} from '@hutong/gateway';
import { isCurrency, money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import type { WechatAccount } from './wechat.account.config.js';
import { MOST_FEN } from './wechat.mapping.js';
import type { WechatRefund } from './wechat.wire.js';

/**
 * Our refund → the body of POST /v3/refund/domestic/refunds, to be sent as it is each time. Integer fen,
 * CNY only; `total` is what the order took, which WeChat compares. `notify_url` is always there: without
 * it the portal's default decides, and may send another protocol's XML.
 */
export function toRefundOrder(
  refund: RequestedRefund,
  { paid, fields }: RefundedOrder,
  { notifyUrl }: Pick<WechatAccount, 'notifyUrl'>,
): Result<PreparedRefund, PrepareRefusal> {
  const { refundId, attemptId, account, amount, reason } = refund;
  const total = paid.amount;
  const payable = amount.currency === 'CNY' && total.currency === 'CNY' && amount.minor >= 1n;
  if (!payable || amount.minor > total.minor || total.minor > MOST_FEN) {
    return refuse({ code: 'amount_unsupported' });
  }
  const body = {
    transaction_id: paid.providerRef,
    out_refund_no: refundId,
    ...(reason !== undefined && { reason }),
    notify_url: notifyUrl,
    // Exact: both are at most MOST_FEN.
    amount: { refund: Number(amount.minor), total: Number(total.minor), currency: 'CNY' },
  };
  return ok({
    refundId,
    attemptId,
    account,
    body: new TextEncoder().encode(JSON.stringify(body)),
    fields: { mchid: fields['mchid'] ?? '' },
  });
}

/** What is the same in answers and notifications, whose status has two names. */
export type RefundSaid = Pick<WechatRefund, 'refund_id' | 'success_time' | 'amount'>;

/**
 * WeChat Pay v3 refund → our report.
 * @param said decoded, validated and ours: its numbers were compared before. Integer fen.
 * @param status PROCESSING, SUCCESS, CLOSED (nothing went back) or ABNORMAL: the payer's account does not
 *   take it, and people decide at WeChat where it goes, so that it may still succeed.
 * Source: GET /v3/refund/domestic/refunds/{out_refund_no}, REFUND.* notifications.
 */
export function toRefundReport(said: RefundSaid, status: string): RefundReport {
  switch (status) {
    case 'SUCCESS':
      return givenBack(said);
    case 'PROCESSING':
      return { kind: 'pending' };
    case 'ABNORMAL':
      return { kind: 'pending', stuck: 'refund_abnormal' };
    case 'CLOSED':
      return { kind: 'failed', reason: 'declined' };
    default:
      return { kind: 'unknown', cause: 'state_unknown' };
  }
}

function givenBack({ refund_id, success_time, amount }: RefundSaid): RefundReport {
  const currency = amount.currency ?? 'CNY';
  const refundedAt = new Date(success_time ?? NaN);
  const complete =
    isId('providerRef', refund_id) && !Number.isNaN(refundedAt.getTime()) && isCurrency(currency);
  if (!complete) return { kind: 'unknown', cause: 'refunded_without_details' };
  return {
    kind: 'succeeded',
    providerRef: providerRef(refund_id),
    amount: money(BigInt(amount.refund), currency),
    refundedAt,
  };
}
