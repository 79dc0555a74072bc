import type { Sql } from '@hutong/database';
import { isProvider, type Provider } from '@hutong/domain-events';
import { tried, type Circuit } from '../health/circuit.js';
import type { Usability } from '../offer/usability.js';
import type { Circuit as CircuitRow } from '../generated/prisma/client.js';

/** Any number that no other advisory lock of this database has. */
const SWITCHES_LOCK = 5_103_726_841;
const CIRCUIT_COLUMNS = 'provider, state, since, probe_at as "probeAt"';

/**
 * What operators and providers' health say at this moment, the same to every replica. It holds until
 * the caller's commit: a switch that is being turned waits for that.
 */
export async function readUsability(tx: Sql): Promise<Usability> {
  const [, circuits, targets] = await Promise.all([
    tx.query('select pg_advisory_xact_lock_shared($1::bigint)::text', [SWITCHES_LOCK]),
    tx.query<CircuitRow>(`select ${CIRCUIT_COLUMNS} from circuit`),
    tx.query<{ target: string }>(
      `select target from
         (select distinct on (target) target, off from switch_turn order by target, id desc) newest
       where off`,
    ),
  ]);
  return {
    switchedOff: new Set(targets.map(({ target }) => target)),
    circuits: new Map(circuits.map((row) => [providerFrom(row), circuitFrom(row)])),
  };
}

/** Waits for every decision that saw the switches as they were; those that come later wait for the caller. */
export async function lockSwitches(tx: Sql): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1::bigint)::text', [SWITCHES_LOCK]);
}

/**
 * Takes the one place that a half-open circuit has, until commit for itself alone. Whoever comes
 * second waits for that commit, finds the place taken, and does not get one.
 */
export async function takeProbe(tx: Sql, provider: Provider, now: Date): Promise<boolean> {
  const row = await lockCircuit(tx, provider);
  if (row?.state !== 'open' || row.probeAt.getTime() > now.getTime()) return false;
  await writeCircuit(tx, provider, tried(row, now));
  return true;
}

/** The circuit as it is, nobody else's to change until commit; nothing where none was ever written. */
export async function lockCircuit(tx: Sql, provider: Provider): Promise<Circuit | undefined> {
  const [row] = await tx.query<CircuitRow>(
    `select ${CIRCUIT_COLUMNS} from circuit where provider = $1 for update`,
    [provider],
  );
  return row && circuitFrom(row);
}

export async function readCircuit(tx: Sql, provider: Provider): Promise<Circuit | undefined> {
  const [row] = await tx.query<CircuitRow>(
    `select ${CIRCUIT_COLUMNS} from circuit where provider = $1`,
    [provider],
  );
  return row && circuitFrom(row);
}

/** @param circuit what the row under the caller's lock becomes. */
export async function writeCircuit(tx: Sql, provider: Provider, circuit: Circuit): Promise<void> {
  const { state, since } = circuit;
  const probeAt = circuit.state === 'open' ? circuit.probeAt : null;
  await tx.query(
    `update circuit set state = $2, since = $3::timestamptz, probe_at = $4::timestamptz
     where provider = $1`,
    [provider, state, since, probeAt],
  );
}

/** @throws Error on rows that no circuit of ours is written as. */
export function circuitFrom({ state, since, probeAt }: CircuitRow): Circuit {
  if (state === 'closed') return { state, since };
  if (state === 'open' && probeAt !== null) return { state, since, probeAt };
  throw new Error('unreadable row: circuit');
}

export function providerFrom({ provider }: Pick<CircuitRow, 'provider'>): Provider {
  if (isProvider(provider)) return provider;
  throw new Error('unreadable row: provider of a circuit');
}
