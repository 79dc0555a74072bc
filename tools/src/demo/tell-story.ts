import { play, printBooks, setStage } from '@hutong/world';
import { printScene } from './print-scene.js';
import { scenes, type Told } from './scenes.js';
import { startSystem, type SystemRun } from './start-system.js';

export type StoryRun = SystemRun &
  Readonly<{
    /** Takes text for the terminal. */
    print: (text: string) => void;
    /** Told once, when all of it was told. */
    report: (told: readonly Told[], backEnd: string) => Promise<void>;
  }>;

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
  await run.report(told, system.backEnd);
}
