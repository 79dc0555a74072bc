import { fetchWithDeadline, Unreachable } from '@hutong/http';
import { isAccepted } from './ladder.js';

/** What became of one try, as far as WeChat could hear. */
export type Heard =
  | Readonly<{ outcome: 'accepted' | 'refused'; httpStatus: number }>
  | Readonly<{ outcome: 'unreachable'; code: string }>;

/** The merchant has five seconds to answer. */
const TIMEOUT_MS = 5_000;
const ANSWER_LIMIT_BYTES = 64 * 1024;

/** Sends one notification. Whatever goes wrong is an answer: the ladder decides what follows. */
export async function sendNotification(
  notifyUrl: string,
  body: Uint8Array<ArrayBuffer>,
  signature: Readonly<Record<string, string>>,
): Promise<Heard> {
  try {
    const { status } = await fetchWithDeadline(notifyUrl, {
      method: 'POST',
      headers: {
        ...signature,
        'Content-Type': 'application/json',
        Accept: '*/*',
        'User-Agent': 'Mozilla/4.0',
      },
      body,
      timeoutMs: TIMEOUT_MS,
      maxBytes: ANSWER_LIMIT_BYTES,
    });
    return { outcome: isAccepted(status) ? 'accepted' : 'refused', httpStatus: status };
  } catch (cause) {
    if (!(cause instanceof Unreachable)) throw cause;
    return { outcome: 'unreachable', code: cause.code };
  }
}
