import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { AlipayAccount, KeyMode } from './alipay-accounts.adapter.js';
import type { AlipayAuthority, NumberedCertificate } from './alipay-certificates.adapter.js';

const makeKeyPair = promisify(generateKeyPair);

/** A key of Alipay's, and in certificate mode the certificate that it goes with. */
export type Signer = Readonly<{
  privateKey: KeyObject;
  certificate: NumberedCertificate | undefined;
}>;

type Certified = Readonly<{ privateKey: KeyObject; certificate: NumberedCertificate }>;

/**
 * With which keys Alipay signs for an app: in public-key mode always the same, in certificate mode one
 * after another.
 */
export class AlipaySigners {
  private readonly certified = new Map<string, readonly Certified[]>();

  constructor(
    private readonly authority: AlipayAuthority,
    private readonly accounts: readonly AlipayAccount[],
  ) {
    for (const { appId, alipayPrivateKey, alipayCertificate } of accounts) {
      this.certified.set(appId, [{ privateKey: alipayPrivateKey, certificate: alipayCertificate }]);
    }
  }

  of(account: AlipayAccount, keys: KeyMode): Signer {
    return keys === 'public_key'
      ? { privateKey: account.alipayPrivateKey, certificate: undefined }
      : this.newest(account);
  }

  /** The certificate that signs for this app now. */
  certificateOf(account: AlipayAccount): NumberedCertificate {
    return this.newest(account).certificate;
  }

  /** One that signs or signed for this app, by its number. */
  find({ appId }: AlipayAccount, number: string): NumberedCertificate | undefined {
    const known = this.certified.get(appId) ?? [];
    return known.find(({ certificate }) => certificate.number === number)?.certificate;
  }

  /** Every app in certificate mode hears of a certificate from now on that it does not know. */
  async rotate(): Promise<void> {
    await Promise.all(this.accounts.map((account) => this.renew(account)));
  }

  private async renew({ appId }: AlipayAccount): Promise<void> {
    const { privateKey, publicKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
    const certificate = this.authority.certify('Alipay', publicKey);
    const known = this.certified.get(appId) ?? [];
    this.certified.set(appId, [...known, { privateKey, certificate }]);
  }

  /** @throws Error for an app that nobody has */
  private newest({ appId }: AlipayAccount): Certified {
    const newest = this.certified.get(appId)?.at(-1);
    if (newest === undefined) throw new Error('an app of no merchant');
    return newest;
  }
}
