import { startBackEnd } from '@hutong/testing';
import { play, printBooks, setStage, startRing } from '@hutong/world';
import { printScene } from './print-scene.js';
import type { Progress } from './progress.js';
import { scenes, type Told } from './scenes.js';

export type StoryRun = Readonly<{
  /** The repository. */
  root: string;
  progress: Progress;
  /** Takes text for the terminal. */
  print: (text: string) => void;
  /** Told once, when all of it was told. */
  report: (told: readonly Told[], backEnd: string) => Promise<void>;
  /** Ends it, wherever it is. */
  signal: AbortSignal;
}>;

/** Plays every scene on a ring of its own; after each all books have to agree. */
export async function tellStory(run: StoryRun): Promise<void> {
  const { root, progress, print, report, signal } = run;
  await using backEnd = await progress.step('PostgreSQL and Kafka are ready', () =>
    startBackEnd(progress.note),
  );
  const { brokers, adminUrl, kind } = backEnd;
  await using ring = await progress.step('sandbox and services are ready', () =>
    startRing({ root, brokers, adminUrl, story: true, report: progress.note, signal }),
  );
  const stage = await progress.step('payers inside and outside the share are found', () =>
    setStage(ring),
  );
  const told: Told[] = [];
  for (const { when, title, scene } of scenes) {
    signal.throwIfAborted();
    const payments = await progress.step(title, () => play(ring, stage, scene));
    const books = await progress.step('… and all books agree', () => stage.books());
    const came = { when, title, payments, books: printBooks(books) };
    print(printScene(came));
    told.push(came);
  }
  await report(told, kind);
}
