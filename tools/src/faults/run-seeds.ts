import { TopicProbe } from '@hutong/messaging';
import { startOwnBroker, startOwnDatabase, type OwnBroker } from '@hutong/testing';
import { startRing, type Ring } from '@hutong/world';
import { Diary } from './diary.js';
import type { FaultOptions } from './options.js';
import type { SeedResult } from './result.js';
import { runSeed, type Begun } from './run-seed.js';
import { judgeSeeds } from './judge-seeds.js';
import type { Redelivered } from './redelivered.js';
import { Scraper } from './scraper.js';
import { PATIENT, type Patience } from './settle.js';
import { Supervisor } from './supervisor.js';

/** What seeds are run on. */
export type Stage = Readonly<{
  ring: Ring;
  broker: OwnBroker;
  probe: TopicProbe;
  diary: Diary;
  supervisor: Supervisor;
  scraper: Scraper;
  note: (line: string) => void;
  signal: AbortSignal;
  /** What was counted when the last seeds were judged on this ring. */
  before: { redelivered: Redelivered };
  patience: Patience;
}>;

export type Surroundings = Readonly<{
  /** The repository: its apps must be built. */
  root: string;
  note: (line: string) => void;
  signal: AbortSignal;
  /** Told of each seed as soon as it is judged. */
  report: (result: SeedResult) => Promise<void>;
}>;

/** On which a ring is started. */
export type Servers = Readonly<{ broker: OwnBroker; adminUrl: string }>;

/** Starts everything once and runs the seeds on it, so many together as are asked for. */
export async function runSeeds(
  options: Omit<FaultOptions, 'json' | 'table' | 'help'>,
  around: Surroundings,
): Promise<void> {
  const { note } = around;
  await using stack = new AsyncDisposableStack();
  const [broker, database] = await Promise.all([startOwnBroker(note), startOwnDatabase(note)]);
  stack.use(database);
  stack.use(broker);
  await runSeedsOn({ broker, adminUrl: database.adminUrl }, options, around);
}

/** The same on servers that are there; the broker is frozen and killed. */
export async function runSeedsOn(
  servers: Servers,
  asked: Omit<FaultOptions, 'json' | 'table' | 'help'>,
  { report, ...around }: Surroundings,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { instances, payments, minutes, seeds, together } = asked;
  const stage = await startStage(stack, servers, { ...around, instances });
  let begun: Begun[] = [];
  for (const [n, seed] of seeds.entries()) {
    begun.push(await runSeed(stage, { seed, payments, minutes, instances }));
    if (begun.length < together && n < seeds.length - 1) continue;
    for (const result of await judgeSeeds(stage, begun)) await report(result);
    begun = [];
  }
}

/** Starts every service, watched. @param stack stops them. */
export async function startStage(
  stack: AsyncDisposableStack,
  { broker, adminUrl }: Servers,
  { root, note, signal, instances }: Omit<Surroundings, 'report'> & Readonly<{ instances: number }>,
): Promise<Stage> {
  const diary = new Diary(note);
  const supervisor = new Supervisor(diary, signal);
  const { ended } = supervisor;
  const { brokers } = broker;
  const how = { instances, story: true, report: note, signal, ended };
  const ring = stack.use(await startRing({ root, brokers, adminUrl, ...how }));
  supervisor.watch(ring);
  stack.defer(() => supervisor.over());
  const probe = stack.use(await TopicProbe.connect({ brokers }));
  const scraper = new Scraper(ring);
  scraper.start();
  stack.defer(() => scraper.stop());
  const before = { redelivered: { records: 0, sentAgain: 0, deliveredAgain: 0 } };
  const watched = { ring, broker, probe, diary, supervisor, scraper };
  return { ...watched, note, signal, before, patience: PATIENT };
}
