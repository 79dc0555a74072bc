import {
  attemptId,
  methodText,
  parseMethod,
  paymentId,
  type PaymentId,
} from '@hutong/domain-events';
import type { Prisma, ShareLink as Row } from '../generated/prisma/client.js';
import type { ShareLink } from '../share-link/share-link.js';
import type { CheckoutTransaction } from './database.repository.js';
import { unreadable } from './reading.js';

type Models = Pick<Prisma.TransactionClient, 'shareLink'>;

/** A payment's links, the oldest first. */
export async function findLinks({ shareLink }: Models, id: PaymentId): Promise<ShareLink[]> {
  const rows = await shareLink.findMany({ where: { paymentId: id }, orderBy: { linkId: 'asc' } });
  return rows.map(linkFrom);
}

export async function insertLink(
  tx: CheckoutTransaction,
  link: ShareLink,
  tokenSha256: string,
): Promise<void> {
  await tx.prisma.shareLink.create({
    data: {
      linkId: link.id,
      paymentId: link.paymentId,
      tokenSha256,
      offer: link.offer,
      method: methodText(link.method),
      madeAt: link.madeAt,
      presses: link.presses,
    },
  });
}

/** @throws Error on a row that no link of ours is written as. */
export function linkFrom(row: Row): ShareLink {
  const method = parseMethod(row.method);
  if (!method.ok) throw unreadable(method.refusal.code);
  return {
    id: attemptId(row.linkId),
    paymentId: paymentId(row.paymentId),
    offer: row.offer,
    method: method.value,
    madeAt: row.madeAt,
    presses: row.presses,
    lastAttempt: row.lastAttemptId === null ? undefined : attemptId(row.lastAttemptId),
  };
}
