import { slicesOf } from './alipay.slices.js';

/** An answer taken apart: what was signed, exactly as it came, and what says who signed it. */
export type Answer = Readonly<{
  /** JSON text: an object, or the quoted ciphertext of one. */
  signedPart: string;
  /** Not there on what the gateway itself refuses. */
  sign: string | undefined;
  certificateSn: string | undefined;
}>;

/**
 * `{"alipay_trade_query_response":{…},"sign":"…","alipay_cert_sn":"…"}`, its members in any order. What the
 * gateway itself refuses may come as `error_response`.
 * @returns undefined if it is no such answer: a page, another method's, one with a member twice.
 */
export function answerOf(text: string, method: string): Answer | undefined {
  const slices = slicesOf(text);
  const own = slices?.get(`${method.replaceAll('.', '_')}_response`);
  const signedPart = own ?? slices?.get('error_response');
  if (slices === undefined || signedPart === undefined) return undefined;
  const sign = textIn(slices.get('sign'));
  const certificateSn = textIn(slices.get('alipay_cert_sn'));
  return { signedPart, sign, certificateSn };
}

/** A member that is no text is none. */
function textIn(slice: string | undefined): string | undefined {
  const json: unknown = slice === undefined ? undefined : JSON.parse(slice);
  return typeof json === 'string' && json !== '' ? json : undefined;
}
