import { sign, type KeyObject } from 'node:crypto';

/** What a certificate says of its owner. */
export type CertificateTerms = Readonly<{
  /** Hex; an even number of digits, the first of them 1 to 7. */
  serial: string;
  subject: Name;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  /** Whether it may sign others. */
  isAuthority: boolean;
  /** For which names a server may show it. */
  hosts: readonly string[];
}>;

/** Whom a certificate means: a common name alone, or its attributes in the order of writing. */
export type Name =
  string | readonly (readonly [attribute: 'C' | 'O' | 'OU' | 'CN', value: string])[];

/** Who signs: a key (RSA or P-256), and the name under which its own certificate is known. */
export type Issuer = Readonly<{ subject: Name; privateKey: KeyObject }>;

/**
 * An X.509 v3 certificate as PEM, signed over SHA-256 with whichever algorithm the issuer's key has.
 * Node can read certificates and not make them; this is as much of RFC 5280 as the providers'
 * certificates and one TLS server need.
 */
export function certificatePem(terms: CertificateTerms, issuer: Issuer): string {
  const algorithm = issuer.privateKey.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256;
  const toBeSigned = sequence(
    tagged(0, integer('02')),
    integer(terms.serial),
    algorithm,
    nameOf(issuer.subject),
    sequence(time(terms.notBefore), time(terms.notAfter)),
    nameOf(terms.subject),
    terms.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensionsOf(terms))),
  );
  const signature = sign('sha256', toBeSigned, issuer.privateKey);
  const certificate = sequence(toBeSigned, algorithm, bitString(signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function extensionsOf({ isAuthority, hosts }: CertificateTerms): Buffer[] {
  const names = hosts.map((host) => element(TAG.dnsName, Buffer.from(host)));
  return [
    extension(OID.basicConstraints, sequence(...(isAuthority ? [TRUE] : [])), 'critical'),
    ...(isAuthority ? [extension(OID.keyUsage, SIGNS_CERTIFICATES, 'critical')] : []),
    ...(names.length > 0 ? [extension(OID.subjectAltName, sequence(...names))] : []),
  ];
}

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  context: 0xa0,
} as const;

/** Tag, length, content: the length in one byte, or in as many as the first one says. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const digits = content.length.toString(16);
  const long = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const length = content.length < 0x80 ? [content.length] : [0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => element(TAG.sequence, ...parts);
const tagged = (number: number, part: Uint8Array): Buffer => element(TAG.context + number, part);
const integer = (hex: string): Buffer => element(TAG.integer, Buffer.from(hex, 'hex'));
const oid = (hex: string): Buffer => element(TAG.oid, Buffer.from(hex, 'hex'));
/** Whole bytes: none of the last one's bits is unused. */
const bitString = (bytes: Uint8Array): Buffer => element(TAG.bitString, Buffer.from([0]), bytes);

/** `YYMMDDHHMMSSZ`, which means 1950 to 2049. */
const time = (at: Date): Buffer =>
  element(TAG.utcTime, Buffer.from(`${at.toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));

const nameOf = (name: Name): Buffer =>
  sequence(
    ...(typeof name === 'string' ? [['CN', name] as const] : name).map(([attribute, value]) =>
      element(TAG.set, sequence(oid(OID[attribute]), text(attribute, value))),
    ),
  );
/** RFC 5280 wants a country in PrintableString. */
const text = (attribute: 'C' | 'O' | 'OU' | 'CN', value: string): Buffer =>
  element(attribute === 'C' ? TAG.printable : TAG.utf8, Buffer.from(value));
const extension = (id: string, value: Uint8Array, critical?: 'critical'): Buffer =>
  sequence(oid(id), ...(critical ? [TRUE] : []), element(TAG.octetString, value));

const OID = {
  CN: '550403',
  C: '550406',
  O: '55040a',
  OU: '55040b',
  keyUsage: '551d0f',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  ecdsaWithSha256: '2a8648ce3d040302',
  sha256WithRsa: '2a864886f70d01010b',
} as const;

const TRUE = element(TAG.boolean, Buffer.from([0xff]));
const ECDSA_SHA256 = sequence(oid(OID.ecdsaWithSha256));
const RSA_SHA256 = sequence(oid(OID.sha256WithRsa), element(TAG.null));
/** keyCertSign alone: the sixth bit, two of the byte unused. */
const SIGNS_CERTIFICATES = element(TAG.bitString, Buffer.from([2, 0b0000_0100]));
