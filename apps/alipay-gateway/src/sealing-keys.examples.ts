import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seal, sealingKeyFrom } from '@hutong/gateway';
import type { GatewayStage } from '@hutong/gateway/conformance';

/** What a payer's app shows in a store. */
export const CODE = '285512345678901234';

type Sealed = GatewayStage['sealing'] & Readonly<{ sealedPayer: string }>;

/** Writes a new private key into `<folder>/sealing`, and seals a payer's code to it. */
export async function sealingIn(
  folder: string,
  code = CODE,
): Promise<Readonly<{ dir: string }> & Sealed> {
  const dir = join(folder, 'sealing');
  await mkdir(dir);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(join(dir, '1.pem'), pem, { mode: 0o600 });
  const own = sealingKeyFrom('alipay', 1, pem);
  const payer = { code };
  return {
    dir,
    secret: code,
    sealedPayer: await seal(payer, own),
    foreign: await seal(payer, {
      kid: sealingKeyFrom('wechat', 1, pem).kid,
      publicKey: createPublicKey(pem),
    }),
  };
}
