import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { PlatformId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { IdempotentRequest as Row } from '../generated/prisma/client.js';
import type { CheckoutDatabase, CheckoutTransaction } from './database.repository.js';
import {
  paymentMade,
  type EndpointMade,
  type Made,
  type Recall,
  type ReplayMade,
} from './made-rows.repository.js';
import { isSameRequest } from './request-fingerprint.signature.js';

/** Whose key it is. An operator has a colon in the name, so that no platform is taken for one. */
export type KeyOwner = PlatformId | `operator:${string}`;

/** A request that its sender may repeat. Scoped to platform and route. */
export type Repeatable = Readonly<{
  platform: KeyOwner;
  /** The template, `POST /payments/:id/attempts`. */
  route: string;
  /** The sender's own. */
  key: string;
  /** Of path and body bytes, hex. */
  fingerprint: string;
}>;

export type RepeatRefusal = Readonly<{
  code: 'idempotency_key_reused' | 'idempotency_in_progress';
}>;

const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
const FORGOTTEN_AT_ONCE = 5_000;

/** What an id is made of. */
export type Making = Readonly<{ at: Date; random: Uint8Array }>;

/** Where and when the work is done. */
export type OnceParts = Readonly<{ db: CheckoutDatabase; clock: Clock }>;

export type Work<M, R> = (tx: CheckoutTransaction, making: Making) => Promise<Result<M, R>>;

/** As `onceOf`, of what is made of payments. */
export const once = <R>(
  parts: OnceParts,
  repeatable: Repeatable | undefined,
  work: Work<Made, R>,
): Promise<Result<Made, R | RepeatRefusal>> => onceOf(paymentMade)(parts, repeatable, work);

/**
 * Does the work in a transaction, unless the same request did it before: then answers what it made.
 * What is refused or fails is not remembered, so that it may be tried again under the same key.
 */
export const onceOf =
  <M extends Made | EndpointMade | ReplayMade>(recall: Recall<M>) =>
  <R>(
    { db, clock }: OnceParts,
    repeatable: Repeatable | undefined,
    work: Work<M, R>,
  ): Promise<Result<M, R | RepeatRefusal>> =>
    db.sql.transaction<Result<M, R | RepeatRefusal>>(async (tx) => {
      const making = { at: clock.now(), random: randomBytes(16) };
      if (repeatable === undefined) return work(tx, making);
      const before = await madeBefore(tx, repeatable);
      if (!before.ok) return before;
      if (before.value !== undefined) return ok(recall(before.value));
      const result = await work(tx, making);
      if (result.ok) await remember(tx, repeatable, result.value, making.at);
      return result;
    });

/**
 * What the same request made before; nothing if it is the first. From here to the commit a second
 * one with this key is told that the first is in progress; a rollback leaves nothing behind.
 */
async function madeBefore(
  tx: CheckoutTransaction,
  { platform, route, key, fingerprint }: Repeatable,
): Promise<Result<Row | undefined, RepeatRefusal>> {
  const [lock] = await tx.query<{ got: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as got',
    [JSON.stringify([platform, route, key])],
  );
  if (lock?.got !== true) return refuse({ code: 'idempotency_in_progress' });
  // A statement of its own: its snapshot is younger than the lock, so it sees what the last holder made.
  const [row] = await tx.query<Row>(
    `select platform, route, key, fingerprint, status, payment_id::text as "paymentId",
       endpoint_id as "endpointId", attempt_id as "attemptId", refund_id as "refundId", queued,
       continue_from as "continueFrom", created_at as "createdAt"
     from idempotent_request where platform = $1 and route = $2 and key = $3`,
    [platform, route, key],
  );
  if (row !== undefined && !isSameRequest(fingerprint, row.fingerprint))
    return refuse({ code: 'idempotency_key_reused' });
  return ok(row);
}

/** Remembers in the transaction of the effect what the request made. */
async function remember(
  tx: CheckoutTransaction,
  { platform, route, key, fingerprint }: Repeatable,
  made: Partial<Made & ReplayMade>,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into idempotent_request (platform, route, key, fingerprint, created_at, status, payment_id,
       attempt_id, refund_id, endpoint_id, queued, continue_from)
     values ($1, $2, $3, $4, $5::timestamptz, $6::integer, $7::uuid, $8, $9, $10, $11::integer,
       $12::timestamptz)`,
    [
      ...[platform, route, key, fingerprint, now, made.status],
      ...[made.paymentId, made.attemptId, made.refundId].map(orNull),
      ...[made.endpointId, made.queued, made.continueFrom].map(orNull),
    ],
  );
}

const orNull = (value: unknown): unknown => value ?? null;

/**
 * Forgets requests that are older than anybody may repeat them, a few at a time: an hour of a busy
 * day is more than one statement may take. @returns how many.
 */
export async function forgetOldRequests(
  db: CheckoutDatabase,
  clock: Clock,
  atOnce = FORGOTTEN_AT_ONCE,
): Promise<number> {
  const before = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS);
  for (let forgotten = 0; ;) {
    const { count } = await db.prisma.idempotentRequest.deleteMany({
      where: { createdAt: { lt: before } },
      limit: atOnce,
    });
    forgotten += count;
    if (count < atOnce) return forgotten;
  }
}
