import { postNotification, type Heard } from '../notifying/notification.client.js';
import { isAccepted } from './ladder.js';
import type { Fields } from './unionpay.signature.js';

/** The merchant has ten seconds to answer. */
const TIMEOUT_MS = 10_000;

/** As a form, which unlike an answer is urlencoded. */
export const sendNotification = (backUrl: string, fields: Fields): Promise<Heard> =>
  postNotification(backUrl, {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
      'User-Agent': 'UnionPay',
    },
    body: Buffer.from(new URLSearchParams(fields).toString()),
    timeoutMs: TIMEOUT_MS,
    isAccepted: ({ status }) => isAccepted(status),
  });
