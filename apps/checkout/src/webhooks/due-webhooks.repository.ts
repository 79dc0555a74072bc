import { randomUUID } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { platformId, type PlatformId } from '@hutong/domain-events';
import type { CheckoutDatabase, CheckoutTransaction } from '../store/database.repository.js';
import { isTaken, type Answered } from './delivery.js';
import {
  leased,
  leaseInTurn,
  lockDueEndpoints,
  type LeasedRow,
  type UnderWay,
} from './leased-webhooks.repository.js';
import { nextTry } from './retry-plan.js';
import { unseal, type SealingKeys } from './sealed-secret.signature.js';

/** A webhook that one worker may send now, and nobody else until its lease is over. */
export type DueWebhook = Readonly<{
  platform: PlatformId;
  endpointId: string;
  paymentId: string;
  lease: string;
  webhookId: string;
  type: string;
  body: string;
  traceparent: string | undefined;
  url: string;
  tries: number;
  queuedAt: Date;
  /** As they are stored, the newest first. */
  sealed: readonly string[];
}>;

export type Settled = 'delivered' | 'tried_again_later' | 'given_up' | 'lease_lost';

export type Room = Readonly<{
  /** How many one worker has under way at most, but for the spare ones. */
  atOnce: number;
  /** How many more, each of a platform that has none under way. */
  spare: number;
  /** How many of one endpoint may be under way at all workers together. */
  perEndpoint: number;
  leaseMs: number;
}>;

export type DueParts = Readonly<{
  db: CheckoutDatabase;
  clock: Clock;
  keys: SealingKeys;
  /** From 0 up to 1. */
  chance: () => number;
  /** Specs have shorter ones. */
  delaysMs?: readonly number[];
}>;

/** What is due to be sent, shared by any number of workers. */
export class DueWebhooks {
  constructor(private readonly o: DueParts) {}

  /**
   * Leases due streams and answers the next webhook of each. Platforms take turns: who has least under
   * way at this worker is first, and among a platform's endpoints the same. **A platform has at most as
   * many under way as are left free**: one alone has half of them, two a third each. Slow ones that come
   * one after the other halve what is left, so for whoever finds nothing a few are spare, one each.
   */
  take(
    { atOnce, spare, perEndpoint, leaseMs }: Room,
    underWay: UnderWay = NONE,
  ): Promise<DueWebhook[]> {
    const now = this.o.clock.now();
    const lease = { id: randomUUID(), until: new Date(now.getTime() + leaseMs) };
    const free = atOnce - sumOf(underWay.values());
    return this.o.db.sql.transaction(async (tx) => {
      const full = [...underWay].flatMap(([platform, count]) => (count < free ? [] : [platform]));
      const endpoints = await lockDueEndpoints(tx, now, full);
      if (endpoints.length === 0) return [];
      await leaseInTurn(tx, { endpoints, now, lease, free, spare, perEndpoint, underWay });
      const rows = await leased(tx, lease.id);
      return rows.map((row) => dueFrom(row, lease.id, now));
    });
  }

  /**
   * Writes down what came of it and makes the stream's next webhook due. If the lease has run out and
   * somebody else has it now, nothing is written: theirs is the answer that counts.
   */
  settle(sent: DueWebhook, answer: Answered): Promise<Settled> {
    const now = this.o.clock.now();
    return this.o.db.sql.transaction<Settled>(async (tx) => {
      const held = await tx.query(
        `select 1 as held from webhook_stream
          where endpoint_id = $1 and payment_id = $2::uuid and lease = $3::uuid for update`,
        [sent.endpointId, sent.paymentId, sent.lease],
      );
      if (held.length === 0) return 'lease_lost';
      const tries = sent.tries + 1;
      const again = isTaken(answer)
        ? undefined
        : nextTry(
            { tries, queuedAt: sent.queuedAt, now, chance: this.o.chance() },
            this.o.delaysMs,
          );
      const status = isTaken(answer) ? 'delivered' : again === undefined ? 'given_up' : 'pending';
      await tx.query(
        `update webhook_message set status = $2, tries = $3::integer, last_tried_at = $4::timestamptz,
           last_status = $5::integer, last_fault = $6
         where webhook_id = $1`,
        [
          sent.webhookId,
          status,
          tries,
          now,
          'status' in answer ? answer.status : null,
          'fault' in answer ? answer.fault : null,
        ],
      );
      await releaseStream(tx, sent, again ?? now);
      return status === 'pending' ? 'tried_again_later' : status;
    });
  }

  /**
   * What it is signed with, the newest first.
   * @throws Error if a secret does not open. Of one webhook only: it may not keep others from being sent.
   */
  secretsOf({ sealed, endpointId }: DueWebhook): readonly string[] {
    return sealed.map((secret) => unseal(this.o.keys, secret, endpointId));
  }
}

const NONE: UnderWay = new Map();
const sumOf = (counts: Iterable<number>): number => [...counts].reduce((sum, n) => sum + n, 0);

function dueFrom(row: LeasedRow, lease: string, now: Date): DueWebhook {
  const { endpoint_id: endpointId, old_secret: old, old_secret_until: until } = row;
  const sealed = [row.secret, ...(old !== null && until !== null && until > now ? [old] : [])];
  return {
    platform: platformId(row.platform),
    endpointId,
    paymentId: row.payment_id,
    lease,
    webhookId: row.webhook_id,
    type: row.type,
    body: row.body,
    traceparent: row.traceparent ?? undefined,
    url: row.url,
    tries: row.tries,
    queuedAt: row.queued_at,
    sealed,
  };
}

/** Gives the stream back, due when it has something left. Looks again under the lock: more may have come. */
async function releaseStream(
  tx: CheckoutTransaction,
  { endpointId, paymentId }: DueWebhook,
  dueAt: Date,
): Promise<void> {
  await tx.query(
    `update webhook_stream s set lease = null, due_at =
       case when exists (select 1 from webhook_message m
                          where m.endpoint_id = s.endpoint_id and m.payment_id = s.payment_id
                            and m.status = 'pending')
            then $3::timestamptz end
      where endpoint_id = $1 and payment_id = $2::uuid`,
    [endpointId, paymentId, dueAt],
  );
}
