import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { files } from './ring-services.js';

const ACCOUNT_FIELDS = [
  'account',
  'platform',
  'mchid',
  'appid',
  'certificateSerial',
  'privateKeyPem',
  'apiV3Key',
  'publicKeyId',
  'publicKeyPem',
] as const;

/** One merchant account as the sandbox hands it out: what a provider's portal would show. */
export type SandboxAccount = Readonly<Record<(typeof ACCOUNT_FIELDS)[number], string>>;

/** @throws Error if it is not a list of accounts. */
export function parseAccounts(answer: unknown): SandboxAccount[] {
  if (!Array.isArray(answer) || !answer.every(isAccount)) {
    throw new Error('the sandbox did not answer with accounts');
  }
  return answer;
}

const isAccount = (one: unknown): one is SandboxAccount =>
  typeof one === 'object' &&
  one !== null &&
  ACCOUNT_FIELDS.every((field) => typeof Reflect.get(one, field) === 'string');

/** Writes what services read as files. Answers the operator's token, which is nowhere else. */
export async function writeSecrets(folder: string): Promise<string> {
  await writeSecret(join(folder, files.pepper), randomBytes(32).toString('hex'));
  await writeSecret(join(folder, files.linkKey), randomBytes(32).toString('hex'));
  await writeSecret(join(folder, files.webhookKeys), randomBytes(32).toString('hex'));
  await writeSealingKeys(folder);
  const token = randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(token).digest('hex');
  const scopes = ['checkout:read', 'checkout:write', 'ledger:read', 'routing:read'];
  const tokens = JSON.stringify([{ name: 'operator', scopes, sha256 }]);
  await writeSecret(join(folder, files.tokens), tokens);
  return token;
}

/** The gateway's key to open what is sealed to it, and its public half for checkout. */
async function writeSealingKeys(folder: string): Promise<void> {
  const [sealing, opening] = [
    join(folder, files.sealingKeys),
    join(folder, files.wechatSealingKeys),
  ];
  await Promise.all([mkdir(sealing), mkdir(opening)]);
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeSecret(join(sealing, 'wechat-gateway.1.pem'), publicKey);
  await writeSecret(join(opening, '1.pem'), privateKey);
}

/** Writes the gateway's account files, keys beside them, as its registry reads them. */
export async function writeWechatAccounts(
  folder: string,
  accounts: readonly SandboxAccount[],
  { gatewayPort, refundGapSeconds }: Readonly<{ gatewayPort: number; refundGapSeconds: number }>,
): Promise<void> {
  for (const a of accounts) {
    const keys = {
      privateKeyFile: `${a.account}.key.pem`,
      apiV3KeyFile: `${a.account}.apiv3.key`,
    };
    const publicKeyFile = `${a.account}.wechat.pub.pem`;
    const registered = {
      account: a.account,
      platform: a.platform,
      mchid: a.mchid,
      appid: a.appid,
      certificateSerial: a.certificateSerial,
      ...keys,
      platformKeys: { mode: 'public_key', publicKeyId: a.publicKeyId, publicKeyFile },
      notifyUrl: `http://127.0.0.1:${gatewayPort}/notifications/${a.account}`,
      requestsPerSecond: 50,
      concurrency: 8,
      refundGapSeconds,
    };
    await writeSecret(join(folder, keys.privateKeyFile), a.privateKeyPem);
    await writeSecret(join(folder, keys.apiV3KeyFile), a.apiV3Key);
    await writeSecret(join(folder, publicKeyFile), a.publicKeyPem);
    await writeSecret(join(folder, `${a.account}.json`), JSON.stringify(registered, null, 2));
  }
}

/** Readable by its owner alone. */
export const writeSecret = (path: string, text: string): Promise<void> =>
  writeFile(path, text, { mode: 0o600 });
