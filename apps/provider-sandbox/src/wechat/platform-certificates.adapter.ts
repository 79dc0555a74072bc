import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Authority } from '../tls/authority.adapter.js';
import { beijingTime } from '../clock/beijing-time.js';
import type { PlatformKey } from './wechat-accounts.adapter.js';
import { sealed } from './wechat.signature.js';

const makeKeyPair = promisify(generateKeyPair);
const YEAR_MS = 365 * 24 * 3_600_000;

export type PlatformCertificate = PlatformKey &
  Readonly<{ pem: string; effectiveAt: Date; expiresAt: Date }>;

/**
 * WeChat's own certificates, the same for all merchants. Two are valid at any time: the one that
 * signs, and the one that will when this one goes.
 */
export class PlatformCertificates {
  private constructor(
    private readonly authority: Authority,
    private current: PlatformCertificate,
    private next: PlatformCertificate,
  ) {}

  static async open(authority: Authority, now: Date): Promise<PlatformCertificates> {
    const aYearAgo = new Date(now.getTime() - YEAR_MS);
    const [current, next] = await Promise.all([
      makeCertificate(authority, aYearAgo),
      makeCertificate(authority, now),
    ]);
    return new PlatformCertificates(authority, current, next);
  }

  /** Who signs answers and notifications now. */
  get signer(): PlatformCertificate {
    return this.current;
  }

  /** Those that a merchant may download; the first one signs. */
  get valid(): readonly [PlatformCertificate, PlatformCertificate] {
    return [this.current, this.next];
  }

  /** The one that was announced signs from now on, and its successor is announced. */
  async rotate(now: Date): Promise<void> {
    const made = await makeCertificate(this.authority, now);
    this.current = this.next;
    this.next = made;
  }

  /** What GET /v3/certificates answers, sealed for one merchant. */
  answerFor(apiV3Key: string): Readonly<Record<string, unknown>> {
    const data = this.valid.map(({ serial, pem, effectiveAt, expiresAt }) => {
      const nonce = randomBytes(6).toString('hex');
      const associatedData = 'certificate';
      return {
        serial_no: serial,
        effective_time: beijingTime(effectiveAt),
        expire_time: beijingTime(expiresAt),
        encrypt_certificate: {
          algorithm: 'AEAD_AES_256_GCM',
          nonce,
          associated_data: associatedData,
          ciphertext: sealed(pem, { apiV3Key, nonce, associatedData }),
        },
      };
    });
    return { data };
  }
}

/** For five years from `effectiveAt`. */
async function makeCertificate(
  authority: Authority,
  effectiveAt: Date,
): Promise<PlatformCertificate> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
  const expiresAt = new Date(effectiveAt.getTime() + 5 * YEAR_MS);
  const life = { notBefore: effectiveAt, notAfter: expiresAt };
  const { serial, pem } = authority.certify('Tenpay.com sign', { publicKey, ...life });
  return { serial, publicKey, privateKey, pem, effectiveAt, expiresAt };
}
