import type { SignatureKind } from './fault-plans.js';
import type { PlatformKey } from './wechat-accounts.adapter.js';
import { answerMessage, PROBE_PREFIX, SCHEME, signed } from './wechat.signature.js';

export type Signing = Readonly<{
  key: PlatformKey;
  /** Real time: the other side compares it with its own clock. */
  now: Date;
  /** 32 characters that were never used before. */
  nonce: string;
  kind: SignatureKind;
}>;

/** The five headers of everything that WeChat signs, answers and notifications alike. */
export function signatureHeaders(
  body: Uint8Array,
  { key, now, nonce, kind }: Signing,
): Record<string, string> {
  const timestamp = Math.floor(now.getTime() / 1_000).toString();
  const said = kind === 'bad' ? Buffer.concat([body, Buffer.from(' ')]) : body;
  const signature = signed(answerMessage(timestamp, nonce, said), key.privateKey);
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Signature': kind === 'probe' ? `${PROBE_PREFIX}${signature}` : signature,
    'Wechatpay-Serial': key.serial,
    'Wechatpay-Signature-Type': SCHEME,
  };
}
