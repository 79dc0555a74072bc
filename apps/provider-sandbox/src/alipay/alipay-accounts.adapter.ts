import { generateKeyPair, randomBytes, randomInt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { AlipayAuthority, NumberedCertificate } from './alipay-certificates.adapter.js';

export const ALIPAY_ACCOUNTS = Symbol('the merchants of Alipay');

/** By what an app and Alipay know each other's keys. */
export type KeyMode = 'public_key' | 'certificate';

/** A merchant as Alipay knows it, with the merchant's own secrets, since somebody has to hand them out. */
export type AlipayAccount = Readonly<{
  /** The name of the account, and the platform that it serves. */
  account: string;
  /** 16 digits from 2088 on: the merchant's `seller_id`. */
  sellerId: string;
  sellerEmail: string;
  appId: string;
  appPrivateKey: KeyObject;
  appPublicKey: KeyObject;
  appCertificate: NumberedCertificate;
  /** Alipay's key for this app: in certificate mode the first of several. */
  alipayPrivateKey: KeyObject;
  alipayPublicKey: KeyObject;
  alipayCertificate: NumberedCertificate;
  roots: NumberedCertificate;
  /** 16 bytes in base64. */
  aesKey: string;
}>;

/** All that a gateway's operator would fetch from Alipay's developer portal. */
export type AlipayCredentials = Readonly<{
  account: string;
  platform: string;
  sellerId: string;
  appId: string;
  /** PKCS#8. */
  appPrivateKeyPem: string;
  alipayPublicKeyPem: string;
  /** Certificate mode: appCertPublicKey.crt, alipayCertPublicKey_RSA2.crt, alipayRootCert.crt. */
  appCertificatePem: string;
  alipayCertificatePem: string;
  alipayRootCertificatesPem: string;
  appCertSn: string;
  alipayCertSn: string;
  alipayRootCertSn: string;
  /** For content encryption: 16 bytes in base64. */
  aesKey: string;
}>;

const makeKeyPair = promisify(generateKeyPair);
const rsa = () => makeKeyPair('rsa', { modulusLength: 2048 });

/** One account per platform, each with fresh keys; the keys are made side by side. */
export const openAlipayAccounts = (
  platforms: readonly string[],
  authority: AlipayAuthority,
): Promise<AlipayAccount[]> =>
  Promise.all(platforms.map((platform, index) => openAccount(platform, index, authority)));

async function openAccount(
  account: string,
  index: number,
  authority: AlipayAuthority,
): Promise<AlipayAccount> {
  const [app, alipay] = await Promise.all([rsa(), rsa()]);
  return {
    account,
    sellerId: `2088${randomInt(10_000_000).toString().padStart(7, '0')}${10_001 + index}`,
    sellerEmail: `${account}@merchant.example`,
    appId: `2021${randomInt(10_000_000).toString().padStart(7, '0')}${10_001 + index}`,
    appPrivateKey: app.privateKey,
    appPublicKey: app.publicKey,
    appCertificate: authority.certify(`app of ${account}`, app.publicKey),
    alipayPrivateKey: alipay.privateKey,
    alipayPublicKey: alipay.publicKey,
    alipayCertificate: authority.certify('Alipay', alipay.publicKey),
    roots: authority.roots,
    aesKey: randomBytes(16).toString('base64'),
  };
}

/** @param certificate the one of Alipay's that signs now */
export const alipayCredentialsOf = (
  account: AlipayAccount,
  certificate: NumberedCertificate,
): AlipayCredentials => ({
  account: account.account,
  platform: account.account,
  sellerId: account.sellerId,
  appId: account.appId,
  appPrivateKeyPem: account.appPrivateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  alipayPublicKeyPem: account.alipayPublicKey.export({ type: 'spki', format: 'pem' }).toString(),
  appCertificatePem: account.appCertificate.pem,
  alipayCertificatePem: certificate.pem,
  alipayRootCertificatesPem: account.roots.pem,
  appCertSn: account.appCertificate.number,
  alipayCertSn: certificate.number,
  alipayRootCertSn: account.roots.number,
  aesKey: account.aesKey,
});
