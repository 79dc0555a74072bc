import { formText, type Form } from '@hutong/form';
import { fetchWithDeadline, Unreachable, type FetchedAnswer } from '@hutong/http';
import type { AlipayApi } from './alipay.config.js';

/** What came back, if anything did. Nothing of it was verified. */
export type Heard =
  | Readonly<{ kind: 'answer'; answer: FetchedAnswer }>
  /** It cannot have arrived. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** It may have arrived. */
  | Readonly<{ kind: 'unclear'; cause: string }>;

const MAX_ANSWER_BYTES = 256 * 1024;
const USER_AGENT = 'hutong-alipay-gateway/0.1';

/** Sends what it is given. Believes nothing and decides nothing. */
export class AlipayHttp {
  constructor(private readonly api: AlipayApi) {}

  /** What is of the order goes in the body, where no log of addresses has it; the rest before it. */
  async send({ biz_content = '', ...parameters }: Form): Promise<Heard> {
    const { gateway, timeoutMs } = this.api;
    try {
      const answer = await fetchWithDeadline(`${gateway.href}?${formText(parameters)}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded;charset=utf-8',
          'User-Agent': USER_AGENT,
        },
        body: formText({ biz_content }),
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
