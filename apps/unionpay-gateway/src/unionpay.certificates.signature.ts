import { X509Certificate, type KeyObject } from 'node:crypto';
import type { Form } from '@hutong/form';
import { ok, refuse, type Result } from '@hutong/result';
import { isSignedBy, SIGN_METHOD, VERSION } from './unionpay.signature.js';

/** Who may vouch for a certificate that comes in a message. From files, none out of a message. */
export type Trust = Readonly<{
  middles: readonly X509Certificate[];
  roots: readonly X509Certificate[];
}>;

export type SignatureRefusal = 'headers_missing' | 'untrusted_key' | 'bad_signature';

/** The third of the parts between `@` in the subject's CN. */
const UNIONPAY = '中国银联股份有限公司';
/** More than UnionPay signs with at a time; only what was accepted is in there. */
const MOST_KNOWN = 16;

type Vouched = Readonly<{ key: KeyObject; chain: readonly X509Certificate[] }>;

/**
 * The certificates that UnionPay's messages bring along. Each message carries the key that it can be
 * verified with, so that anybody's does: it counts only if a configured middle and root vouch for it, and it
 * is UnionPay's. That is found out once for each text of a certificate; its validity each time.
 */
export class SigningCertificates {
  private readonly known = new WeakMap<Trust, Map<string, Vouched>>();

  /** Whether UnionPay signed this message. @param fields with the certificate exactly as it came. */
  verify(fields: Form, trust: Trust, now: Date): Result<true, SignatureRefusal> {
    const { signPubKeyCert: pem, signature, signMethod, version } = fields;
    if (!pem || !signature) return refuse('headers_missing');
    if (signMethod !== SIGN_METHOD || version !== VERSION) return refuse('bad_signature');
    const key = this.trustedKey(pem, trust, now);
    if (key === undefined) return refuse('untrusted_key');
    return isSignedBy(fields, key) ? ok(true) : refuse('bad_signature');
  }

  private trustedKey(pem: string, trust: Trust, now: Date): KeyObject | undefined {
    const known = this.known.get(trust) ?? new Map<string, Vouched>();
    const before = known.get(pem);
    if (before?.chain.every((one) => isValid(one, now))) return before.key;
    const vouched = vouchedFor(pem, trust, now);
    if (vouched === undefined) return undefined;
    if (known.size >= MOST_KNOWN) known.clear();
    this.known.set(trust, known.set(pem, vouched));
    return vouched.key;
  }
}

function vouchedFor(pem: string, { middles, roots }: Trust, now: Date): Vouched | undefined {
  const certificate = certificateIn(pem);
  if (certificate === undefined || !isUnionpays(certificate) || !isValid(certificate, now)) {
    return undefined;
  }
  const middle = issuerOf(certificate, middles, now);
  const root = middle && issuerOf(middle, roots, now);
  if (middle === undefined || root === undefined) return undefined;
  return { key: certificate.publicKey, chain: [certificate, middle, root] };
}

/** By its name AND its key: a name alone is anybody's. Of several the one that is valid. */
const issuerOf = (
  certificate: X509Certificate,
  among: readonly X509Certificate[],
  now: Date,
): X509Certificate | undefined =>
  among.find(
    (one) =>
      one.ca &&
      isValid(one, now) &&
      certificate.checkIssued(one) &&
      certificate.verify(one.publicKey),
  );

const isValid = ({ validFromDate, validToDate }: X509Certificate, now: Date): boolean =>
  validFromDate <= now && now <= validToDate;

/** One certificate, with one common name, and an RSA key. */
function isUnionpays({ subject, publicKey, ca }: X509Certificate): boolean {
  const names = subject.split('\n').filter((line) => line.startsWith('CN='));
  const [name = ''] = names;
  const isNamed = names.length === 1 && name.split('@')[2] === UNIONPAY;
  return isNamed && !ca && publicKey.asymmetricKeyType === 'rsa';
}

const ONE_CERTIFICATE =
  /^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*$/;

function certificateIn(pem: string): X509Certificate | undefined {
  if (!ONE_CERTIFICATE.test(pem)) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // base64 of something else
  }
}

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** All authorities of a bundle in PEM. @throws Error if it has none, or one that is no authority. */
export function authoritiesIn(bundle: string): readonly X509Certificate[] {
  const authorities = (bundle.match(CERTIFICATES) ?? []).map((pem) => new X509Certificate(pem));
  const areGood = authorities.length > 0 && authorities.every(({ ca }) => ca);
  if (!areGood) throw new Error('no certificates of authorities');
  return authorities;
}

/**
 * What an unverified message says of its signature, for whoever finds out why it does not verify. Only what
 * looks like a serial, a scheme and a time: anything else may be anybody's data.
 */
export function claimsOf(fields: Form): Readonly<Record<string, string>> {
  const { signPubKeyCert, signMethod, txnTime } = fields;
  const serial = signPubKeyCert && (certificateIn(signPubKeyCert)?.serialNumber ?? 'malformed');
  return {
    ...(serial && { serial: /^[0-9A-F]{1,64}$/.test(serial) ? serial : 'malformed' }),
    ...(signMethod !== undefined && {
      signMethod: /^\d\d$/.test(signMethod) ? signMethod : 'malformed',
    }),
    ...(txnTime !== undefined && { txnTime: /^\d{14}$/.test(txnTime) ? txnTime : 'malformed' }),
  };
}
