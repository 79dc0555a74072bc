import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gatewayService, PROVIDERS, type Provider } from '@hutong/domain-events';
import { accountFiles, type Portal, type Terms } from './account-files.js';
import { files } from './ring-services.js';

/** Writes what services read as files. Answers the operator's token, which is nowhere else. */
export async function writeSecrets(folder: string): Promise<string> {
  await writeSecret(join(folder, files.pepper), randomBytes(32).toString('hex'));
  await writeSecret(join(folder, files.linkKey), randomBytes(32).toString('hex'));
  await writeSecret(join(folder, files.webhookKeys), randomBytes(32).toString('hex'));
  await writeSealingKeys(folder);
  const token = randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(token).digest('hex');
  const scopes = [
    'checkout:read',
    'checkout:write',
    'ledger:read',
    'routing:read',
    'routing:write',
  ];
  const tokens = JSON.stringify([{ name: 'operator', scopes, sha256 }]);
  await writeSecret(join(folder, files.tokens), tokens);
  return token;
}

/** Each gateway's key to open what is sealed to it, and its public half for checkout. */
async function writeSealingKeys(folder: string): Promise<void> {
  const sealing = join(folder, files.sealingKeys);
  await mkdir(sealing);
  for (const provider of PROVIDERS) {
    const opening = join(folder, files.openingKeys(provider));
    await mkdir(opening);
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await writeSecret(join(sealing, `${gatewayService[provider]}.1.pem`), publicKey);
    await writeSecret(join(opening, '1.pem'), privateKey);
  }
}

/** Writes a gateway's accounts with their keys, as its registry reads them. @param terms of each. */
export async function writeAccounts(
  folder: string,
  provider: Provider,
  accounts: readonly Readonly<{ portal: Portal; terms: Terms }>[],
): Promise<void> {
  const into = join(folder, files.accounts(provider));
  await mkdir(into);
  for (const { portal, terms } of accounts) {
    for (const [name, text] of Object.entries(accountFiles(provider, portal, terms))) {
      await writeSecret(join(into, name), text);
    }
  }
}

/** Readable by its owner alone. */
export const writeSecret = (path: string, text: string): Promise<void> =>
  writeFile(path, text, { mode: 0o600 });
