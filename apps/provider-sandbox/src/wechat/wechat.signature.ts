import { createCipheriv, sign, verify, type KeyObject } from 'node:crypto';

/**
 * WeChat Pay v3's signatures as the provider makes and checks them: RSA PKCS#1 v1.5 over SHA-256,
 * base64 on one line. Written from the protocol alone, so that a mistake of a gateway of ours cannot
 * be repeated here.
 */
export const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** What WeChat puts before the signature of its forged probes. Nobody may accept one. */
export const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';

export type RequestToVerify = Readonly<{
  method: string;
  /** Path and query exactly as they were sent, percent-encoding included. */
  url: string;
  timestamp: string;
  nonce: string;
  body: Uint8Array;
}>;

/** Five lines, the last one ended too: an empty body still leaves its line end. */
export const requestMessage = ({ method, url, timestamp, nonce, body }: RequestToVerify): Buffer =>
  Buffer.concat([Buffer.from(`${method}\n${url}\n${timestamp}\n${nonce}\n`), body, LINE_END]);

/** Three lines, for answers and notifications. On 204 the third is empty. */
export const answerMessage = (timestamp: string, nonce: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, LINE_END]);

export const signed = (message: Uint8Array, key: KeyObject): string =>
  sign('sha256', message, key).toString('base64');

/** @param signature as the header says it: anything but one line of standard base64 is refused. */
export const isSignedBy = (message: Uint8Array, signature: string, key: KeyObject): boolean =>
  BASE64.test(signature) && verify('sha256', message, key, Buffer.from(signature, 'base64'));

/**
 * AES-256-GCM as notifications carry it: the ciphertext with its 16-byte tag behind it, in base64.
 * @param apiV3Key its 32 characters are the key, as UTF-8. @param nonce 12 characters.
 */
export function sealed(
  plain: string,
  { apiV3Key, nonce, associatedData }: Readonly<Record<SealPart, string>>,
): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce), {
    authTagLength: 16,
  });
  cipher.setAAD(Buffer.from(associatedData));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return body.toString('base64');
}

type SealPart = 'apiV3Key' | 'nonce' | 'associatedData';

const LINE_END = Buffer.from('\n');
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
