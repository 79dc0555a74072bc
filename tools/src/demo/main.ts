import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command-line.js';
import { demo } from './demo.js';
import { watchLaunchers } from './launcher.js';
import { demoOptions, USAGE, type DemoOptions } from './options.js';
import { Progress, StepFailed } from './progress.js';
import { tellStory } from './tell-story.js';

const root = join(import.meta.dirname, '../../..');
const INTERRUPTED = 130;
/** npm passes a Ctrl-C on that we had from the terminal already: only a later one is impatience. */
const IMPATIENT_AFTER_MS = 2_000;

const stopping = new AbortController();
const progress = new Progress((line) => process.stderr.write(`${line}\n`));
const print = (text: string): void => void process.stdout.write(`${text}\n`);

function stop(why: string): void {
  if (stopping.signal.aborted) return;
  progress.note(`${why}: stopping everything …`);
  stopping.abort();
  // Exits at once: what still runs ends with its parent.
  setTimeout(
    () => process.once('SIGINT', () => process.exit(INTERRUPTED)),
    IMPATIENT_AFTER_MS,
  ).unref();
}

/** @returns the exit code. */
async function run(options: DemoOptions): Promise<number> {
  const { signal } = stopping;
  const write = async (what: object): Promise<void> => {
    if (options.json === undefined) return;
    const all = { ...what, steps: progress.steps, seconds: progress.seconds() };
    await writeFile(options.json, `${JSON.stringify(all, null, 2)}\n`);
  };
  try {
    const common = { root, progress, print, signal };
    await (options.story
      ? tellStory({
          ...common,
          report: async (scenes, backEnd) => write({ ok: true, backEnd, scenes }),
        })
      : demo({
          ...common,
          once: options.once,
          report: async (seen, backEnd) => write({ ok: true, backEnd, ...seen }),
        }));
    if (!signal.aborted) progress.note('everything is stopped');
    return 0;
  } catch (cause) {
    if (signal.aborted) return INTERRUPTED;
    if (!(cause instanceof StepFailed)) throw cause;
    print(`FAILED  ${cause.message}`);
    await write({ ok: false, failed: { step: cause.step, message: cause.message } });
    return 1;
  }
}

async function main(): Promise<number> {
  try {
    const options = demoOptions(process.argv.slice(2));
    if (!options.help) return await run(options);
    print(USAGE);
    return 0;
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    return 2;
  }
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name));
// Whoever read our output may be gone with the launcher; there is still something to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const launchers = (process.env['HUTONG_LAUNCHERS'] ?? '').split(' ').filter(Boolean).map(Number);
watchLaunchers(launchers, () => stop('whoever launched this is gone'));
process.exit(await main());
