import { writeAccountFiles, type SaidOfAccount } from '@hutong/gateway/conformance';

export { aKeyPair } from '@hutong/gateway/conformance';

/** What a merchant gets from WeChat's portal. */
export type Portal = Readonly<{
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

/** Writes an account with its keys beside it, as a deployment mounts it. @param said instead of the usual. */
export async function writeAccount(
  folder: string,
  portal: Portal,
  said: SaidOfAccount,
): Promise<void> {
  const { account, platform, mchid, appid, certificateSerial, publicKeyId } = portal;
  const beside = {
    'merchant.pem': portal.privateKeyPem,
    'apiv3.key': portal.apiV3Key,
    'wechat.pem': portal.publicKeyPem,
  };
  const registered = {
    account,
    platform,
    mchid,
    appid,
    certificateSerial,
    privateKeyFile: `${account}.merchant.pem`,
    apiV3KeyFile: `${account}.apiv3.key`,
    platformKeys: {
      mode: 'public_key',
      publicKeyId,
      publicKeyFile: `${account}.wechat.pem`,
    },
  };
  await writeAccountFiles(folder, registered, { beside, said });
}
