import { isDeepStrictEqual } from 'node:util';
import type { RawDatabase, Sql } from '@hutong/database';
import type { EventId, PaymentOutcome } from '@hutong/domain-events';
import type { Received } from '@hutong/messaging';
import { bookedAt, type BookingClock } from '../posting/booked-at.js';
import type { ContractRate } from '../posting/contract-rates.js';
import { logRowOf, type EntryRow, type OutcomeRow } from '../posting/log-row.js';
import type { Entry } from '../posting/posting.js';
import { heardBefore } from './heard-before.repository.js';
import { Months } from './months.repository.js';
import { accountIds, scopeId } from './references.repository.js';

type Heard = Received<PaymentOutcome>;

/** What became of an outcome that was heard. */
export type Booking =
  | Readonly<{ kind: 'booked' | 'duplicate' }>
  /** Never will be: nothing of it is written. */
  | Readonly<{ kind: 'refused'; reason: string }>;

/** Told after each commit. An outcome that moved no money has no entry. */
export type BookingObserver = Readonly<{
  booked: (outcome: PaymentOutcome, entry: Entry | undefined) => void;
  duplicate: () => void;
}>;

export type BookRules = Readonly<{ rates: readonly ContractRate[]; clock: BookingClock }>;

const OTHER_CONTENT: Booking = {
  kind: 'refused',
  reason: 'an event id came again with other content',
};

/** The log. Rows are added once for each event id, and never change. */
export class Books {
  private readonly months: Months;

  constructor(
    private readonly db: RawDatabase,
    private readonly rules: BookRules,
    private readonly observer: BookingObserver,
  ) {
    this.months = new Months(db);
  }

  /** Booked once, however often it is told. */
  async book(heard: Heard): Promise<Booking> {
    const { event, eventId, occurredAt } = heard;
    const told = logRowOf(event, occurredAt, this.rules.rates);
    if (told.kind === 'unbookable') return { kind: 'refused', reason: told.reason };
    const entry = told.kind === 'entry' ? told.entry : undefined;
    if (entry !== undefined) await this.months.make(eventId);
    return this.db.transaction<Booking>(async (tx) => {
      // Sent together, run in this order: who looks for the event has its lock.
      const [appendedAt, , before] = await Promise.all([
        advance(tx, heard),
        lockTelling(tx, eventId),
        heardBefore(tx, eventId),
      ]);
      if (before !== undefined) {
        if (!isDeepStrictEqual(before, told.row)) return OTHER_CONTENT;
        tx.onCommit(() => this.observer.duplicate());
        return { kind: 'duplicate' };
      }
      const at = bookedAt(this.rules.clock, { ...heard, appendedAt });
      if (told.kind === 'entry') await insertEntry(tx, heard, { ...told, at });
      else await insertOutcome(tx, heard, { ...told, at });
      tx.onCommit(() => this.observer.booked(event, entry));
      return { kind: 'booked' };
    });
  }
}

/**
 * Moves the partition on, and keeps it to ourselves until the commit.
 * @returns the append time of the event, not before that of anything heard of the partition.
 */
async function advance(tx: Sql, { topic, partition, offset, appendedAt }: Heard): Promise<Date> {
  const [row] = await tx.query<{ at: Date }>(
    `insert into ingest_offset as known (topic, part, next_off, appended_at)
     values ($1, $2, $3, $4)
     on conflict (topic, part) do update
       set next_off = greatest(known.next_off, excluded.next_off),
           appended_at = greatest(known.appended_at, excluded.appended_at)
     returning appended_at as at`,
    [topic, partition, offset + 1n, appendedAt],
  );
  if (row === undefined) throw new Error('an upsert answered nothing');
  return row.at;
}

/** One telling of an id at a time, whichever partition and table it is for. */
async function lockTelling(tx: Sql, eventId: EventId): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [eventId]);
}

/** Writes an entry, and adds it to the totals of its partition. */
async function insertEntry(
  tx: Sql,
  { eventId, topic, partition, offset }: Heard,
  { row, entry, at }: Readonly<{ row: EntryRow; entry: Entry; at: Date }>,
): Promise<void> {
  const scope = await scopeId(tx, row.scope);
  const id = await accountIds(tx, [entry.debit, entry.credit, entry.feeAccount]);
  await tx.query(
    `with booked as (
       insert into ledger_event (event_id, part, off, occurred_at, booked_at, scope, code, dir, ccy,
         gross, fee, debit_acct, credit_acct, fee_acct, order_ref, payer_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       returning entry_digest(ledger_event) as digest)
     update ingest_offset i set entries = i.entries + 1, digest = i.digest # booked.digest
       from booked where i.topic = $17 and i.part = $2`,
    [
      ...[eventId, partition, offset, row.occurredAt, at, scope, row.code, row.dir, row.ccy],
      ...[row.gross, entry.fee.minor, id(entry.debit), id(entry.credit), id(entry.feeAccount)],
      ...[row.orderRef, row.payerKey, topic],
    ],
  );
}

/** The same of an outcome that moved no money. */
async function insertOutcome(
  tx: Sql,
  { eventId, topic, partition, offset }: Heard,
  { row, at }: Readonly<{ row: OutcomeRow; at: Date }>,
): Promise<void> {
  const scope = await scopeId(tx, row.scope);
  await tx.query(
    `with logged as (
       insert into outcome_log (event_id, part, off, occurred_at, booked_at, scope, outcome, reason)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       returning outcome_digest(outcome_log) as digest)
     update ingest_offset i set outcomes = i.outcomes + 1, digest = i.digest # logged.digest
       from logged where i.topic = $9 and i.part = $2`,
    [eventId, partition, offset, row.occurredAt, at, scope, row.code, row.reason, topic],
  );
}
