import { join } from 'node:path';
import { ProviderSandbox, type Reaper } from '@hutong/world';
import type { Portal } from './account-files.examples.js';

export type UnionpaySandbox = ProviderSandbox<Portal>;

const root = join(import.meta.dirname, '../../..');

export const startSandbox = (folder: string, reaper: Reaper): Promise<UnionpaySandbox> =>
  ProviderSandbox.start('unionpay', { root, folder, reaper });

type Refund = Readonly<{ orderId: string; kind: string }>;

/** How many refunds its books have under this number. */
export async function refundsOf(sandbox: UnionpaySandbox, orderId: string): Promise<number> {
  const books = await sandbox.books<Refund>('refunds');
  return books.filter((refund) => refund.orderId === orderId).length;
}

/** Whether it has a refund under this number as one, or as an undo. */
export async function refundKind(
  sandbox: UnionpaySandbox,
  orderId: string,
): Promise<string | undefined> {
  const books = await sandbox.books<Refund>('refunds');
  return books.find((refund) => refund.orderId === orderId)?.kind;
}

/** What a payer's app shows for a minute. */
export type ShownCode = Readonly<{ wallet?: string; then?: string; code?: string }>;

/** A payer's app shows a code. @returns it. */
export async function showCode(sandbox: UnionpaySandbox, said: ShownCode): Promise<string> {
  const shown = await sandbox.say<Readonly<{ qrNo: string }>>('/control/unionpay/codes', said);
  return shown.qrNo;
}
