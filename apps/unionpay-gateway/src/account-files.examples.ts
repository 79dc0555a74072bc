import { writeAccountFiles, type SaidOfAccount } from '@hutong/gateway/conformance';

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
  said: SaidOfAccount,
): Promise<void> {
  const { account, platform, merId } = portal;
  const beside = {
    'merchant.key': portal.privateKeyPem,
    'merchant.pem': portal.certificatePem,
    'middle.pem': portal.middlePem,
    'root.pem': portal.rootPem,
  };
  const registered = {
    account,
    platform,
    merId,
    privateKeyFile: `${account}.merchant.key`,
    certificateFile: `${account}.merchant.pem`,
    middleCertificatesFile: `${account}.middle.pem`,
    rootCertificatesFile: `${account}.root.pem`,
    terminalId: '49000002',
    refundGapSeconds: 0,
  };
  await writeAccountFiles(folder, registered, { beside, said });
}
