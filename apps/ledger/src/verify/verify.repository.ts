import type { RawDatabase, Sql } from '@hutong/database';
import { Balances } from '../balance/balances.repository.js';
import { Watermarks, type Watermark } from '../store/watermark.repository.js';
import type { Damage, DamageName } from './damage.js';
import { SQL_CHECKS } from './sql-checks.js';
import { firstUniqueMismatch } from './uniques.repository.js';

export type Checked = Readonly<{ check: string; damage: Damage | undefined; durationMs: number }>;

export type Verification = Readonly<{
  /** Up to where the log was heard that was verified. */
  watermark: Watermark;
  checks: readonly Checked[];
  notes: Notes;
}>;

/** What is no damage, and worth knowing. */
export type Notes = Readonly<{
  /** Heard, and not in the log: told again, parked, or of a payment that is in trouble. */
  offsetsWithoutRow: string;
  /** Minor units that wait to go back, by account. */
  surplusHeld: Readonly<Record<string, string>>;
}>;

export type Progress = (checked: Checked) => void;

/** A rule, and what looks for the first place that breaks it. */
export type Check = Readonly<{
  check: string;
  error: DamageName;
  look: (db: Sql) => Promise<Damage | undefined>;
}>;

/** In the order in which they are made. None changes anything. */
export const CHECKS: readonly Check[] = [
  ...SQL_CHECKS.map(({ check, error, firstDamage }): Check => {
    const look = async (db: Sql): Promise<Damage | undefined> => {
      const [row] = await db.query<Omit<Damage, 'error'>>(firstDamage);
      return row && { error, ...row };
    };
    return { check, error, look };
  }),
  {
    check: 'uniques are what counting by hand finds',
    error: 'UniqueMismatch',
    look: firstUniqueMismatch,
  },
];

/** Verifies the log as it is at one moment, while others go on writing to it. */
export const verify = (db: RawDatabase, progress: Progress): Promise<Verification> =>
  db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const checks: Checked[] = [];
    // All of them, also after one has failed: what one finds explains another.
    for (const { check, look } of CHECKS) {
      const started = performance.now();
      const damage = await look(tx);
      const checked = { check, damage, durationMs: Math.round(performance.now() - started) };
      progress(checked);
      checks.push(checked);
    }
    return { watermark: await new Watermarks(tx).read(), checks, notes: await notesOf(tx) };
  });

async function notesOf(db: Sql): Promise<Notes> {
  const [row] = await db.query<{ n: bigint }>(
    `select (coalesce(sum(next_off), 0) - coalesce(sum(entries + outcomes), 0))::int8 as n
       from ingest_offset where topic = 'payment.outcomes'`,
  );
  const held = (await new Balances(db).all('surplus'))
    .map(({ ref, debits, credits }) => [ref, credits - debits] as const)
    .filter(([, minor]) => minor !== 0n)
    .map(([ref, minor]) => [ref, minor.toString()] as const);
  return { offsetsWithoutRow: `${row?.n ?? 0n}`, surplusHeld: Object.fromEntries(held) };
}
