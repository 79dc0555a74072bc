import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a merchant has of its own and gets from UnionPay, in PEM. */
export type Portal = Readonly<{
  account: string;
  platform: string;
  merId: string;
  privateKeyPem: string;
  certificatePem: string;
  middlePem: string;
  rootPem: string;
}>;

/** Writes an account with its keys beside it, as a deployment mounts it. @param said instead of the usual. */
export async function writeAccount(
  folder: string,
  portal: Portal,
  said: Readonly<{ notifyUrl: string } & Record<string, unknown>>,
): Promise<void> {
  const { account, platform, merId } = portal;
  const files = {
    'merchant.key': portal.privateKeyPem,
    'merchant.pem': portal.certificatePem,
    'middle.pem': portal.middlePem,
    'root.pem': portal.rootPem,
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, `${account}.${name}`), text, { mode: 0o600 });
  }
  const registered = {
    account,
    platform,
    merId,
    privateKeyFile: `${account}.merchant.key`,
    certificateFile: `${account}.merchant.pem`,
    middleCertificatesFile: `${account}.middle.pem`,
    rootCertificatesFile: `${account}.root.pem`,
    terminalId: '49000002',
    requestsPerSecond: 100,
    concurrency: 8,
    refundGapSeconds: 0,
    ...said,
  };
  await writeFile(join(folder, `${account}.json`), JSON.stringify(registered));
}
