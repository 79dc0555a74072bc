import type { Struck } from './injuries.js';
import type { Asked } from './plan/plan.js';
import type { Redelivered } from './redelivered.js';

/** What one seed came to: written as one line of JSON. */
export type SeedResult = Asked &
  Readonly<{
    startedAt: string;
    /** Until everybody was done, and from then until all was at rest and agreed. */
    trafficSeconds: number;
    settledSeconds: number;
    /** How many seeds were judged together, at the end of the last; what came again is of all of them. */
    together: number;
    /** Payments of this seed whose four books were compared, and those of them that moved money. */
    compared: number;
    withMoney: number;
    /** Where they ended, by status. */
    ends: Readonly<Record<string, number>>;
    /** What the providers took, and what is left of it after all that went back. */
    takenFen: string;
    leftFen: string;
    /** What befell the machines, by kind. */
    blows: Readonly<Record<string, number>>;
    /** Services that gave up by themselves, and were started again. */
    startedAgain: readonly string[];
    /** What went wrong at the sandbox, by kind. */
    injuries: Struck;
    redelivered: Redelivered;
    counts: Readonly<Record<string, number>>;
    /** What must not be; none in a run that is good. */
    findings: readonly string[];
    timelines: readonly string[];
  }>;

/** Why a run without findings would still show nothing: it has to have struck. */
export function provesNothing(result: SeedResult): string | undefined {
  const { compared, withMoney, redelivered, blows } = result;
  if (compared === 0) return 'no payment was compared';
  if (withMoney === 0) return 'no money moved';
  if ((blows['kill'] ?? 0) === 0) return 'nothing was killed';
  if (redelivered.sentAgain + redelivered.deliveredAgain === 0) return 'nothing was redelivered';
  return undefined;
}

export const isGood = (result: SeedResult): boolean =>
  result.findings.length === 0 && provesNothing(result) === undefined;

/** For a terminal. */
export function printResult(result: SeedResult): string {
  const { seed, compared, withMoney, trafficSeconds, settledSeconds, redelivered } = result;
  const { records, sentAgain, deliveredAgain } = redelivered;
  const idle = Object.entries(result.injuries).filter(([, times]) => times === 0);
  return [
    `seed ${seed}: ${isGood(result) ? 'all books agree' : 'FAILED'}`,
    `  compared   ${compared} payments to the fen, ${withMoney} of them with money: ${listed(result.ends)}`,
    `  money      ${result.takenFen} fen taken, ${result.leftFen} fen left, as it should be`,
    `  time       ${trafficSeconds} s of traffic, ${settledSeconds} s until all was at rest`,
    `  machines   ${listed(result.blows)}`,
    `  sandbox    ${listed(result.injuries)}`,
    ...(result.startedAgain.length > 0 ? [`  gave up    ${result.startedAgain.join(', ')}`] : []),
    ...(idle.length > 0 ? [`  not struck ${idle.map(([name]) => name).join(', ')}`] : []),
    `  came again ${sentAgain} of ${records} records sent twice, at least ${deliveredAgain} deliveries more than one`,
    `  people     ${listed(result.counts)}`,
    ...[provesNothing(result) ?? [], result.findings].flat().map((line) => `  !! ${line}`),
    ...result.timelines,
  ].join('\n');
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, times]) => `${times} ${name}`)
    .join(', ');
