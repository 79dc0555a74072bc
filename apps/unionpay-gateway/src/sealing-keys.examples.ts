import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seal, sealingKeyFrom } from '@hutong/gateway';

/** What a payer's app shows in a store. */
export const CODE = '6212345678901234567';

/** A folder with a private key of its own, and what is sealed to it and to another gateway. */
type Sealing = Readonly<{
  dir: string;
  /** A payer's code, as checkout seals it. */
  seal: (code: string) => Promise<string>;
  /** The same, to another gateway. */
  foreign: string;
}>;

/** Writes a new private key into `<folder>/sealing`. */
export async function sealingIn(folder: string): Promise<Sealing> {
  const dir = join(folder, 'sealing');
  await mkdir(dir);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(join(dir, '1.pem'), pem, { mode: 0o600 });
  const own = sealingKeyFrom('unionpay', 1, pem);
  const { kid } = sealingKeyFrom('alipay', 1, pem);
  return {
    dir,
    seal: (code) => seal({ code }, own),
    foreign: await seal({ code: CODE }, { kid, publicKey: createPublicKey(pem) }),
  };
}
