import { join } from 'node:path';
import { ProviderSandbox, type Reaper } from '@hutong/world';
import type { Portal } from './account-files.examples.js';

export type WechatSandbox = ProviderSandbox<Portal>;

export const root = join(import.meta.dirname, '../../..');

export const startSandbox = (folder: string, reaper: Reaper): Promise<WechatSandbox> =>
  ProviderSandbox.start('wechat', { root, folder, reaper });

type Order = Readonly<{ refunds: readonly Readonly<{ outRefundNo: string }>[] }>;

/** How many refunds of an order its books have under this number. */
export async function refundsOf(
  sandbox: WechatSandbox,
  { outTradeNo, outRefundNo }: Readonly<{ outTradeNo: string; outRefundNo: string }>,
): Promise<number> {
  const orders = await sandbox.books<Order>(`orders?outTradeNo=${outTradeNo}`);
  return orders.flatMap(({ refunds }) => refunds).filter((r) => r.outRefundNo === outRefundNo)
    .length;
}
