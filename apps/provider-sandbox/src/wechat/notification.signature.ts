import { beijingTime } from '../clock/beijing-time.js';
import type { PaidOrder } from './order.js';
import { refundNotice } from './refund-answer.js';
import type { Refunding } from './refund-book.js';
import type { RefundEnd } from './refund.js';
import { transactionOf } from './transaction.js';
import { sealed } from './wechat.signature.js';

/** What WeChat tells of by itself: a payment that was made, and how a refund ended. */
export type News = Readonly<{
  eventType: 'TRANSACTION.SUCCESS' | `REFUND.${RefundEnd}`;
  originalType: 'transaction' | 'refund';
  summary: string;
  /** @param extraFen the fault `wrong_amount` */
  says(extraFen: number): object;
}>;

export const newsOfPayment = (order: PaidOrder): News => ({
  eventType: 'TRANSACTION.SUCCESS',
  originalType: 'transaction',
  summary: '支付成功',
  says: (extraFen) => transactionOf(order, extraFen),
});

const REFUND_SUMMARIES: Readonly<Record<RefundEnd, string>> = {
  SUCCESS: '退款成功',
  ABNORMAL: '退款异常',
  CLOSED: '退款关闭',
};

export const newsOfRefund = (refunding: Refunding, end: RefundEnd): News => ({
  eventType: `REFUND.${end}`,
  originalType: 'refund',
  summary: REFUND_SUMMARIES[end],
  says: (extraFen) => refundNotice(refunding, extraFen),
});

export type NotificationParts = Readonly<{
  /** At most 36 characters; the same in every try. */
  id: string;
  createdAt: Date;
  apiV3Key: string;
  /** 12 characters that this key never sealed with before. */
  nonce: string;
  /** The fault `wrong_amount`. */
  extraFen: number;
}>;

/** The body of a notification: the news, sealed for its merchant. */
export function notificationBody(news: News, parts: NotificationParts): string {
  const associatedData = news.originalType;
  const plain = JSON.stringify(news.says(parts.extraFen));
  const { apiV3Key, nonce } = parts;
  return JSON.stringify({
    id: parts.id,
    create_time: beijingTime(parts.createdAt),
    event_type: news.eventType,
    resource_type: 'encrypt-resource',
    summary: news.summary,
    resource: {
      original_type: news.originalType,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed(plain, { apiV3Key, nonce, associatedData }),
      associated_data: associatedData,
      nonce,
    },
  });
}
