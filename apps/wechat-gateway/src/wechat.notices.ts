import type { Notification } from '@hutong/gateway';
import { isCurrency, money } from '@hutong/money';
import { toAttemptReport } from './wechat.mapping.js';
import { toRefundReport } from './wechat.refunds.js';
import {
  parseWire,
  WechatRefundNotice,
  WechatTransaction,
  type NotificationWire,
} from './wechat.wire.js';

/** Nothing is told of payments that failed, expired or were closed. */
const PAID = 'TRANSACTION.SUCCESS';
/** The status in each of them says the same as its name. */
const REFUNDS = ['REFUND.SUCCESS', 'REFUND.ABNORMAL', 'REFUND.CLOSED'];

/** A verified notification → what it tells. @param plain JSON, authenticated by the decryption. */
export function toNotification({ id, event_type }: NotificationWire, plain: string): Notification {
  if (event_type === PAID) return ofPayment(id, plain);
  if (REFUNDS.includes(event_type)) return ofRefund(id, plain);
  return { kind: 'odd', notificationId: id, reason: 'event_unsupported' };
}

function ofPayment(notificationId: string, plain: string): Notification {
  const transaction = parseWire(WechatTransaction, plain);
  if (transaction === undefined) {
    return { kind: 'odd', notificationId, reason: 'transaction_unreadable' };
  }
  const orderNumber = transaction.out_trade_no;
  const report = toAttemptReport(transaction);
  if (report.kind !== 'succeeded') {
    return { kind: 'odd', notificationId, orderNumber, reason: 'state_unexpected' };
  }
  const { mchid, appid } = transaction;
  const { providerRef, instrument, amount, paidAt } = report;
  const paid = { providerRef, instrument, amount, paidAt };
  return { kind: 'succeeded', notificationId, orderNumber, payee: { mchid, appid }, paid };
}

function ofRefund(notificationId: string, plain: string): Notification {
  const notice = parseWire(WechatRefundNotice, plain);
  if (notice === undefined) return { kind: 'odd', notificationId, reason: 'refund_unreadable' };
  const { out_trade_no: orderNumber, out_refund_no: refundNumber, mchid, amount } = notice;
  const report = toRefundReport(notice, notice.refund_status);
  const currency = amount.currency ?? 'CNY';
  if (report.kind === 'unknown' || !isCurrency(currency)) {
    return { kind: 'odd', notificationId, orderNumber, reason: 'state_unexpected' };
  }
  const about = { notificationId, refundNumber, orderNumber, payee: { mchid } };
  return { kind: 'refund', ...about, amount: money(BigInt(amount.refund), currency), report };
}
