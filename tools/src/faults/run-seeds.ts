import { TopicProbe } from '@hutong/messaging';
import { startOwnBroker, startOwnDatabase } from '@hutong/testing';
import { startRing } from '@hutong/world';
import { Diary } from './diary.js';
import type { FaultOptions } from './options.js';
import type { SeedResult } from './result.js';
import { runSeed } from './run-seed.js';
import { Scraper } from './scraper.js';
import { Supervisor } from './supervisor.js';

export type Surroundings = Readonly<{
  /** The repository: its apps must be built. */
  root: string;
  note: (line: string) => void;
  signal: AbortSignal;
  /** Told of each seed as soon as it is judged. */
  report: (result: SeedResult) => Promise<void>;
}>;

/** Starts everything once and runs the seeds on it, one after another. */
export async function runSeeds(
  options: Omit<FaultOptions, 'json' | 'help'>,
  { root, note, signal, report }: Surroundings,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const [broker, database] = await Promise.all([startOwnBroker(note), startOwnDatabase(note)]);
  stack.use(database);
  stack.use(broker);
  const diary = new Diary(note);
  const supervisor = new Supervisor(diary, signal);
  const { ended } = supervisor;
  const { brokers } = broker;
  const { adminUrl } = database;
  const { instances, payments, minutes, seeds } = options;
  const how = { instances, story: true, report: note, signal, ended };
  const ring = stack.use(await startRing({ root, brokers, adminUrl, ...how }));
  supervisor.watch(ring);
  const probe = stack.use(await TopicProbe.connect({ brokers }));
  const scraper = new Scraper(ring);
  scraper.start();
  stack.defer(() => scraper.stop());
  const before = { redelivered: { records: 0, sentAgain: 0, deliveredAgain: 0 } };
  const common = { ring, broker, probe, diary, supervisor, note, signal, scraper, before };
  const seen = new Set<string>();
  for (const seed of seeds) {
    await report(await runSeed({ ...common, seen }, { seed, payments, minutes, instances }));
  }
}
