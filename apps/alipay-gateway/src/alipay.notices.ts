import { isId, providerRef } from '@hutong/domain-events';
import type { Notification } from '@hutong/gateway';
import type { Form } from './alipay.form.js';
import type { FundPart } from './alipay.instruments.js';
import { paidReport } from './alipay.mapping.js';
import { fromBeijing } from './alipay.time.js';
import { tradeNoticeOf, type TradeNotice } from './alipay.wire.js';
import { moneyOfYuan } from './alipay.yuan.js';

/** The news of orders; an address of ours gets nothing else. */
const OF_ORDERS = 'trade_status_sync';
const PAID = ['TRADE_SUCCESS', 'TRADE_FINISHED'];

/** A verified form → what it tells. The same `notify_id` comes with every try. */
export function toNotification(form: Form): Notification {
  const notificationId = noticeId(form['notify_id']);
  const notice = tradeNoticeOf(form);
  if (notice === undefined) return { kind: 'odd', notificationId, reason: 'notice_unreadable' };
  if (notice.notify_type !== OF_ORDERS) {
    return { kind: 'odd', notificationId, reason: 'event_unsupported' };
  }
  return isOfRefund(notice) ? ofRefund(notice) : ofOrder(notice);
}

/** Verified, so it is Alipay's; only its shape is not known. */
const noticeId = (text: string | undefined): string =>
  text !== undefined && /^[\x21-\x7e]{1,128}$/.test(text) ? text : 'none';

/** Of an order whose status was changed by a refund: TRADE_SUCCESS as long as something is left. */
const isOfRefund = ({ refund_fee, gmt_refund, out_biz_no }: TradeNotice): boolean =>
  gmt_refund !== undefined ||
  out_biz_no !== undefined ||
  (moneyOfYuan(refund_fee)?.minor ?? 0n) > 0n;

function ofOrder(notice: TradeNotice): Notification {
  const { notify_id: notificationId, out_trade_no: orderNumber } = notice;
  if (!PAID.includes(notice.trade_status)) {
    return { kind: 'odd', notificationId, orderNumber, reason: 'state_unexpected' };
  }
  const fund_bill_list = notice.fund_bill_list?.map(fundPart);
  const report = paidReport({ ...notice, fund_bill_list }, notice.gmt_payment);
  if (report.kind !== 'succeeded') {
    return { kind: 'odd', notificationId, orderNumber, reason: 'paid_without_details' };
  }
  const { kind, ...paid } = report;
  return { kind, notificationId, orderNumber, payee: payeeOf(notice), paid };
}

type NoticeFundPart = NonNullable<TradeNotice['fund_bill_list']>[number];

/** The same facts have other names here. */
const fundPart = ({ fundChannel, bankCode }: NoticeFundPart): FundPart => ({
  fund_channel: fundChannel,
  bank_code: bankCode,
});

function ofRefund(notice: TradeNotice): Notification {
  const { notify_id: notificationId, out_trade_no: orderNumber, out_biz_no: number } = notice;
  const amount = moneyOfYuan(notice.refund_fee);
  const refundedAt = fromBeijing(notice.gmt_refund);
  const complete = number !== undefined && isId('refundId', number) && amount !== undefined;
  if (!complete || refundedAt === undefined) {
    return { kind: 'odd', notificationId, orderNumber, reason: 'refund_unreadable' };
  }
  return {
    kind: 'refund',
    notificationId,
    refundNumber: number,
    orderNumber,
    payee: payeeOf(notice),
    amount,
    report: { kind: 'succeeded', providerRef: providerRef(number), amount, refundedAt },
  };
}

const payeeOf = ({ app_id, seller_id }: TradeNotice) => ({ app_id, seller_id });
