import { sealingFolder, type GatewayStage } from '@hutong/gateway/conformance';

export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

type Sealed = GatewayStage['sealing'] & Readonly<{ sealedPayer: string }>;

/** Writes a new private key into `<folder>/sealing`, and seals a payer's openid to it. */
export async function sealingIn(folder: string): Promise<Readonly<{ dir: string }> & Sealed> {
  const { dir, seal, sealToAnother } = await sealingFolder(folder, 'wechat');
  const payer = { openid: OPENID };
  return {
    dir,
    secret: OPENID,
    sealedPayer: await seal(payer),
    foreign: await sealToAnother(payer),
  };
}
