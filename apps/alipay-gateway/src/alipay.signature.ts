import {
  createCipheriv,
  createDecipheriv,
  createHash,
  sign,
  verify,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import type { Form } from '@hutong/form';

/**
 * Alipay's keys by the serial text of their certificates, or by any other name where they are keys alone.
 * All of them come from files: none out of a message.
 */
export type KeyRing = ReadonlyMap<string, KeyObject>;

/** RSA with SHA-256. Another scheme is another signature file. */
export const SIGN_TYPE = 'RSA2';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What a request signs: every parameter but `sign`, no empty ones, by name in byte order, raw values. */
export const requestText = (parameters: Form): string => joined(parameters, ['sign']);

/** What a notification signs: the same without `sign_type`. Never both rules at one address. */
export const notificationText = (fields: Form): string => joined(fields, ['sign', 'sign_type']);

/** Of what a notification signs, in hexadecimal: the same for the same notification. */
export const digestOf = (fields: Form): string =>
  createHash('sha256').update(notificationText(fields)).digest('hex');

function joined(fields: Form, without: readonly string[]): string {
  return Object.entries(fields)
    .filter(([name, value]) => value !== '' && !without.includes(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** The parameters with their `sign`. */
export const signed = (parameters: Form, privateKey: KeyObject): Form => ({
  ...parameters,
  sign: sign('sha256', Buffer.from(requestText(parameters)), privateKey).toString('base64'),
});

/** What says who signed. */
export type Claim = Readonly<{
  sign: string;
  /** Which certificate; a key alone has none, and neither have some notifications. */
  certificateSn: string | undefined;
}>;

/**
 * Whether Alipay signed this text. A certificate that is named is looked for by exactly that name; where
 * none is named, each of the account's keys may have signed.
 */
export function isSigned(
  text: string,
  { sign: signature, certificateSn }: Claim,
  keys: KeyRing,
): boolean {
  if (signature === '' || !BASE64.test(signature)) return false;
  return keysNamed(certificateSn, keys).some((key) =>
    verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64')),
  );
}

/** As `isSigned`, of the slice of an answer: some gateways sign it before they escape its slashes. */
export const isSignedAnswer = (slice: string, claim: Claim, keys: KeyRing): boolean =>
  isSigned(slice, claim, keys) ||
  (slice.includes('\\/') && isSigned(slice.replaceAll('\\/', '/'), claim, keys));

/** Whether a key of that name is there; without a name any will do. */
export const isKnownKey = (certificateSn: string | undefined, keys: KeyRing): boolean =>
  keysNamed(certificateSn, keys).length > 0;

function keysNamed(certificateSn: string | undefined, keys: KeyRing): readonly KeyObject[] {
  if (certificateSn === undefined) return [...keys.values()];
  const key = keys.get(certificateSn);
  return key === undefined ? [] : [key];
}

/**
 * What an unverified message says of its signature, for whoever finds out why it does not verify. Only what
 * looks like a scheme, a serial and a time: anything else may be anybody's data.
 */
export function claimsOf(fields: Form): Readonly<Record<string, string>> {
  const claims = Object.entries(claimShapes).flatMap(([name, shape]) => {
    const text = fields[name];
    return text === undefined ? [] : [[name, shape.test(text) ? text : 'malformed'] as const];
  });
  return Object.fromEntries(claims);
}

const claimShapes: Readonly<Record<string, RegExp>> = {
  sign_type: /^[A-Z0-9]{1,8}$/,
  alipay_cert_sn: /^[0-9a-f]{32}$/,
  notify_time: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
};

/**
 * Alipay's name for a certificate: MD5 over its issuer, from CN to C, and its serial in decimal.
 * @throws Error if it is no certificate in PEM.
 */
export function certificateSn(pem: string): string {
  const { issuer, serialNumber } = new X509Certificate(pem);
  const name = issuer.split('\n').toReversed().join(',');
  return createHash('md5')
    .update(`${name}${BigInt(`0x${serialNumber}`)}`)
    .digest('hex');
}

/** PKCS #1 v1.5 with SHA-1 or SHA-256: the roots that count, of a bundle that also has others. */
const RSA_SIGNATURES = ['1.2.840.113549.1.1.5', '1.2.840.113549.1.1.11'];
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The names of a bundle's RSA roots, joined. @throws Error if it has none, or one that cannot be read. */
export function rootCertificatesSn(bundle: string): string {
  const pems = bundle.match(CERTIFICATES) ?? [];
  const roots = pems.filter((pem) =>
    RSA_SIGNATURES.includes(new X509Certificate(pem).signatureAlgorithmOid),
  );
  if (roots.length === 0) throw new Error('no root certificate signed with RSA');
  return roots.map(certificateSn).join('_');
}

const AES = 'aes-128-cbc';
/** The documents fix it: the same text is the same ciphertext, so that it can be sent again. */
const NO_IV = Buffer.alloc(16);

/** @param key of 16 bytes, base64. */
export function encrypted(text: string, key: string): string {
  const cipher = createCipheriv(AES, Buffer.from(key, 'base64'), NO_IV);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

/** Believed for its signature: the cipher alone proves nothing. @returns undefined under another key. */
export function decrypted(ciphertext: string, key: string): string | undefined {
  try {
    const decipher = createDecipheriv(AES, Buffer.from(key, 'base64'), NO_IV);
    const text = Buffer.concat([decipher.update(ciphertext, 'base64'), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return undefined;
  }
}
