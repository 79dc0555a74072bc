import type { Clock } from '@hutong/config';
import type { Sql } from '@hutong/database';
import { INBOX_RETENTION_DAYS, type EventId } from '@hutong/domain-events';
import type { Pool } from 'pg';

/**
 * Remembers an event in the caller's transaction. `false` means that its effects are committed
 * already: answer `done` and do nothing. A concurrent delivery waits here for the other's commit.
 */
export async function firstTime(tx: Sql, eventId: EventId): Promise<boolean> {
  const rows = await tx.query(
    'insert into inbox (event_id) values ($1::uuid) on conflict do nothing returning event_id',
    [eventId],
  );
  return rows.length === 1;
}

/**
 * Whether the effects of this event are committed already; leaves no trace. For handlers that decide
 * before they remember: what they refuse must not be in the inbox, so that a crash before parking
 * parks it again. Ask while holding the lock under which the effects are written.
 */
export async function heardBefore(tx: Sql, eventId: EventId): Promise<boolean> {
  const rows = await tx.query('select event_id from inbox where event_id = $1::uuid', [eventId]);
  return rows.length === 1;
}

const PURGE_CHUNK = 5_000;
const DAY_MS = 86_400_000;

/** Forgets events older than any redelivery or redrive can be. @returns how many. */
export async function purgeInbox(pool: Pool, clock: Clock): Promise<number> {
  const before = new Date(clock.now().getTime() - INBOX_RETENTION_DAYS * DAY_MS);
  let purged = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `delete from inbox where event_id in
         (select event_id from inbox where received_at < $1::timestamptz limit ${PURGE_CHUNK})`,
      [before],
    );
    purged += rowCount ?? 0;
    if ((rowCount ?? 0) < PURGE_CHUNK) return purged;
  }
}
