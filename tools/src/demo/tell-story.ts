import { TopicProbe } from '@hutong/messaging';
import {
  askTables,
  history,
  play,
  printBooks,
  setStage,
  tellHistory,
  type Stage,
  type Tables,
} from '@hutong/world';
import { printScene } from './print-scene.js';
import { printTables } from './print-tables.js';
import { scenes, type Told } from './scenes.js';
import { startSystem, type System, type SystemRun } from './start-system.js';

export type StoryRun = SystemRun &
  Readonly<{
    /** Takes text for the terminal. */
    print: (text: string) => void;
    /** How many payments of years gone by are told for the ledger's tables at the end. */
    payments: number;
    /** Told once, when all of it was told. */
    report: (story: Story) => Promise<void>;
  }>;

/** All that was told, and what the ledger says in the end. */
export type Story = Readonly<{ scenes: readonly Told[]; tables: Tables; backEnd: string }>;

/** Always the same history: it ends where its tables end. */
const SEED = 2021;
const LAST_MONTH_ENDS = '2026-11-01';

/** Plays every scene on a ring of its own; after each all books have to agree. */
export async function tellStory(run: StoryRun): Promise<void> {
  await using system = await startSystem(run, { story: true });
  const { ring, step } = system;
  const stage = await step('payers inside and outside the share are found', () => setStage(ring));
  const told: Told[] = [];
  for (const { when, title, scene } of scenes) {
    const payments = await step(title, () => play(ring, stage, scene));
    const books = await step('… and all books agree', () => stage.books());
    const came = { when, title, payments, books: printBooks(books) };
    run.print(printScene(came));
    told.push(came);
  }
  const tables = await endOfStory(system, stage, run.payments);
  run.print(printTables(tables));
  await run.report({ scenes: told, tables, backEnd: system.backEnd });
}

/** Five years of payments through the ledger's topic, and what it then counts. */
async function endOfStory({ brokers, step }: System, stage: Stage, payments: number) {
  await step(`a history of ${payments} payments is told and booked`, async () => {
    await using probe = await TopicProbe.connect({ brokers });
    const until = new Date(`${LAST_MONTH_ENDS}T00:00:00+08:00`);
    await tellHistory(history({ seed: SEED, payments, until }), probe);
  });
  return step('the ledger counts', () => askTables(stage.operator, LAST_MONTH_ENDS));
}
