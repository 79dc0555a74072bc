import { formText, type Form } from '@hutong/form';
import { fetchWithDeadline, Unreachable, type FetchedAnswer } from '@hutong/http';
import type { UnionpayApi } from './unionpay.config.js';

/** What came back, if anything did. Nothing of it was verified. */
export type Heard =
  | Readonly<{ kind: 'answer'; answer: FetchedAnswer }>
  /** It cannot have arrived. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** It may have arrived. */
  | Readonly<{ kind: 'unclear'; cause: string }>;

const MAX_ANSWER_BYTES = 256 * 1024;
const USER_AGENT = 'hutong-unionpay-gateway/0.1';

/** Sends what it is given. Believes nothing and decides nothing. */
export class UnionpayHttp {
  constructor(private readonly api: Pick<UnionpayApi, 'baseUrl' | 'timeoutMs'>) {}

  async send(path: string, request: Form): Promise<Heard> {
    const { baseUrl, timeoutMs } = this.api;
    try {
      const answer = await fetchWithDeadline(new URL(path, baseUrl), {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'User-Agent': USER_AGENT,
        },
        body: formText(request),
        timeoutMs,
        maxBytes: MAX_ANSWER_BYTES,
      });
      return { kind: 'answer', answer };
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      return { kind: fault.mayHaveArrived ? 'unclear' : 'not_sent', cause: fault.code };
    }
  }
}
