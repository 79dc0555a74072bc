import type { Sql } from '@hutong/database';
import type { Provider } from '@hutong/domain-events';
import {
  after,
  CIRCUIT,
  countsFor,
  HEALTHY,
  type Circuit,
  type Heard,
  type Tally,
} from '../health/circuit.js';
import { lockCircuit, readCircuit, writeCircuit } from './usability.repository.js';

const SLOT_MS = 10_000;
const SLOTS = CIRCUIT.windowMs / SLOT_MS;

/** A report as it counts for its provider's health. */
export type HealthReport = Heard & Readonly<{ provider: Provider; partition: number }>;

/**
 * Counts a report for its provider's circuit, under the caller's inbox.
 * @returns the circuit if this report changed it.
 */
export async function countReport(
  tx: Sql,
  report: HealthReport,
  now: Date,
): Promise<Circuit | undefined> {
  const { provider, evidence } = report;
  if (evidence === 'none') return undefined;
  const seen = (await readCircuit(tx, provider)) ?? HEALTHY;
  if (!countsFor(seen, report)) return undefined;
  await addToTally(tx, report, now);
  if (seen.state === 'closed' && evidence === 'good') return undefined; // the path of every day
  // Whoever else counts waits here, and then sees what became of the circuit.
  await insertHealthy(tx, provider);
  const circuit = (await lockCircuit(tx, provider)) ?? HEALTHY;
  if (!countsFor(circuit, report)) return undefined;
  const next = after(circuit, evidence, await tallyOf(tx, provider, circuit, now), now);
  if (next === circuit) return undefined;
  await writeCircuit(tx, provider, next);
  return next;
}

/** One row for each partition and slot: a slot of an earlier round begins anew. */
async function addToTally(
  tx: Sql,
  { provider, partition, evidence }: HealthReport,
  now: Date,
): Promise<void> {
  const number = Math.floor(now.getTime() / SLOT_MS);
  await tx.query(
    `insert into report_tally as t (provider, partition, slot, began_at, good, bad)
     values ($1, $2::integer, $3::integer, $4::timestamptz, $5::integer, $6::integer)
     on conflict (provider, partition, slot) do update set
       good = excluded.good + case when t.began_at = excluded.began_at then t.good else 0 end,
       bad = excluded.bad + case when t.began_at = excluded.began_at then t.bad else 0 end,
       began_at = excluded.began_at`,
    [
      provider,
      partition,
      number % SLOTS,
      new Date(number * SLOT_MS),
      evidence === 'good' ? 1 : 0,
      evidence === 'bad' ? 1 : 0,
    ],
  );
}

/** Of the window, and of what came since the circuit closed, to within a slot. */
async function tallyOf(tx: Sql, provider: Provider, { since }: Circuit, now: Date): Promise<Tally> {
  const from = new Date(Math.max(now.getTime() - CIRCUIT.windowMs, since.getTime()));
  const [row] = await tx.query<Tally>(
    `select coalesce(sum(good), 0)::integer as good, coalesce(sum(bad), 0)::integer as bad
     from report_tally where provider = $1 and began_at >= $2::timestamptz`,
    [provider, from],
  );
  return row ?? { good: 0, bad: 0 };
}

async function insertHealthy(tx: Sql, provider: Provider): Promise<void> {
  await tx.query(
    `insert into circuit (provider, state, since) values ($1, 'closed', $2::timestamptz)
     on conflict do nothing`,
    [provider, HEALTHY.since],
  );
}
