import type { PlatformId } from '@hutong/domain-events';
import type { CheckoutTransaction } from '../store/database.repository.js';

/** Of each platform, how many the worker that asks has under way; left out if none. */
export type UnderWay = ReadonlyMap<PlatformId, number>;

/** As the database has it. */
export type LeasedRow = Readonly<{
  platform: string;
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

/**
 * Locks the endpoints that something is due for, so that their bound holds over all workers; those that
 * another worker has locked are passed over.
 * @param full platforms that have all they may at this worker.
 */
export async function lockDueEndpoints(
  tx: CheckoutTransaction,
  now: Date,
  full: readonly PlatformId[],
): Promise<string[]> {
  const rows = await tx.query<{ endpoint_id: string }>(
    `select endpoint_id from webhook_endpoint e
      where disabled_at is null and platform <> all ($2::text[]) and exists
        (select 1 from webhook_stream s where s.endpoint_id = e.endpoint_id and s.due_at <= $1::timestamptz)
        for no key update skip locked`,
    [now, full],
  );
  return rows.map(({ endpoint_id: id }) => id);
}

type Taking = Readonly<{
  /** Locked. */
  endpoints: readonly string[];
  now: Date;
  lease: Readonly<{ id: string; until: Date }>;
  free: number;
  spare: number;
  perEndpoint: number;
  underWay: UnderWay;
}>;

/**
 * Leases as many of the oldest due streams as there is room for. `turn` counts what the platform has
 * under way before it, `place` what was given to anybody before it: as long as the one is less than
 * what is still free, the platform may have it. Both only grow, so the first that may not is the end.
 * The first of a platform may be one of the spare ones: `free` is less than nothing while these are used.
 */
export async function leaseInTurn(
  tx: CheckoutTransaction,
  { endpoints, now, lease, free, spare, perEndpoint, underWay }: Taking,
): Promise<void> {
  await tx.query(
    `with room as (
       select e.endpoint_id, e.platform,
              (select count(*)::integer from webhook_stream s
                where s.endpoint_id = e.endpoint_id and s.lease is not null and s.due_at > $2::timestamptz) as busy
         from webhook_endpoint e where e.endpoint_id = any ($1::text[])
     ), due as (
       select room.endpoint_id, room.platform, d.payment_id, d.due_at,
              room.busy + row_number() over (partition by room.endpoint_id order by d.due_at, d.payment_id) as own_turn
         from room cross join lateral
           (select s.payment_id, s.due_at from webhook_stream s
             where s.endpoint_id = room.endpoint_id and s.due_at <= $2::timestamptz
             order by s.due_at, s.payment_id limit greatest(0, least($3::integer - room.busy, $4::integer + $9::integer))) d
     ), queued as (
       select due.*, coalesce(held.count, 0) - 1 + row_number() over
                (partition by due.platform order by own_turn, due.due_at, endpoint_id) as turn
         from due left join unnest($5::text[], $6::integer[]) as held (platform, count) using (platform)
     ), placed as (
       select endpoint_id, payment_id, turn,
              row_number() over (order by turn, due_at, endpoint_id) - 1 as place from queued
     ), given as (
       select s.endpoint_id, s.payment_id from webhook_stream s join placed using (endpoint_id, payment_id)
        where placed.turn < $4::integer - placed.place + (case placed.turn when 0 then $9::integer else 0 end)
          and s.due_at <= $2::timestamptz
          for update of s skip locked
     )
     update webhook_stream s set lease = $7::uuid, due_at = $8::timestamptz from given
      where s.endpoint_id = given.endpoint_id and s.payment_id = given.payment_id`,
    [
      endpoints,
      now,
      perEndpoint,
      free,
      [...underWay.keys()],
      [...underWay.values()],
      lease.id,
      lease.until,
      spare,
    ],
  );
}

/** The next webhook of each stream of a lease, with what it takes to send it. */
export const leased = (tx: CheckoutTransaction, lease: string): Promise<LeasedRow[]> =>
  tx.query<LeasedRow>(
    `select e.platform, s.endpoint_id, s.payment_id::text as payment_id, m.webhook_id, m.type, m.body,
            m.traceparent, m.tries, m.queued_at, e.url, e.secret, e.old_secret, e.old_secret_until
       from webhook_stream s
       join webhook_endpoint e on e.endpoint_id = s.endpoint_id
       join lateral (select * from webhook_message m
                      where m.endpoint_id = s.endpoint_id and m.payment_id = s.payment_id
                        and m.status = 'pending' order by m.sequence limit 1) m on true
      where s.lease = $1::uuid`,
    [lease],
  );
