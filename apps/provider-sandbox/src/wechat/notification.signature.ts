import { beijingTime } from './beijing-time.js';
import type { PaidOrder } from './order.js';
import { transactionOf } from './transaction.js';
import { sealed } from './wechat.signature.js';

/** The only thing that WeChat tells of a payment by itself: that it was made. */
export const TRANSACTION_SUCCESS = 'TRANSACTION.SUCCESS';

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

/** The body of a payment's notification: the transaction, sealed for its merchant. */
export function notificationBody(order: PaidOrder, parts: NotificationParts): string {
  const associatedData = 'transaction';
  const plain = JSON.stringify(transactionOf(order, parts.extraFen));
  const { apiV3Key, nonce } = parts;
  return JSON.stringify({
    id: parts.id,
    create_time: beijingTime(parts.createdAt),
    event_type: TRANSACTION_SUCCESS,
    resource_type: 'encrypt-resource',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed(plain, { apiV3Key, nonce, associatedData }),
      associated_data: associatedData,
      nonce,
    },
  });
}
