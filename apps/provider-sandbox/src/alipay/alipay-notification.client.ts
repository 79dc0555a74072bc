import { postNotification, type Heard } from '../notifying/notification.client.js';
import { isAccepted } from './ladder.js';

/** Alipay publishes none; a merchant who takes longer has a fault of its own. */
const TIMEOUT_MS = 5_000;

export const sendNotice = (notifyUrl: string, form: string): Promise<Heard> =>
  postNotification(notifyUrl, {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
      'User-Agent': 'Mozilla/4.0',
    },
    body: Buffer.from(form),
    timeoutMs: TIMEOUT_MS,
    isAccepted: ({ status, body }) => isAccepted(status, body.toString()),
  });
