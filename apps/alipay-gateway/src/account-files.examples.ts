import { writeAccountFiles, type SaidOfAccount } from '@hutong/gateway/conformance';

export { aKeyPair } from '@hutong/gateway/conformance';

/** What a merchant gets from Alipay's portal, in public-key mode. */
export type Portal = Readonly<{
  account: string;
  platform: string;
  appId: string;
  sellerId: string;
  appPrivateKeyPem: string;
  alipayPublicKeyPem: string;
}>;

/** Writes an account with its keys beside it, as a deployment mounts it. @param said instead of the usual. */
export async function writeAccount(
  folder: string,
  portal: Portal,
  said: SaidOfAccount,
): Promise<void> {
  const { account, platform, appId, sellerId } = portal;
  const beside = { 'app.pem': portal.appPrivateKeyPem, 'alipay.pem': portal.alipayPublicKeyPem };
  const registered = {
    account,
    platform,
    appId,
    sellerId,
    privateKeyFile: `${account}.app.pem`,
    alipayKeys: { mode: 'public_key', publicKeyFiles: [`${account}.alipay.pem`] },
  };
  await writeAccountFiles(folder, registered, { beside, said });
}
