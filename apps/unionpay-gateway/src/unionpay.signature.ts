import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import type { Form } from '@hutong/form';
import { answerOf } from './unionpay.answer.js';

export const VERSION = '5.1.0';
/** RSA over two hashes. Another method is another signature file. */
export const SIGN_METHOD = '01';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is signed: every field but `signature` and the empty ones, by name in byte order, raw values. */
export const signedText = (fields: Form): string =>
  signedFields(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const signedFields = (fields: Form): [name: string, value: string][] =>
  Object.entries(fields)
    .filter(([name, value]) => name !== 'signature' && value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/**
 * Whether their text can be cut into these fields only. Nothing in it is escaped, so that a merchant whose
 * `reqReserved` is echoed could have a text signed that says something else where it is cut elsewhere.
 */
function isUnambiguous(fields: Form): boolean {
  const read = answerOf(signedText(fields)) ?? {};
  const said = signedFields(fields);
  return (
    said.length === Object.keys(read).length &&
    said.every(([name, value]) => Object.hasOwn(read, name) && read[name] === value)
  );
}

/** SHA-256 of what is signed, as 64 lower-case letters: a name for a message, whoever signs it again. */
export const hashOf = (fields: Form): string =>
  createHash('sha256').update(signedText(fields), 'utf8').digest('hex');

/** What RSA signs is not the text but the letters of its hash, hashed once more. */
const digestOf = (fields: Form): Buffer => Buffer.from(hashOf(fields), 'ascii');

/** Who signs. */
export type Signer = Readonly<{
  privateKey: KeyObject;
  /** The serial of the merchant's certificate, in decimal. */
  certId: string;
}>;

/** The fields with the name of our certificate and their signature: the same each time. */
export function signed(fields: Form, { privateKey, certId }: Signer): Form {
  const named = { ...fields, certId };
  return { ...named, signature: sign('sha256', digestOf(named), privateKey).toString('base64') };
}

/**
 * @param key of somebody whom we trust: never taken out of the message by itself.
 * @returns false also of what they have signed, but may have meant otherwise.
 */
export function isSignedBy(fields: Form, key: KeyObject): boolean {
  const { signature = '' } = fields;
  if (signature === '' || !BASE64.test(signature) || !isUnambiguous(fields)) return false;
  return verify('sha256', digestOf(fields), key, Buffer.from(signature, 'base64'));
}

/** UnionPay's name for a certificate. Serials are longer than any number that is a float. */
export const certIdOf = (hexSerial: string): string => BigInt(`0x${hexSerial}`).toString();
