import { setTimeout as pause } from 'node:timers/promises';
import type { TopicProbe } from '@hutong/messaging';
import type { OwnBroker } from '@hutong/testing';
import {
  comparePayments,
  leftOf,
  Payer,
  printDifferences,
  SandboxControl,
  type Comparison,
  type Ring,
} from '@hutong/world';
import { putAside, unsettled } from './at-rest.js';
import type { Cast } from './cast.js';
import { Counts } from './counts.js';
import type { Diary } from './diary.js';
import { Injuries } from './injuries.js';
import { doubledOrders, promisesKept, timelineOf, type Finding } from './judge.js';
import { livePayment, type Lived } from './live-payment.js';
import type { Blow } from './plan/blows.js';
import { planOf, type Asked, type Plan } from './plan/plan.js';
import type { PlannedPayment } from './plan/planned-payment.js';
import { redelivered, type Redelivered } from './redelivered.js';
import type { SeedResult } from './result.js';
import type { Scraper } from './scraper.js';
import { Shop } from './shop.js';
import { strike, type Machines } from './strike.js';
import type { Supervisor } from './supervisor.js';

/** What a seed is run on; several may be run on it one after another. */
export type Stage = Readonly<{
  ring: Ring;
  broker: OwnBroker;
  probe: TopicProbe;
  diary: Diary;
  supervisor: Supervisor;
  note: (line: string) => void;
  signal: AbortSignal;
  /** Compared before, on the same ring: by id. */
  seen: Set<string>;
  scraper: Scraper;
  before: { redelivered: Redelivered };
}>;

const SETTLED_WITHIN_MS = 900_000;
const LOOK_EVERY_MS = 2_000;
const SAY_EVERY_MS = 10_000;
const MOST_TIMELINES = 5;

/** Runs one seed to its end and judges it. */
export async function runSeed(stage: Stage, asked: Asked): Promise<SeedResult> {
  const { ring, broker, note, signal, diary, scraper, supervisor } = stage;
  const plan = planOf(asked);
  const [counts, blows] = [new Counts(), new Counts()];
  const sandbox = new SandboxControl(ring.sandbox);
  const injuries = new Injuries(sandbox, counts);
  const addresses = () => ring.addressesOf('checkout');
  const shop = new Shop({ addresses, apiKey: ring.apiKey, counts, signal });
  const payer = new Payer(ring.sandbox);
  const cast: Cast = { shop, payer, sandbox, counts, diary, signal };
  const machines: Machines = { ring, broker, sandbox, scraper, diary, counts: blows, signal };

  const startedAt = new Date();
  await injuries.begin(plan.seed);
  const { lives, failed } = await traffic(plan, cast, machines, note);
  await injuries.calm();
  const trafficSeconds = secondsSince(startedAt);
  note(`seed ${plan.seed}: everybody is done after ${trafficSeconds} s; waiting for rest`);
  const { comparison, findings } = await settle(stage);
  const settledSeconds = secondsSince(startedAt) - trafficSeconds;
  await scraper.look();
  const found: Finding[] = [
    ...failed,
    ...findings,
    ...promisesKept(comparison, lives),
    ...(await doubledOrders(ring)),
    ...(await putAside(stage.probe)).map(({ what, count }) => ({
      line: `${count} records were put aside in ${what}`,
    })),
    ...supervisor.faults.splice(0).map((line) => ({ line })),
  ];
  const again = since(stage, await redelivered(stage.probe, scraper));
  const result: SeedResult = {
    ...asked,
    startedAt: startedAt.toISOString(),
    trafficSeconds,
    settledSeconds,
    ...comparedOf(stage, comparison),
    blows: blows.all(),
    startedAgain: supervisor.startedAgain.splice(0),
    injuries: await injuries.struck(),
    redelivered: again,
    counts: counts.all(),
    findings: found.map(({ paymentId, line }) => (paymentId ? `${paymentId}: ${line}` : line)),
    timelines: await timelines(stage, found),
  };
  return result;
}

