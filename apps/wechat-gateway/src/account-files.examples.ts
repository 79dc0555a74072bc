import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a merchant gets from WeChat's portal. */
export type Portal = Readonly<{
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

/** Writes an account with its keys beside it, as a deployment mounts it. @param said instead of the usual. */
export async function writeAccount(
  folder: string,
  portal: Portal,
  said: Readonly<{ notifyUrl: string } & Record<string, unknown>>,
): Promise<void> {
  const { account, platform, mchid, appid, certificateSerial, publicKeyId } = portal;
  const secrets = {
    'merchant.pem': portal.privateKeyPem,
    'apiv3.key': portal.apiV3Key,
    'wechat.pem': portal.publicKeyPem,
  };
  for (const [name, text] of Object.entries(secrets)) {
    await writeFile(join(folder, `${account}.${name}`), text, { mode: 0o600 });
  }
  const registered = {
    account,
    platform,
    mchid,
    appid,
    certificateSerial,
    privateKeyFile: `${account}.merchant.pem`,
    apiV3KeyFile: `${account}.apiv3.key`,
    platformKeys: {
      mode: 'public_key',
      publicKeyId,
      publicKeyFile: `${account}.wechat.pem`,
    },
    requestsPerSecond: 100,
    concurrency: 8,
    ...said,
  };
  await writeFile(join(folder, `${account}.json`), JSON.stringify(registered));
}

/** Another one at each call: no private key lies in the repository. */
export const aKeyPair = (): Readonly<{ privateKeyPem: string; publicKeyPem: string }> => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};
