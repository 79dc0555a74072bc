import { randomUUID } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { CheckoutDatabase, CheckoutTransaction } from '../store/database.repository.js';
import { isTaken, type Answered } from './delivery.js';
import { nextTry } from './retry-plan.js';
import { unseal, type SealingKeys } from './sealed-secret.signature.js';

/** A webhook that one worker may send now, and nobody else until its lease is over. */
export type DueWebhook = Readonly<{
  endpointId: string;
  paymentId: string;
  lease: string;
  webhookId: string;
  type: string;
  body: string;
  traceparent: string | undefined;
  url: URL;
  tries: number;
  queuedAt: Date;
  /** As they are stored, the newest first. */
  sealed: readonly string[];
}>;

export type Settled = 'delivered' | 'tried_again_later' | 'given_up' | 'lease_lost';

export type Room = Readonly<{
  /** How many this worker takes at most. */
  atOnce: number;
  /** How many of one endpoint may be under way at all workers together. */
  perEndpoint: number;
  leaseMs: number;
}>;

type Row = Readonly<{
  endpoint_id: string;
  payment_id: string;
  webhook_id: string;
  type: string;
  body: string;
  traceparent: string | null;
  url: string;
  tries: number;
  queued_at: Date;
  secret: string;
  old_secret: string | null;
  old_secret_until: Date | null;
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
   * Leases the oldest due streams and answers the next webhook of each. An endpoint's row is locked
   * meanwhile and those that another worker has locked are passed over, so that its bound holds.
   */
  async take({ atOnce, perEndpoint, leaseMs }: Room): Promise<DueWebhook[]> {
    const now = this.o.clock.now();
    const lease = randomUUID();
    const rows = await this.o.db.transaction(async (tx) => {
      const endpoints = await tx.query<{ endpoint_id: string }>(
        `select endpoint_id from webhook_endpoint e
          where disabled_at is null and exists
            (select 1 from webhook_stream s where s.endpoint_id = e.endpoint_id and s.due_at <= $1::timestamptz)
            for no key update skip locked`,
        [now],
      );
      if (endpoints.length === 0) return [];
      await tx.query(
        `with room as (
           select e.endpoint_id, greatest(0, $3::integer - (select count(*)::integer
             from webhook_stream s
            where s.endpoint_id = e.endpoint_id and s.lease is not null and s.due_at > $2::timestamptz)) as slots
             from unnest($1::text[]) as e (endpoint_id)
         ), due as (
           select d.endpoint_id, d.payment_id from room cross join lateral
             (select s.endpoint_id, s.payment_id from webhook_stream s
               where s.endpoint_id = room.endpoint_id and s.due_at <= $2::timestamptz
               order by s.due_at limit room.slots for update skip locked) d
            limit $4::integer
         )
         update webhook_stream s set lease = $5::uuid, due_at = $6::timestamptz from due
          where s.endpoint_id = due.endpoint_id and s.payment_id = due.payment_id`,
        [
          endpoints.map(({ endpoint_id: id }) => id),
          now,
          perEndpoint,
          atOnce,
          lease,
          new Date(now.getTime() + leaseMs),
        ],
      );
      return tx.query<Row>(
        `select s.endpoint_id, s.payment_id::text as payment_id, m.webhook_id, m.type, m.body,
                m.traceparent, m.tries, m.queued_at, e.url, e.secret, e.old_secret,
                e.old_secret_until
           from webhook_stream s
           join webhook_endpoint e on e.endpoint_id = s.endpoint_id
           join lateral (select * from webhook_message m
                          where m.endpoint_id = s.endpoint_id and m.payment_id = s.payment_id
                            and m.status = 'pending' order by m.sequence limit 1) m on true
          where s.lease = $1::uuid`,
        [lease],
      );
    });
    return rows.map((row) => dueFrom(row, lease, now));
  }

  /**
   * Writes down what came of it and makes the stream's next webhook due. If the lease has run out and
   * somebody else has it now, nothing is written: theirs is the answer that counts.
   */
  settle(sent: DueWebhook, answer: Answered): Promise<Settled> {
    const now = this.o.clock.now();
    return this.o.db.transaction<Settled>(async (tx) => {
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
      await tx.prisma.webhookMessage.update({
        where: { webhookId: sent.webhookId },
        data: {
          status,
          tries,
          lastTriedAt: now,
          lastStatus: 'status' in answer ? answer.status : null,
          lastFault: 'fault' in answer ? answer.fault : null,
        },
      });
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

function dueFrom(row: Row, lease: string, now: Date): DueWebhook {
  const { endpoint_id: endpointId, old_secret: old, old_secret_until: until } = row;
  const sealed = [row.secret, ...(old !== null && until !== null && until > now ? [old] : [])];
  return {
    endpointId,
    paymentId: row.payment_id,
    lease,
    webhookId: row.webhook_id,
    type: row.type,
    body: row.body,
    traceparent: row.traceparent ?? undefined,
    url: new URL(row.url),
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
