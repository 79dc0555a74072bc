import { join } from 'node:path';
import { ProviderSandbox, type Reaper } from '@hutong/world';
import type { Portal } from './account-files.examples.js';

/** What the sandbox hands out of a merchant: both kinds of keys. */
export type Credentials = Portal &
  Readonly<{
    appCertificatePem: string;
    alipayCertificatePem: string;
    alipayRootCertificatesPem: string;
    alipayCertSn: string;
    aesKey: string;
  }>;

export type AlipaySandbox = ProviderSandbox<Credentials>;

const root = join(import.meta.dirname, '../../..');

export const startSandbox = (folder: string, reaper: Reaper): Promise<AlipaySandbox> =>
  ProviderSandbox.start('alipay', { root, folder, reaper });

/** Alipay's gateway. */
export const gatewayOf = ({ url }: AlipaySandbox): URL => new URL('/gateway.do', url);

/** How many refunds its books have under this number. */
export async function refundsOf(sandbox: AlipaySandbox, outRequestNo: string): Promise<number> {
  const books = await sandbox.books<Readonly<{ outRequestNo: string }>>('refunds');
  return books.filter((refund) => refund.outRequestNo === outRequestNo).length;
}

/** What a payer's app shows for a minute. */
export type ShownCode = Readonly<{ wallet?: string; then?: string; code?: string }>;

/** A payer's app shows a code. @returns it. */
export async function showCode(sandbox: AlipaySandbox, said: ShownCode): Promise<string> {
  const shown = await sandbox.say<Readonly<{ authCode: string }>>('/control/alipay/codes', said);
  return shown.authCode;
}
