import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { assertNever } from '@hutong/result';
import { certificateSerial } from '../tls/authority.adapter.js';
import { certificatePem, type Issuer, type Name } from '../tls/x509.signature.js';
import type { Signer, SigningKind } from './sealed.signature.js';

/** Certificates that nobody may believe, although each of them verifies the signature beside it. */
type FaultyCertificate = Exclude<SigningKind, 'good' | 'bad' | 'unsigned'>;

type Pair = Readonly<{ publicKey: KeyObject; privateKey: KeyObject }>;
type Life = Readonly<{ notBefore: Date; notAfter: Date }>;
type Certified = Readonly<{ serial: string; pem: string }>;

const YEAR_MS = 365 * 24 * 3_600_000;
const makeKeyPair = promisify(generateKeyPair);
const rsa = (): Promise<Pair> => makeKeyPair('rsa', { modulusLength: 2048 });

const named = (organization: string, commonName: string): Name => [
  ['C', 'CN'],
  ['O', organization],
  ['CN', commonName],
];
const ROOT = named('Hutong provider sandbox', 'Test root of UnionPay');
const MIDDLE = named('Hutong provider sandbox', 'Test middle of UnionPay');
/** Between its `@`: kind, number, whose it is, number. Verifiers look at the third part. */
const UNIONPAY = '041@8310000000083040@中国银联股份有限公司@00016493';
const SOMEBODY = '041@8310000000083041@杭州某某商户有限公司@00016494';

/**
 * UnionPay's certificates in this world: a root and a middle that whoever verifies has to know
 * beforehand, and the one that signs, which comes inside every message. Made anew at every start.
 */
export class SigningCertificates {
  private readonly faulty = new Map<FaultyCertificate, Promise<Signer>>();

  private constructor(
    private readonly middle: Issuer,
    private signer: Signer,
    private readonly now: Date,
    /** What verifiers trust. */
    readonly rootPem: string,
    /** What stands between it and the certificate that signs. */
    readonly middlePem: string,
  ) {}

  static async open(now: Date): Promise<SigningCertificates> {
    const [rootKeys, middleKeys, signing] = await Promise.all([rsa(), rsa(), rsa()]);
    const root = { subject: ROOT, privateKey: rootKeys.privateKey };
    const middle = { subject: MIDDLE, privateKey: middleKeys.privateKey };
    const life = { notBefore: yearsFrom(now, -1), notAfter: yearsFrom(now, 10) };
    const rootPem = certify(ROOT, { ...life, ...rootKeys, by: root, isAuthority: true }).pem;
    const middlePem = certify(MIDDLE, { ...life, ...middleKeys, by: root, isAuthority: true }).pem;
    const signer = unionpay(signing, middle, now);
    return new SigningCertificates(middle, signer, now, rootPem, middlePem);
  }

  /** For a merchant, who says its serial number with every request. */
  certifyMerchant(commonName: string, publicKey: KeyObject): Certified {
    const life = { notBefore: yearsFrom(this.now, -1), notAfter: yearsFrom(this.now, 4) };
    const subject = named('Hutong provider sandbox', commonName);
    return certify(subject, { ...life, publicKey, by: this.middle });
  }

  /** Another key and another certificate from now on, from the same middle. */
  async rotate(): Promise<void> {
    this.signer = unionpay(await rsa(), this.middle, this.now);
    this.faulty.clear();
  }

  /** The key and the certificate of this kind; a faulty one is made when it is first asked for. */
  async signerFor(kind: SigningKind): Promise<Signer> {
    if (kind === 'good' || kind === 'bad' || kind === 'unsigned') return this.signer;
    const known = this.faulty.get(kind) ?? this.makeFaulty(kind);
    this.faulty.set(kind, known);
    return known;
  }

  private async makeFaulty(kind: FaultyCertificate): Promise<Signer> {
    const keys = await rsa();
    const { now } = this;
    switch (kind) {
      case 'wrong_subject':
        return unionpay(keys, this.middle, now, { commonName: SOMEBODY });
      case 'expired':
        return unionpay(keys, this.middle, now, { yearsLeft: -1 });
      case 'foreign_chain': {
        const stranger = await rsa();
        return unionpay(keys, { subject: MIDDLE, privateKey: stranger.privateKey }, now);
      }
      default:
        return assertNever(kind);
    }
  }
}

const yearsFrom = (now: Date, years: number): Date => new Date(now.getTime() + years * YEAR_MS);

function unionpay(
  { publicKey, privateKey }: Pair,
  by: Issuer,
  now: Date,
  { commonName = UNIONPAY, yearsLeft = 2 }: { commonName?: string; yearsLeft?: number } = {},
): Signer {
  const life = { notBefore: yearsFrom(now, yearsLeft - 3), notAfter: yearsFrom(now, yearsLeft) };
  const { pem } = certify(named('China UnionPay', commonName), { ...life, publicKey, by });
  return { privateKey, pem: pem.trimEnd().replaceAll('\n', '\r\n') };
}

function certify(
  subject: Name,
  {
    by,
    publicKey,
    notBefore,
    notAfter,
    isAuthority = false,
  }: Life & Readonly<{ publicKey: KeyObject; by: Issuer; isAuthority?: boolean }>,
): Certified {
  const serial = certificateSerial();
  const terms = { serial, subject, publicKey, notBefore, notAfter, isAuthority, hosts: [] };
  return { serial, pem: certificatePem(terms, by) };
}
