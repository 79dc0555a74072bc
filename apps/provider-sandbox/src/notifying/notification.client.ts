import { fetchWithDeadline, Unreachable, type FetchedAnswer } from '@hutong/http';

/** What became of one try, as far as the provider could hear. */
export type Heard =
  | Readonly<{ outcome: 'accepted' | 'refused'; httpStatus: number }>
  | Readonly<{ outcome: 'unreachable'; code: string }>;

export type Post = Readonly<{
  headers: Readonly<Record<string, string>>;
  body: Uint8Array<ArrayBuffer>;
  timeoutMs: number;
  /** The provider's rule; nothing else of the answer is looked at. */
  isAccepted(answer: FetchedAnswer): boolean;
}>;

const ANSWER_LIMIT_BYTES = 64 * 1024;

/** Sends one notification. Whatever goes wrong is an answer: the ladder decides what follows. */
export async function postNotification(
  notifyUrl: string,
  { headers, body, timeoutMs, isAccepted }: Post,
): Promise<Heard> {
  try {
    const answer = await fetchWithDeadline(notifyUrl, {
      method: 'POST',
      headers,
      body,
      timeoutMs,
      maxBytes: ANSWER_LIMIT_BYTES,
    });
    const outcome = isAccepted(answer) ? 'accepted' : 'refused';
    return { outcome, httpStatus: answer.status };
  } catch (cause) {
    if (!(cause instanceof Unreachable)) throw cause;
    return { outcome: 'unreachable', code: cause.code };
  }
}
