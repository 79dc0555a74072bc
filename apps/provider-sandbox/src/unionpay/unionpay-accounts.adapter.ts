import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningCertificates } from './signing-certificates.adapter.js';
import { certIdOf } from './unionpay.signature.js';

/** A merchant as UnionPay knows it, with the merchant's own secrets, since somebody has to hand them out. */
export type UnionpayAccount = Readonly<{
  /** The name of the account, and the platform that it serves. */
  account: string;
  /** 15 digits. */
  merId: string;
  /** The serial number of the merchant's certificate, in decimal. */
  certId: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  certificatePem: string;
}>;

/** All that a gateway's operator would have got from UnionPay: by mail, and from its merchant portal. */
export type UnionpayCredentials = Readonly<{
  account: string;
  platform: string;
  merId: string;
  certId: string;
  /** With these two the merchant signs. */
  privateKeyPem: string;
  certificatePem: string;
  /** With these two it verifies. */
  middlePem: string;
  rootPem: string;
}>;

export const UNIONPAY_ACCOUNTS = Symbol('the merchants of UnionPay');

const makeKeyPair = promisify(generateKeyPair);
/** UnionPay's own test merchant; those of the other platforms follow it. */
const FIRST_MER_ID = 777_290_058_110_048;

/** One account per platform, each with a fresh key; the keys are made side by side. */
export const openAccounts = (
  platforms: readonly string[],
  certificates: SigningCertificates,
): Promise<UnionpayAccount[]> =>
  Promise.all(
    platforms.map(async (account, index) => {
      const { publicKey, privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
      const merId = `${FIRST_MER_ID + index}`;
      const commonName = `051@${merId}@${account}@00000001`;
      const { serial, pem } = certificates.certifyMerchant(commonName, publicKey);
      const certId = certIdOf(serial);
      return { account, merId, certId, privateKey, publicKey, certificatePem: pem };
    }),
  );

export const credentialsOf = (
  { account, merId, certId, privateKey, certificatePem }: UnionpayAccount,
  { middlePem, rootPem }: SigningCertificates,
): UnionpayCredentials => ({
  account,
  platform: account,
  merId,
  certId,
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  certificatePem,
  middlePem,
  rootPem,
});
