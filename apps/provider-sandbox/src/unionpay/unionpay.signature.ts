import { createHash, sign, verify, type KeyObject } from 'node:crypto';

/**
 * ACP 5.1.0's signature, signMethod 01, as the provider makes and checks it. Written from the
 * protocol alone, so that a mistake of a gateway of ours cannot be repeated here.
 */
export type Fields = Readonly<Record<string, string>>;

/** What is signed: everything but the signature and what is empty, sorted by its bytes, not encoded. */
export const signedText = (fields: Fields): string =>
  Object.entries(fields)
    .filter(([name, value]) => name !== 'signature' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** Hashed twice: what RSA signs is the 64 lower-case letters of the first hash. */
const hashed = (fields: Fields): Buffer =>
  Buffer.from(createHash('sha256').update(signedText(fields), 'utf8').digest('hex'));

export const signatureOf = (fields: Fields, key: KeyObject): string =>
  sign('sha256', hashed(fields), key).toString('base64');

/** Whether the message carries the signature of this key's owner, as one line of standard base64. */
export function isSignedBy(fields: Fields, key: KeyObject): boolean {
  const { signature = '' } = fields;
  if (signature === '' || !BASE64.test(signature)) return false;
  return verify('sha256', hashed(fields), key, Buffer.from(signature, 'base64'));
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** How a certificate is named in `certId`: its serial number in decimal, whatever its length. */
export const certIdOf = (hexSerial: string): string => BigInt(`0x${hexSerial}`).toString();
