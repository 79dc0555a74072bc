import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { seal, sealingKeyFrom } from '../sealed-fields.js';

type Seal = (payer: Readonly<Record<string, string>>) => Promise<string>;

/** A folder with a gateway's own private key, and ways to seal to it, as checkout does, and to another. */
export type SealingFolder = Readonly<{ dir: string; seal: Seal; sealToAnother: Seal }>;

/** Writes a new private key into `<folder>/sealing`. */
export async function sealingFolder(folder: string, provider: Provider): Promise<SealingFolder> {
  const dir = join(folder, 'sealing');
  await mkdir(dir);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(join(dir, '1.pem'), pem, { mode: 0o600 });
  const own = sealingKeyFrom(provider, 1, pem);
  const another = PROVIDERS.find((other) => other !== provider) ?? provider;
  const { kid } = sealingKeyFrom(another, 1, pem);
  return {
    dir,
    seal: (payer) => seal(payer, own),
    sealToAnother: (payer) => seal(payer, { kid, publicKey: createPublicKey(pem) }),
  };
}
