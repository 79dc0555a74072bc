import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { certificateSerial } from '../tls/authority.adapter.js';
import { certificatePem, type Issuer, type Name } from '../tls/x509.signature.js';
import { certificateNumber } from './alipay.signature.js';

const makeKeyPair = promisify(generateKeyPair);
const YEAR_MS = 365 * 24 * 3_600_000;

/** A certificate and the number that requests and answers name it by. */
export type NumberedCertificate = Readonly<{ pem: string; number: string }>;

/**
 * Who certifies Alipay's keys and those of its merchants' apps. The bundle of roots has one that
 * signs by ECDSA too, which has no part in the bundle's number.
 */
export class AlipayAuthority {
  private constructor(
    private readonly issuer: Issuer,
    /** Both roots: alipayRootCert.crt. */
    readonly roots: NumberedCertificate,
    private readonly now: Date,
  ) {}

  static async open(now: Date): Promise<AlipayAuthority> {
    const [rsa, ec] = await Promise.all([
      makeKeyPair('rsa', { modulusLength: 2048 }),
      makeKeyPair('ec', { namedCurve: 'P-256' }),
    ]);
    const issuer = { subject: nameOf('Ant Financial Certification Authority R1'), ...rsa };
    const [signing, passedOver] = [issuer, { subject: nameOf('Another Authority'), ...ec }].map(
      (root) => certificate(now, { ...root, isAuthority: true }, root),
    );
    if (signing === undefined || passedOver === undefined) throw new Error('two roots were made');
    const roots = { pem: `${passedOver}${signing}`, number: certificateNumber(signing) };
    return new AlipayAuthority(issuer, roots, now);
  }

  certify(commonName: string, publicKey: KeyObject): NumberedCertificate {
    const owner = { subject: nameOf(commonName), publicKey, isAuthority: false };
    const pem = certificate(this.now, owner, this.issuer);
    return { pem, number: certificateNumber(pem) };
  }
}

const nameOf = (commonName: string): Name => [
  ['C', 'CN'],
  ['O', 'Hutong provider sandbox'],
  ['OU', 'Certification Authority'],
  ['CN', commonName],
];

const certificate = (
  now: Date,
  owner: Readonly<{ subject: Name; publicKey: KeyObject; isAuthority: boolean }>,
  issuer: Issuer,
): string => {
  const { subject, publicKey, isAuthority } = owner;
  return certificatePem(
    {
      serial: certificateSerial(),
      subject,
      publicKey,
      isAuthority,
      notBefore: new Date(now.getTime() - YEAR_MS),
      notAfter: new Date(now.getTime() + 5 * YEAR_MS),
      hosts: [],
    },
    issuer,
  );
};