/** Everybody lives and every blow falls, each at its time. */
async function traffic(
  plan: Plan,
  cast: Cast,
  machines: Machines,
  note: (line: string) => void,
): Promise<Readonly<{ lives: readonly Lived[]; failed: readonly Finding[] }>> {
  const start = Date.now();
  const until = (atMs: number) =>
    pause(Math.max(0, start + atMs - Date.now()), undefined, { signal: cast.signal });
  const lives: Lived[] = [];
  const failed: Finding[] = [];
  let begun = 0;
  const live = async (payment: PlannedPayment) => {
    await until(payment.atMs);
    begun += 1;
    try {
      lives.push(await livePayment(cast, payment, plan.seed));
    } catch (fault) {
      cast.signal.throwIfAborted();
      failed.push({ line: `order s${plan.seed}-${payment.index}: ${messageOf(fault)}` });
    }
  };
  const strikeAll = async (blows: readonly Blow[]) => {
    for (const blow of blows) {
      await until(blow.atMs);
      await strike(machines, blow);
    }
  };
  const say = setInterval(() => {
    const all = plan.payments.length;
    note(`seed ${plan.seed}: ${begun} of ${all} begun, ${lives.length} lived through`);
  }, SAY_EVERY_MS);
  try {
    await Promise.all([strikeAll(plan.blows), ...plan.payments.map(live)]);
  } finally {
    clearInterval(say);
  }
  return { lives, failed };
}

/** Waits until nothing is open and the books agree. What is not so in time is a finding. */
async function settle(
  stage: Stage,
): Promise<Readonly<{ comparison: Comparison; findings: readonly Finding[] }>> {
  const { ring, probe, signal, note } = stage;
  const until = Date.now() + SETTLED_WITHIN_MS;
  let saidAt = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const open = await unsettled(ring, probe);
    const comparison = open.length === 0 ? await comparePayments(ring) : undefined;
    if (comparison !== undefined && agree(comparison)) return { comparison, findings: [] };
    if (Date.now() > until) {
      const all = comparison ?? (await comparePayments(ring));
      return { comparison: all, findings: [...open.map(stuck), ...differences(all)] };
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

const stuck = ({ what, count }: Readonly<{ what: string; count: number }>): Finding => ({
  line: `stuck: ${count} ${what}`,
});

const differences = ({ differing, strays }: Comparison): Finding[] => [
  ...differing.flatMap(({ books: { paymentId }, lines }) =>
    lines.map((line) => ({ paymentId, line })),
  ),
  ...strays.map(({ party, move }) => ({
    line: `${party} has ${move.kind} ${move.number} of no payment`,
  })),
];

/** Of this seed's payments, those of earlier seeds on the same ring left out. */
function comparedOf(stage: Stage, { payments }: Comparison) {
  const own = payments.filter(({ paymentId }) => !stage.seen.has(paymentId));
  for (const { paymentId } of own) stage.seen.add(paymentId);
  const moves = own.flatMap((books) => books.moves.provider);
  const taken = moves.filter(({ kind }) => kind === 'taken');
  return {
    compared: own.length,
    withMoney: own.filter(({ moves: all }) => all.provider.length > 0).length,
    ends: endsOf(own),
    takenFen: `${leftOf(taken)}`,
    leftFen: `${leftOf(moves)}`,
  };
}

function endsOf(payments: Comparison['payments']): Readonly<Record<string, number>> {
  const ends = new Counts();
  for (const { status } of payments) ends.add(status);
  return ends.all();
}

/** Only what this seed added to what came again. */
function since(stage: Stage, now: Redelivered): Redelivered {
  const { redelivered: before } = stage.before;
  stage.before.redelivered = now;
  return {
    records: now.records - before.records,
    sentAgain: now.sentAgain - before.sentAgain,
    deliveredAgain: now.deliveredAgain - before.deliveredAgain,
  };
}

async function timelines(stage: Stage, found: readonly Finding[]): Promise<readonly string[]> {
  const ids = [...new Set(found.flatMap(({ paymentId }) => paymentId ?? []))];
  const told: string[] = [];
  for (const id of ids.slice(0, MOST_TIMELINES)) {
    told.push(`payment ${id}\n${await timelineOf(stage.ring, stage.diary, id)}`);
  }
  return told;
}

const secondsSince = (start: Date): number => Math.round((Date.now() - start.getTime()) / 1_000);

const messageOf = (fault: unknown): string =>
  fault instanceof Error ? fault.message : String(fault);
