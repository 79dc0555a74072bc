import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a spec has an account file say: where it is notified, and what else is not as usual. */
export type SaidOfAccount = Readonly<{ notifyUrl: string } & Record<string, unknown>>;

/**
 * Writes an account with its keys beside it, as a deployment mounts it.
 * @param beside by the end of their names: `merchant.pem` is written as `<account>.merchant.pem`.
 */
export async function writeAccountFiles(
  folder: string,
  registered: Readonly<{ account: string; platform: string } & Record<string, unknown>>,
  { beside, said }: Readonly<{ beside: Readonly<Record<string, string>>; said: SaidOfAccount }>,
): Promise<void> {
  const { account } = registered;
  for (const [name, text] of Object.entries(beside)) {
    await writeFile(join(folder, `${account}.${name}`), text, { mode: 0o600 });
  }
  const json = JSON.stringify({ requestsPerSecond: 100, concurrency: 8, ...registered, ...said });
  await writeFile(join(folder, `${account}.json`), json);
}

/** Another one at each call: no private key lies in the repository. */
export const aKeyPair = (): Readonly<{ privateKeyPem: string; publicKeyPem: string }> => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};
