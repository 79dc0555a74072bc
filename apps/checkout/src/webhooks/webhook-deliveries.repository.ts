import type { Clock } from '@hutong/config';
import type { PlatformId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { CheckoutDatabase, CheckoutTransaction } from '../store/database.repository.js';
import { onceOf, type Repeatable, type RepeatRefusal } from '../store/idempotency.repository.js';
import { replayMade, type ReplayMade } from '../store/made-rows.repository.js';
import { member } from '../store/reading.js';
import type { WebhookMessage as Row } from '../generated/prisma/client.js';
import { DELIVERY_STATUSES, FAULTS, type Delivery } from './delivery.js';
import { endpointOf, type UnknownEndpoint } from './webhook-endpoints.repository.js';

export type DeliveryQuery = Readonly<{
  status?: Delivery['status'] | undefined;
  paymentId?: string | undefined;
  /** Only those before this one. */
  before?: string | undefined;
  limit: number;
}>;

/** From when to when the outcomes were told; without its end. */
export type Range = Readonly<{ from: Date; to: Date }>;

/** What is to be sent again, and whose it is. */
export type Replay = Range & Readonly<{ platform: PlatformId; endpointId: string }>;

export type ReplayRefusal = UnknownEndpoint | Readonly<{ code: 'endpoint_disabled' }>;

const MOST_REPLAYED = 10_000;
const KEPT_MS = 45 * 86_400_000;
const FORGOTTEN_AT_ONCE = 5_000;
const once = onceOf(replayMade);

/** What an endpoint was sent, or is going to be. */
export class WebhookDeliveries {
  /** @param onQueued wakes a worker after a replay. */
  constructor(
    private readonly db: CheckoutDatabase,
    private readonly clock: Clock,
    private readonly onQueued: () => void,
  ) {}

  /** The newest first. */
  async list(endpointId: string, query: DeliveryQuery): Promise<Delivery[]> {
    const { status, paymentId, before, limit } = query;
    const rows = await this.db.prisma.webhookMessage.findMany({
      where: {
        endpointId,
        ...(status !== undefined && { status }),
        ...(paymentId !== undefined && { paymentId }),
        ...(before !== undefined && { webhookId: { lt: before } }),
      },
      omit: { body: true, traceparent: true, endpointId: true },
      orderBy: { webhookId: 'desc' },
      take: limit,
    });
    return rows.map(deliveryFrom);
  }

  /**
   * Sends again what was delivered or given up: the same ids, bodies and sequences, in order per
   * payment, for thirty days more. What is still pending is left as it is.
   */
  replay(
    { platform, endpointId, ...range }: Replay,
    repeatable?: Repeatable,
  ): Promise<Result<ReplayMade, ReplayRefusal | RepeatRefusal>> {
    const { db, clock } = this;
    return once<ReplayRefusal>({ db, clock }, repeatable, async (tx, { at }) => {
      const endpoint = await endpointOf(tx, platform, endpointId);
      if (!endpoint.ok) return endpoint;
      if (endpoint.value.disabledAt !== undefined) return refuse({ code: 'endpoint_disabled' });
      const { ids, continueFrom } = await settledIn(tx, endpointId, range);
      await queueAgain(tx, ids, at);
      tx.onCommit(this.onQueued);
      const made = { status: 202, endpointId, queued: ids.length };
      return ok({ ...made, ...(continueFrom && { continueFrom }) });
    });
  }

  /** Forgets what is too old to be replayed and will not be sent any more. @returns how many. */
  async forgetOld(atOnce = FORGOTTEN_AT_ONCE): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    for (let forgotten = 0; ;) {
      const { count } = await this.db.prisma.webhookMessage.deleteMany({
        where: {
          createdAt: { lt: before },
          OR: [
            { status: { not: 'pending' } },
            { stream: { endpoint: { disabledAt: { not: null } } } },
          ],
        },
        limit: atOnce,
      });
      forgotten += count;
      if (count < atOnce) return forgotten;
    }
  }
}

/** What was delivered or given up in the range, the oldest first, as much as fits. */
async function settledIn(
  tx: CheckoutTransaction,
  endpointId: string,
  { from, to }: Range,
): Promise<Readonly<{ ids: readonly string[]; continueFrom: Date | undefined }>> {
  const found = await tx.query<{ webhook_id: string; created_at: Date }>(
    `select webhook_id, created_at from webhook_message
      where endpoint_id = $1 and created_at >= $2::timestamptz and created_at < $3::timestamptz and status <> 'pending'
      order by created_at, webhook_id limit $4::integer`,
    [endpointId, from, to, MOST_REPLAYED + 1],
  );
  const ids = found.slice(0, MOST_REPLAYED).map(({ webhook_id: id }) => id);
  return { ids, continueFrom: found.at(MOST_REPLAYED)?.created_at };
}

/** A stream is locked before its webhooks are touched, as whoever settles one does. */
async function queueAgain(
  tx: CheckoutTransaction,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await tx.query(
    `select 1 as locked from webhook_stream where (endpoint_id, payment_id) in
       (select endpoint_id, payment_id from webhook_message where webhook_id = any($1::text[]))
      order by payment_id for update`,
    [ids],
  );
  await tx.query(
    `update webhook_message set status = 'pending', tries = 0, queued_at = $2::timestamptz
      where webhook_id = any($1::text[])`,
    [ids, at],
  );
  await tx.query(
    `update webhook_stream set due_at = $2::timestamptz
      where lease is null and (endpoint_id, payment_id) in
        (select endpoint_id, payment_id from webhook_message where webhook_id = any($1::text[]))`,
    [ids, at],
  );
}

const deliveryFrom = (row: Omit<Row, 'body' | 'traceparent' | 'endpointId'>): Delivery => ({
  webhookId: row.webhookId,
  paymentId: row.paymentId,
  sequence: row.sequence,
  type: row.type,
  status: member(DELIVERY_STATUSES, row.status),
  createdAt: row.createdAt,
  queuedAt: row.queuedAt,
  tries: row.tries,
  lastTriedAt: row.lastTriedAt ?? undefined,
  lastStatus: row.lastStatus ?? undefined,
  lastFault: row.lastFault === null ? undefined : member(FAULTS, row.lastFault),
});
