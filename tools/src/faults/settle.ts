import { setTimeout as pause } from 'node:timers/promises';
import { comparePayments, printDifferences, type Comparison } from '@hutong/world';
import { surplusDueAt, unsettled, type Unsettled } from './at-rest.js';
import type { Finding } from './judge.js';
import type { Stage } from './run-seeds.js';

/** How long things may take, in milliseconds, before they count as what is wrong. */
export type Patience = Readonly<{
  /** To be done with. */
  openMs: number;
  /** At rest nothing is on its way any more: what differs for so long then goes on to. */
  differsMs: number;
}>;

export const PATIENT: Patience = { openMs: 900_000, differsMs: 60_000 };
/** Checkout tries again so long after a third refusal of surplus; a fourth takes half an hour of traffic. */
const THIRD_RETRY_MS = 30 * 60_000;
const SLACK_MS = 60_000;
const LOOK_EVERY_MS = 2_000;
const SAY_EVERY_MS = 10_000;

/**
 * Until when something may be open, in milliseconds as the rest: as long as patience lasts, and behind a
 * refund of surplus that is due later by checkout's own schedule as long again.
 */
export const patientUntil = (
  since: number,
  dueAt: number | undefined,
  { openMs }: Patience = PATIENT,
): number =>
  dueAt === undefined || dueAt > since + THIRD_RETRY_MS + SLACK_MS
    ? since + openMs
    : Math.max(since, dueAt) + openMs;

/** Waits until nothing is open and the books agree. What is not so by then is a finding. */
export async function settle({
  ring,
  probe,
  signal,
  note,
  patience,
}: Pick<Stage, 'ring' | 'probe' | 'signal' | 'note' | 'patience'>): Promise<
  Readonly<{ comparison: Comparison; findings: readonly Finding[] }>
> {
  const since = Date.now();
  let until = patientUntil(since, undefined, patience);
  let saidAt = since;
  let restsSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const open = await unsettled(ring, probe);
    const comparison = open.length === 0 ? await comparePayments(ring) : undefined;
    if (comparison !== undefined && agree(comparison)) return { comparison, findings: [] };
    until = Math.max(until, patientUntil(since, await surplusDueAt(ring), patience));
    restsSince = comparison === undefined ? undefined : (restsSince ?? Date.now());
    if (Date.now() > Math.min(until, (restsSince ?? Infinity) + patience.differsMs)) {
      const all = comparison ?? (await comparePayments(ring));
      return { comparison: all, findings: [...open.flatMap(stuck), ...differences(all)] };
    }
    if (Date.now() - saidAt > SAY_EVERY_MS) {
      saidAt = Date.now();
      const said = open.map(({ what, count }) => `${count} ${what}`).join('; ');
      note(said === '' ? `books differ: ${firstOf(comparison)}` : `open: ${said}`);
    }
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

const agree = ({ differing, strays }: Comparison): boolean =>
  differing.length === 0 && strays.length === 0;

const firstOf = (comparison: Comparison | undefined): string =>
  comparison === undefined ? '' : (printDifferences(comparison)[0] ?? '');

/** Of each payment that is known to be in it, so that its timeline is told. */
const stuck = ({ what, count, payments }: Unsettled): Finding[] =>
  payments.length === 0
    ? [{ line: `stuck: ${count} ${what}` }]
    : payments.map((paymentId) => ({ paymentId, line: `stuck among ${count} ${what}` }));

const differences = ({ differing, strays }: Comparison): Finding[] => [
  ...differing.flatMap(({ books: { paymentId }, lines }) =>
    lines.map((line) => ({ paymentId, line })),
  ),
  ...strays.map(({ party, move }) => ({
    line: `${party} has ${move.kind} ${move.number} of no payment`,
  })),
];
