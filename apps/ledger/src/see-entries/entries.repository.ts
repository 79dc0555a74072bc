import type { Sql } from '@hutong/database';
import type { ScopeNumbers } from '../posting/scope-words.js';

/** One row of the log, as it stands there. */
export type BookedEntry = ScopeNumbers &
  Readonly<{
    eventId: string;
    code: number;
    ccy: number;
    gross: bigint;
    fee: bigint;
    occurredAt: Date;
    bookedAt: Date;
    part: number;
    off: bigint;
  }>;

/** One of its postings. Debits are positive. */
export type BookedPosting = Readonly<{ eventId: string; account: string; amount: bigint }>;

export class Entries {
  constructor(private readonly db: Sql) {}

  /** What is booked under one of our numbers at the provider, in the order of the events. */
  async of(
    orderRef: string,
  ): Promise<readonly (readonly [BookedEntry, readonly BookedPosting[]])[]> {
    const entries = await this.db.query<BookedEntry>(
      `select e.event_id::text as "eventId", e.code, e.ccy, e.gross, e.fee, e.part, e.off,
              e.occurred_at as "occurredAt", e.booked_at as "bookedAt",
              p.slug as platform, s.provider, s.instrument, s.presentation
         from ledger_event e
         join scope s on s.scope_id = e.scope
         join platform p on p.platform_id = s.platform
        where e.order_ref = $1::uuid order by e.event_id`,
      [orderRef],
    );
    const postings = await this.db.query<BookedPosting>(
      `select x.event_id::text as "eventId", a.external_ref as account, x.amount
         from posting x join account a on a.account_id = x.account_id
        where x.event_id = any($1::uuid[]) order by x.event_id, x.leg`,
      [entries.map(({ eventId }) => eventId)],
    );
    const byEvent = Map.groupBy(postings, ({ eventId }) => eventId);
    return entries.map((entry) => [entry, byEvent.get(entry.eventId) ?? []]);
  }
}
