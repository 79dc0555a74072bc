import { generateKeyPair, randomBytes, randomInt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { certificateSerial } from '../tls/authority.adapter.js';

/** A key of WeChat's own, and the name under which answers and notifications say that it was used. */
export type PlatformKey = Readonly<{ serial: string; privateKey: KeyObject; publicKey: KeyObject }>;

/** A merchant as WeChat knows it, with the merchant's own secrets, since somebody has to hand them out. */
export type WechatAccount = Readonly<{
  /** The name of the account, and the platform that it serves. */
  account: string;
  mchid: string;
  appid: string;
  /** 40 upper-case hex digits. */
  certificateSerial: string;
  merchantPrivateKey: KeyObject;
  merchantPublicKey: KeyObject;
  /** 32 characters. */
  apiV3Key: string;
  /** This merchant's `PUB_KEY_ID_…`. */
  publicKey: PlatformKey;
  /** Who pays where nobody says who. */
  openid: string;
}>;

/** All that a gateway's operator would fetch from WeChat's merchant portal. */
export type WechatCredentials = Readonly<{
  account: string;
  platform: string;
  mchid: string;
  appid: string;
  certificateSerial: string;
  privateKeyPem: string;
  apiV3Key: string;
  publicKeyId: string;
  publicKeyPem: string;
}>;

const makeKeyPair = promisify(generateKeyPair);
const rsa = () => makeKeyPair('rsa', { modulusLength: 2048 });

/** One account per platform, each with fresh keys; the keys are made side by side. */
export async function openAccounts(platforms: readonly string[]): Promise<WechatAccount[]> {
  return Promise.all(platforms.map(openAccount));
}

async function openAccount(account: string, index: number): Promise<WechatAccount> {
  const [merchant, publicKey] = await Promise.all([
    rsa(),
    platformKey(`PUB_KEY_ID_${digits(30)}`, rsa()),
  ]);
  return {
    account,
    mchid: `${1_900_000_001 + index}`,
    appid: `wx${randomBytes(8).toString('hex')}`,
    certificateSerial: certificateSerial(),
    merchantPrivateKey: merchant.privateKey,
    merchantPublicKey: merchant.publicKey,
    apiV3Key: randomBytes(16).toString('hex'),
    publicKey,
    openid: `o${randomBytes(20).toString('base64url')}`,
  };
}

export const credentialsOf = (account: WechatAccount): WechatCredentials => ({
  account: account.account,
  platform: account.account,
  mchid: account.mchid,
  appid: account.appid,
  certificateSerial: account.certificateSerial,
  privateKeyPem: account.merchantPrivateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  apiV3Key: account.apiV3Key,
  publicKeyId: account.publicKey.serial,
  publicKeyPem: account.publicKey.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
});

async function platformKey(
  serial: string,
  pair: Promise<Readonly<{ privateKey: KeyObject; publicKey: KeyObject }>>,
): Promise<PlatformKey> {
  return { serial, ...(await pair) };
}

const digits = (count: number): string =>
  Array.from({ length: count }, () => randomInt(10)).join('');
