import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { KAFKA_VERSION, startBackEnd } from '@hutong/testing';
import { readOptions, UsageError } from '../command-line.js';
import type { BenchReport } from './figures.js';
import { ABOUT as ABOUT_HOPS, hops } from './hops/hops.js';
import { tableOf } from './table.js';

const USAGE = `npm run bench -- NAME [options]

  hops         ${ABOUT_HOPS}

  --json FILE  write the figures
  --runs N     how often everything is measured, in turns; 7 where nothing is said
  --help       this text`;

const BENCHES = { hops };

function readArguments(args: readonly string[]) {
  const [name = ''] = args;
  const known = Object.entries(BENCHES).find(([own]) => own === name)?.[1];
  const { json, runs, help } = readOptions('bench', known === undefined ? args : args.slice(1), {
    json: { type: 'string' },
    runs: { type: 'string', default: '7' },
    help: { type: 'boolean', default: false },
  });
  if (help) return undefined;
  if (known === undefined)
    throw new UsageError(`which bench? There is: ${Object.keys(BENCHES).join(', ')}`);
  if (!/^[1-9]\d{0,2}$/.test(runs)) throw new UsageError('--runs takes a number from 1 to 999');
  return { name, bench: known, json, runs: Number(runs) };
}

async function main(args: readonly string[]): Promise<void> {
  const asked = readArguments(args);
  if (asked === undefined) return console.log(USAGE);
  const note = (line: string): void => console.error(line);
  await using backEnd = await startBackEnd(note, 'usual');
  const { results, postgres } = await asked.bench(backEnd, asked.runs, note);
  const report: BenchReport = {
    name: asked.name,
    machine: {
      cores: availableParallelism(),
      memory: totalmem(),
      node: process.versions.node,
      kafka:
        backEnd.kind === 'running' ? 'of whoever runs it' : `${KAFKA_VERSION} (${backEnd.kind})`,
      postgres,
    },
    runs: asked.runs,
    results,
  };
  console.log(tableOf(report));
  if (asked.json !== undefined) await writeFile(asked.json, `${JSON.stringify(report, null, 2)}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (cause) {
  if (!(cause instanceof UsageError)) throw cause;
  console.error(cause.message);
  process.exitCode = 2;
}
