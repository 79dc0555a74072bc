import type { Form } from '@hutong/form';
import type { Told } from '@hutong/gateway';
import { meaningOf } from './unionpay.codes.js';
import { amountIn, paidIn } from './unionpay.mapping.js';
import { toRefundReport } from './unionpay.refunds.js';
import { hashOf } from './unionpay.signature.js';
import { NamedOrder, Notice, parseWire } from './unionpay.wire.js';

const PAYMENT = '01';
/** A refund, and an undo. */
const GIVEN_BACK = ['04', '31'];

/**
 * A verified form → what it tells. UnionPay's own number and the kind of transaction are the same in every
 * try. Only what succeeded is told; whatever else should come is a reason to ask.
 */
export function toNotification(form: Form): Told {
  const notice = parseWire(Notice, form);
  if (notice === undefined) return unreadable(form);
  const { txnType, queryId, orderId: orderNumber } = notice;
  const notificationId = queryId === undefined ? hashOf(form) : `${queryId}-${txnType}`;
  if (txnType === PAYMENT) return ofPayment(notice, notificationId);
  if (GIVEN_BACK.includes(txnType)) return ofRefund(notice, notificationId);
  return { kind: 'odd', notificationId, orderNumber, reason: 'event_unsupported' };
}

/** Verified, so it is UnionPay's; only its shape is not known. The order that it names is asked for. */
function unreadable(form: Form): Told {
  const orderNumber = parseWire(NamedOrder, form)?.orderId;
  const notificationId = hashOf(form);
  return { kind: 'odd', notificationId, orderNumber, reason: 'notice_unreadable' };
}

function ofPayment(notice: Notice, notificationId: string): Told {
  const { orderId: orderNumber, respCode } = notice;
  const { is } = meaningOf(respCode);
  if (is !== 'done' && is !== 'late') return { kind: 'hint', notificationId, orderNumber };
  const paid = paidIn(notice, notice.txnTime, respCode);
  if (paid === undefined) {
    return { kind: 'odd', notificationId, orderNumber, reason: 'paid_without_details' };
  }
  return { kind: 'succeeded', notificationId, orderNumber, payee: payeeOf(notice), paid };
}

/** Its order is not named: our own books know which one it is of. */
function ofRefund(notice: Notice, notificationId: string): Told {
  const { orderId: refundNumber, respCode, txnTime } = notice;
  const amount = amountIn(notice);
  const report = toRefundReport(notice, respCode, { txnTime });
  const isDone = report.kind === 'succeeded' && amount !== undefined;
  if (!isDone) {
    const reason = 'refund_without_success';
    return { kind: 'odd', notificationId, orderNumber: refundNumber, reason };
  }
  return { kind: 'refund', notificationId, refundNumber, payee: payeeOf(notice), amount, report };
}

/** Number and time are one name: a notification of another time is of another order. */
const payeeOf = ({ merId, txnTime }: Notice) => ({ merId, txnTime });
