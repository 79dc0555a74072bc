import {
  createCipheriv,
  createDecipheriv,
  createHash,
  sign,
  verify,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';

/**
 * Alipay's RSA2 as the provider makes and checks it: RSA PKCS#1 v1.5 over SHA-256, base64. Written
 * from the protocol alone, so that a mistake of a gateway of ours cannot be repeated here.
 */
export const SIGN_TYPE = 'RSA2';

/**
 * What a request signs: everything but `sign`, what is empty left out, sorted, `k=v` joined by `&`;
 * the values as they are, not as they are encoded.
 */
export const requestContent = (parameters: ReadonlyMap<string, string>): string =>
  contentOf(parameters, ['sign']);

/** What a notification signs: the same without `sign_type`. */
export const noticeContent = (parameters: ReadonlyMap<string, string>): string =>
  contentOf(parameters, ['sign', 'sign_type']);

const contentOf = (parameters: ReadonlyMap<string, string>, without: readonly string[]): string =>
  [...parameters]
    .filter(([name, value]) => value !== '' && !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

export const signed = (content: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(content), key).toString('base64');

/** @param signature anything but one line of standard base64 is refused. */
export const isSignedBy = (content: string, signature: string, key: KeyObject): boolean =>
  BASE64.test(signature) &&
  verify('sha256', Buffer.from(content), key, Buffer.from(signature, 'base64'));

/** AES-128-CBC, an IV of zeros, PKCS#7, base64. @param aesKey 16 bytes in base64. */
export function encrypted(plain: string, aesKey: string): string {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(aesKey, 'base64'), NO_IV);
  return Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
}

/** @returns `undefined` if this key did not encrypt it. */
export function decrypted(text: string, aesKey: string): string | undefined {
  if (!BASE64.test(text)) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', Buffer.from(aesKey, 'base64'), NO_IV);
  try {
    return decipher.update(text, 'base64', 'utf8') + decipher.final('utf8');
  } catch {
    return undefined; // bad padding, or a block that is not whole
  }
}

/**
 * The number under which a certificate goes at Alipay: MD5 of its issuer's name, from CN to C, and
 * its serial number in decimal.
 */
export function certificateNumber(pem: string): string {
  const { issuer, serialNumber } = new X509Certificate(pem);
  const name = issuer.split('\n').reverse().join(',');
  return createHash('md5')
    .update(`${name}${BigInt(`0x${serialNumber}`)}`)
    .digest('hex');
}

const NO_IV = Buffer.alloc(16);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
