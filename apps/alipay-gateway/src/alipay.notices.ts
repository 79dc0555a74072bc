import { isId } from '@hutong/domain-events';
import type { Form } from '@hutong/form';
import type { Notification } from '@hutong/gateway';
import type { FundPart } from './alipay.instruments.js';
import { paidIn } from './alipay.mapping.js';
import { digestOf } from './alipay.signature.js';
import { NamedOrder, parseWire, tradeNoticeOf, type TradeNotice } from './alipay.wire.js';
import { moneyOfYuan } from './alipay.yuan.js';

/** The news of orders; an address of ours gets nothing else. */
const OF_ORDERS = 'trade_status_sync';
const PAID = ['TRADE_SUCCESS', 'TRADE_FINISHED'];
/** Told where the merchant asked Alipay for it. */
const MOVED = ['WAIT_BUYER_PAY', 'TRADE_CLOSED'];

/** A verified form → what it tells; the order that it names is asked for, be it odd. The same `notify_id` comes with every try. */
export function toNotification(form: Form): Notification {
  const notificationId = noticeId(form);
  const notice = tradeNoticeOf(form);
  if (notice === undefined) {
    const orderNumber = parseWire(NamedOrder, form)?.out_trade_no;
    return { kind: 'odd', notificationId, orderNumber, reason: 'notice_unreadable' };
  }
  if (notice.notify_type !== OF_ORDERS) {
    const orderNumber = notice.out_trade_no;
    return { kind: 'odd', notificationId, orderNumber, reason: 'event_unsupported' };
  }
  return isOfRefund(notice) ? ofRefund(notice, notificationId) : ofOrder(notice, notificationId);
}

/** What has no name is named after what was signed: no two of them are taken for one. */
const noticeId = (form: Form): string => {
  const { notify_id: text = '' } = form;
  const isName = /^[\x21-\x7e]{1,128}$/.test(text);
  return isName ? text : digestOf(form);
};

/** Of an order whose status was changed by a refund: TRADE_SUCCESS as long as something is left. */
const isOfRefund = ({ refund_fee, gmt_refund, out_biz_no }: TradeNotice): boolean =>
  gmt_refund !== undefined ||
  out_biz_no !== undefined ||
  (moneyOfYuan(refund_fee)?.minor ?? 0n) > 0n;

function ofOrder(notice: TradeNotice, notificationId: string): Notification {
  const { out_trade_no: orderNumber } = notice;
  if (MOVED.includes(notice.trade_status)) return { kind: 'hint', notificationId, orderNumber };
  if (!PAID.includes(notice.trade_status)) {
    return { kind: 'odd', notificationId, orderNumber, reason: 'state_unexpected' };
  }
  const fund_bill_list = notice.fund_bill_list?.map(fundPart);
  const paid = paidIn({ ...notice, fund_bill_list }, notice.gmt_payment);
  if (paid === undefined) {
    return { kind: 'odd', notificationId, orderNumber, reason: 'paid_without_details' };
  }
  return { kind: 'succeeded', notificationId, orderNumber, payee: payeeOf(notice), paid };
}

type NoticeFundPart = NonNullable<TradeNotice['fund_bill_list']>[number];

/** The same facts have other names here. */
const fundPart = ({ fundChannel, bankCode }: NoticeFundPart): FundPart => ({
  fund_channel: fundChannel,
  bank_code: bankCode,
});

/**
 * Its fee counts all refunds of the order, so that it does not say what went back by this one; only the
 * answer to our own question does.
 */
function ofRefund({ out_trade_no, out_biz_no }: TradeNotice, notificationId: string): Notification {
  const about = { notificationId, orderNumber: out_trade_no };
  const refundNumber = out_biz_no !== undefined && isId('refundId', out_biz_no) && out_biz_no;
  // Somebody gave money back by hand, in Alipay's portal: people have to know.
  if (refundNumber === false) return { kind: 'odd', ...about, reason: 'refund_not_ours' };
  return { kind: 'hint', ...about, refundNumber };
}

const payeeOf = ({ app_id, seller_id }: TradeNotice) => ({ app_id, seller_id });
