import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { fetchWithDeadline, Unreachable, type FetchedAnswer } from '@hutong/http';
import type { WechatAccount } from './wechat.account.config.js';
import type { WechatApi } from './wechat.config.js';
import { authorization } from './wechat.signature.js';

/** @param url path and query as they are signed and sent. */
export type Call = Readonly<{ method: 'GET' | 'POST'; url: string; body?: Uint8Array }>;

/** What came back, if anything did. Nothing of it was verified. */
export type Heard =
  | Readonly<{ kind: 'answer'; answer: FetchedAnswer }>
  /** It cannot have arrived. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** It may have arrived. */
  | Readonly<{ kind: 'unclear'; cause: string }>;

const MAX_ANSWER_BYTES = 256 * 1024;
const USER_AGENT = 'hutong-wechat-gateway/0.1';

/** Sends what it is given, signed by the merchant. Believes nothing and decides nothing. */
export class WechatHttp {
  constructor(
    private readonly api: WechatApi,
    private readonly clock: Clock,
  ) {}

  async send(account: WechatAccount, call: Call): Promise<Heard> {
    try {
      return { kind: 'answer', answer: await this.fetch(account, call) };
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      return { kind: fault.mayHaveArrived ? 'unclear' : 'not_sent', cause: fault.code };
    }
  }

  private fetch(account: WechatAccount, { method, url, body }: Call): Promise<FetchedAnswer> {
    const { mchid, certificateSerial, privateKey, answerSerial } = account;
    const bytes = Uint8Array.from(body ?? []);
    const nonce = randomBytes(16).toString('hex');
    const signer = { mchid, certificateSerial, privateKey, at: this.clock.now(), nonce };
    return fetchWithDeadline(new URL(url, this.api.baseUrl), {
      method,
      headers: {
        Authorization: authorization({ method, url, body: bytes }, signer),
        Accept: 'application/json',
        'User-Agent': USER_AGENT,
        // Names the key to be answered with; without it a platform certificate answers.
        ...(answerSerial !== undefined && { 'Wechatpay-Serial': answerSerial }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: bytes }),
      timeoutMs: this.api.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
  }
}
