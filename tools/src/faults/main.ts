import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { watchLaunchers } from '../demo/launcher.js';
import { Progress } from '../demo/progress.js';
import { faultOptions } from './options.js';
import { isGood, printResult, type SeedResult } from './result.js';
import { runSeeds } from './run-seeds.js';
import { tableOf } from './table.js';

const root = join(import.meta.dirname, '../../..');
const INTERRUPTED = 130;
/** npm passes a Ctrl-C on that we had from the terminal already: only a later one is impatience. */
const IMPATIENT_AFTER_MS = 2_000;

const stopping = new AbortController();
const progress = new Progress((line) => process.stderr.write(`${line}\n`));

function stop(why: string): void {
  if (stopping.signal.aborted) return;
  progress.note(`${why}: stopping everything …`);
  stopping.abort();
  setTimeout(
    () => process.once('SIGINT', () => process.exit(INTERRUPTED)),
    IMPATIENT_AFTER_MS,
  ).unref();
}

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { json, table, help, ...options } = faultOptions(args);
  if (help) return 0;
  if (table !== undefined) {
    process.stdout.write(`${tableOf(await written(table))}\n`);
    return 0;
  }
  const results: SeedResult[] = [];
  const report = async (result: SeedResult): Promise<void> => {
    results.push(result);
    process.stdout.write(`${printResult(result)}\n`);
    if (json !== undefined) await appendFile(json, `${JSON.stringify(result)}\n`);
  };
  try {
    await runSeeds(options, { root, note: progress.note, signal: stopping.signal, report });
  } catch (cause) {
    if (stopping.signal.aborted) return INTERRUPTED;
    for (const line of whyOf(cause)) progress.note(`!! ${line}`);
    return 1;
  }
  const bad = results.filter((result) => !isGood(result)).map(({ seed }) => seed);
  const compared = results.reduce((sum, result) => sum + result.compared, 0);
  const said = bad.length === 0 ? 'all good' : `FAILED: seeds ${bad.join(', ')}`;
  process.stdout.write(`${results.length} seeds, ${compared} payments compared: ${said}\n`);
  return bad.length === 0 ? 0 : 1;
}

/** What went wrong first comes first: what could not be stopped because of it is said behind it. */
function whyOf(cause: unknown): string[] {
  if (cause instanceof SuppressedError) return [...whyOf(cause.suppressed), ...whyOf(cause.error)];
  return [cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)];
}

/** What earlier runs wrote to a file, one result a line, by seed. */
async function written(file: string): Promise<SeedResult[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as SeedResult).toSorted((a, b) => a.seed - b.seed);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name));
// Whoever read our output may be gone with the launcher; there is still something to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const launchers = (process.env['HUTONG_LAUNCHERS'] ?? '').split(' ').filter(Boolean).map(Number);
watchLaunchers(launchers, () => stop('whoever launched this is gone'));
process.exit(await main(process.argv.slice(2)));
