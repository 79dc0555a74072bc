import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { certificatePem, type Issuer } from './x509.signature.js';

const makeKeyPair = promisify(generateKeyPair);
const YEAR_MS = 365 * 24 * 3_600_000;
const SUBJECT = 'Hutong provider sandbox';

/** Whom the clients of this world have to trust: a new one at every start, known to nobody else. */
export class Authority {
  private constructor(
    private readonly issuer: Issuer,
    /** What a client puts into its trust store. */
    readonly pem: string,
  ) {}

  static async open(now: Date): Promise<Authority> {
    const { publicKey, privateKey } = await makeKeyPair('ec', { namedCurve: 'P-256' });
    const issuer = { subject: SUBJECT, privateKey };
    const pem = certificatePem(
      {
        serial: certificateSerial(),
        subject: SUBJECT,
        publicKey,
        notBefore: new Date(now.getTime() - YEAR_MS),
        notAfter: new Date(now.getTime() + 10 * YEAR_MS),
        isAuthority: true,
        hosts: [],
      },
      issuer,
    );
    return new Authority(issuer, pem);
  }

  /** A certificate for somebody's key, with the serial number that it has. */
  certify(
    subject: string,
    { publicKey, notBefore, notAfter }: Readonly<{ publicKey: KeyObject } & Life>,
    hosts: readonly string[] = [],
  ): Readonly<{ serial: string; pem: string }> {
    const serial = certificateSerial();
    const terms = { serial, subject, publicKey, notBefore, notAfter, isAuthority: false, hosts };
    return { serial, pem: certificatePem(terms, this.issuer) };
  }

  /** Key and certificate of a TLS server for these names. */
  async serverFor(
    hosts: readonly string[],
    now: Date,
  ): Promise<Readonly<{ key: string; cert: string }>> {
    const { publicKey, privateKey } = await makeKeyPair('ec', { namedCurve: 'P-256' });
    const life = {
      notBefore: new Date(now.getTime() - YEAR_MS),
      notAfter: new Date(now.getTime() + YEAR_MS),
    };
    const { pem } = this.certify(hosts[0] ?? SUBJECT, { publicKey, ...life }, hosts);
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem };
  }
}

type Life = { notBefore: Date; notAfter: Date };

/** 40 upper-case hex digits, of a number that is positive and as long as it can be. */
export function certificateSerial(): string {
  const bytes = randomBytes(20);
  const first = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from([first, ...bytes.subarray(1)])
    .toString('hex')
    .toUpperCase();
}
