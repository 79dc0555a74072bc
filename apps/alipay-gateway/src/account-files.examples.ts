import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a merchant gets from Alipay's portal, in public-key mode. */
export type Portal = Readonly<{
  account: string;
  platform: string;
  appId: string;
  sellerId: string;
  appPrivateKeyPem: string;
  alipayPublicKeyPem: string;
}>;

/** Writes an account with its keys beside it, as a deployment mounts it. @param said instead of the usual. */
export async function writeAccount(
  folder: string,
  portal: Portal,
  said: Readonly<{ notifyUrl: string } & Record<string, unknown>>,
): Promise<void> {
  const { account, platform, appId, sellerId } = portal;
  const keys = { 'app.pem': portal.appPrivateKeyPem, 'alipay.pem': portal.alipayPublicKeyPem };
  for (const [name, text] of Object.entries(keys)) {
    await writeFile(join(folder, `${account}.${name}`), text, { mode: 0o600 });
  }
  const registered = {
    account,
    platform,
    appId,
    sellerId,
    privateKeyFile: `${account}.app.pem`,
    alipayKeys: { mode: 'public_key', publicKeyFiles: [`${account}.alipay.pem`] },
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
