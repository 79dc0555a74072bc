import { postNotification, type Heard } from '../notifying/notification.client.js';
import { isAccepted } from './ladder.js';

/** The merchant has five seconds to answer. */
const TIMEOUT_MS = 5_000;

/** @param signature the headers that say that it is WeChat who tells. */
export const sendNotification = (
  notifyUrl: string,
  body: Uint8Array<ArrayBuffer>,
  signature: Readonly<Record<string, string>>,
): Promise<Heard> =>
  postNotification(notifyUrl, {
    headers: {
      ...signature,
      'Content-Type': 'application/json',
      Accept: '*/*',
      'User-Agent': 'Mozilla/4.0',
    },
    body,
    timeoutMs: TIMEOUT_MS,
    isAccepted: ({ status }) => isAccepted(status),
  });
