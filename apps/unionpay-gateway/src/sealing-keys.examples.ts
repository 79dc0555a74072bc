import { sealingFolder } from '@hutong/gateway/conformance';

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
  const { dir, seal, sealToAnother } = await sealingFolder(folder, 'unionpay');
  return {
    dir,
    seal: (code) => seal({ code }),
    foreign: await sealToAnother({ code: CODE }),
  };
}
