import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerAtOnce } from './at-once.js';
import { demo } from './demo.js';
import { watchLaunchers } from './launcher.js';
import { demoOptions, type DemoOptions } from './options.js';
import { Progress, StepFailed } from './progress.js';
import { tellStory } from './tell-story.js';
import { ServiceEnded } from './watch.js';

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
  const { json } = options;
  const write = async (what: object): Promise<void> => {
    if (json === undefined) return;
    const all = { ...what, steps: progress.steps, seconds: progress.seconds() };
    await progress.step(`what was seen is written to ${json}`, () =>
      writeFile(json, `${JSON.stringify(all, null, 2)}\n`),
    );
  };
  try {
    const common = { root, progress, print, signal };
    await (options.story
      ? tellStory({
          ...common,
          payments: options.payments,
          report: async (told) => write({ ok: true, ...told }),
        })
      : demo({
          ...common,
          once: options.once,
          report: async (seen, backEnd) => write({ ok: true, backEnd, ...seen }),
        }));
    return 0;
  } catch (cause) {
    if (signal.aborted) return INTERRUPTED;
    const failed = failedStep(cause);
    await write({ ok: false, failed }).catch((fault: unknown) => failedStep(fault));
    return 1;
  }
}

/** Says which step did not work. @throws what is no failure of a step, but a fault of ours. */
function failedStep(thrown: unknown): object {
  // What failed comes first, then what could not be stopped because of it.
  const cause: unknown = thrown instanceof SuppressedError ? thrown.suppressed : thrown;
  if (cause !== thrown) return failedStep(cause);
  if (!(cause instanceof StepFailed)) throw cause;
  const { step, message } = cause;
  print(`FAILED  ${message}`);
  const ended = cause.cause instanceof ServiceEnded && { service: cause.cause.service };
  return { step, message, ...ended };
}

async function main(args: readonly string[]): Promise<number> {
  const answer = answerAtOnce(args);
  if (answer !== undefined) {
    (answer.exitCode === 0 ? process.stdout : process.stderr).write(`${answer.text}\n`);
    return answer.exitCode;
  }
  const exitCode = await run(demoOptions(args));
  process.stderr.write('stopped\n');
  return exitCode;
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name));
// Whoever read our output may be gone with the launcher; there is still something to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const launchers = (process.env['HUTONG_LAUNCHERS'] ?? '').split(' ').filter(Boolean).map(Number);
watchLaunchers(launchers, () => stop('whoever launched this is gone'));
process.exit(await main(process.argv.slice(2)));
