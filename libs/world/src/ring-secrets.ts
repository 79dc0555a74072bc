import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One merchant account as the sandbox hands it out: what a provider's portal would show. */
export type SandboxAccount = Readonly<{
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

/** Writes a tokens file with one operator's token. Answers the token, which is nowhere else. */
export async function issueAccessToken(path: string, scopes: readonly string[]): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(token).digest('hex');
  await writeFile(path, JSON.stringify([{ name: 'operator', scopes, sha256 }]), { mode: 0o600 });
  return token;
}

/** Writes the gateway's account files, keys beside them, as its registry reads them. */
export async function writeWechatAccounts(
  folder: string,
  accounts: readonly SandboxAccount[],
  gatewayPort: number,
): Promise<void> {
  for (const a of accounts) {
    const secret = (name: string, text: string) =>
      writeFile(join(folder, name), text, { mode: 0o600 });
    await secret(`${a.account}.key.pem`, a.privateKeyPem);
    await secret(`${a.account}.apiv3.key`, a.apiV3Key);
    await secret(`${a.account}.wechat.pub.pem`, a.publicKeyPem);
    const registered = {
      account: a.account,
      platform: a.platform,
      mchid: a.mchid,
      appid: a.appid,
      certificateSerial: a.certificateSerial,
      privateKeyFile: `${a.account}.key.pem`,
      apiV3KeyFile: `${a.account}.apiv3.key`,
      platformKeys: {
        mode: 'public_key',
        publicKeyId: a.publicKeyId,
        publicKeyFile: `${a.account}.wechat.pub.pem`,
      },
      notifyUrl: `http://127.0.0.1:${gatewayPort}/notifications/${a.account}`,
      requestsPerSecond: 50,
      concurrency: 8,
    };
    await secret(`${a.account}.json`, JSON.stringify(registered, null, 2));
  }
}
