import { leftOf, type Comparison } from '@hutong/world';
import { parked, type Unsettled } from './at-rest.js';
import { Counts } from './counts.js';
import {
  brokenBooks,
  doubledOrders,
  lostRefunds,
  namedByOrder,
  promisesKept,
  timelineOf,
  type Finding,
} from './judge.js';
import { redelivered, type Redelivered } from './redelivered.js';
import type { SeedResult } from './result.js';
import { secondsSince, type Begun } from './run-seed.js';
import type { Stage } from './run-seeds.js';
import { settle } from './settle.js';

const MOST_TIMELINES = 5;

/** Waits until everybody of these seeds is done and the ring is at rest, and judges each of them. */
export async function judgeSeeds(stage: Stage, begun: readonly Begun[]): Promise<SeedResult[]> {
  const { note, scraper, probe, ring, supervisor } = stage;
  const done = await Promise.all(begun.map((one) => one.done));
  note(`everybody is done with ${begun.length} seed(s); waiting for rest`);
  const waitedSince = new Date();
  const { comparison, findings } = await settle(stage);
  const settledSeconds = secondsSince(waitedSince);
  await scraper.look();
  const common: Finding[] = [
    ...findings,
    ...(await doubledOrders(ring)),
    ...(await parked(probe)).flatMap(parkedIn),
    ...(await brokenBooks(ring)),
    ...supervisor.faults.splice(0).map((line) => ({ line })),
  ];
  // What is of none of them is told with the last.
  const all = new Set(done.flatMap(({ lives }) => lives.map(({ paymentId }) => paymentId)));
  const again = since(stage, await redelivered(probe, scraper));
  const results: SeedResult[] = [];
  for (const [n, one] of begun.entries()) {
    const { lives = [], failed = [], seconds = 0 } = done[n] ?? {};
    const ids = new Set(lives.map(({ paymentId }) => paymentId));
    const isLast = n === begun.length - 1;
    const found = [
      ...(await namedByOrder(ring, failed)),
      ...common.filter(({ paymentId }) =>
        paymentId === undefined || !all.has(paymentId) ? isLast : ids.has(paymentId),
      ),
      ...promisesKept(comparison, lives),
      ...(await lostRefunds(ring, lives)),
    ];
    results.push({
      ...one.asked,
      startedAt: one.startedAt.toISOString(),
      trafficSeconds: seconds,
      settledSeconds,
      together: begun.length,
      ...comparedOf(comparison, ids),
      blows: one.blows.all(),
      startedAgain: one.startedAgain,
      injuries: await one.injuries.struck(),
      redelivered: again,
      counts: one.counts.all(),
      findings: found.map(({ paymentId, line }) => (paymentId ? `${paymentId}: ${line}` : line)),
      timelines: await timelines(stage, found),
    });
  }
  return results;
}

function comparedOf({ payments }: Comparison, ids: ReadonlySet<string>) {
  const own = payments.filter(({ paymentId }) => ids.has(paymentId));
  const moves = own.flatMap((books) => books.moves.provider);
  const ends = new Counts();
  for (const { status } of own) ends.add(status);
  return {
    compared: own.length,
    withMoney: own.filter(({ moves: all }) => all.provider.length > 0).length,
    ends: ends.all(),
    takenFen: `${leftOf(moves.filter(({ kind }) => kind === 'taken'))}`,
    leftFen: `${leftOf(moves)}`,
  };
}

/** Only what came again since the last judgement on this ring. */
function since(stage: Stage, now: Redelivered): Redelivered {
  const { redelivered: before } = stage.before;
  stage.before.redelivered = now;
  return {
    records: now.records - before.records,
    sentAgain: now.sentAgain - before.sentAgain,
    deliveredAgain: now.deliveredAgain - before.deliveredAgain,
  };
}

const parkedIn = ({ what, count, payments }: Unsettled): Finding[] =>
  payments.length === 0
    ? [{ line: `${count} records were parked in ${what}` }]
    : payments.map((paymentId) => ({ paymentId, line: `is among ${count} parked in ${what}` }));

async function timelines(stage: Stage, found: readonly Finding[]): Promise<readonly string[]> {
  const ids = [...new Set(found.flatMap(({ paymentId }) => paymentId ?? []))];
  const told: string[] = [];
  for (const id of ids.slice(0, MOST_TIMELINES)) {
    told.push(`payment ${id}\n${await timelineOf(stage, id)}`);
  }
  return told;
}
