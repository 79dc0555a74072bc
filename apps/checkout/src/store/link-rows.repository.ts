import {
  attemptId,
  methodText,
  parseMethod,
  paymentId,
  type AttemptId,
  type PaymentId,
} from '@hutong/domain-events';
import type { Sql } from '@hutong/database';
import type { ShareLink as Row } from '../generated/prisma/client.js';
import type { ShareLink } from '../share-link/share-link.js';
import { timeFrom, unreadable, type InJson } from './reading.js';

/** A link's row, as `LINKS` has it. Its token's hash is nobody's to see. */
export type LinkRow = InJson<Omit<Row, 'tokenSha256'>>;

const LINK = `json_build_object('linkId', link_id, 'paymentId', payment_id, 'offer', offer,
  'method', method, 'madeAt', made_at, 'presses', presses, 'lastAttemptId', last_attempt_id)`;

/** Links of payment `p`, the oldest first, as JSON. */
export const LINKS = `(
  select coalesce(json_agg(${LINK} order by link_id), '[]')
  from share_link where payment_id = p.payment_id)`;

/** A payment's links, the oldest first. */
export async function findLinks(db: Sql, id: PaymentId): Promise<ShareLink[]> {
  const rows = await db.query<{ link: LinkRow }>(
    `select ${LINK} as link from share_link where payment_id = $1::uuid order by link_id`,
    [id],
  );
  return rows.map(({ link }) => linkFrom(link));
}

/** @param token its hash. */
export async function linkByToken(db: Sql, token: string): Promise<ShareLink | undefined> {
  const [row] = await db.query<{ link: LinkRow }>(
    `select ${LINK} as link from share_link where token_sha256 = $1`,
    [token],
  );
  return row && linkFrom(row.link);
}

export async function insertLink(tx: Sql, link: ShareLink, tokenSha256: string): Promise<void> {
  await tx.query(
    `insert into share_link (link_id, payment_id, token_sha256, offer, method, made_at, presses)
     values ($1, $2::uuid, $3, $4::integer, $5, $6::timestamptz, $7::integer)`,
    [
      link.id,
      link.paymentId,
      tokenSha256,
      link.offer,
      methodText(link.method),
      link.madeAt,
      link.presses,
    ],
  );
}

/** One more attempt was sent through it. */
export const savePress = (tx: Sql, link: ShareLink, attempt: AttemptId): Promise<unknown> =>
  tx.query('update share_link set presses = presses + 1, last_attempt_id = $2 where link_id = $1', [
    link.id,
    attempt,
  ]);

/** @throws Error on a row that no link of ours is written as. */
export function linkFrom(row: LinkRow): ShareLink {
  const method = parseMethod(row.method);
  if (!method.ok) throw unreadable(method.refusal.code);
  return {
    id: attemptId(row.linkId),
    paymentId: paymentId(row.paymentId),
    offer: row.offer,
    method: method.value,
    madeAt: timeFrom(row.madeAt),
    presses: row.presses,
    lastAttempt: row.lastAttemptId === null ? undefined : attemptId(row.lastAttemptId),
  };
}
