import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { KAFKA_VERSION, startBackEnd, type BackEnd } from '@hutong/testing';
import { postgresVersion } from './bench-database.js';
import type { BenchReport } from './figures.js';
import { hops } from './hops/hops.js';
import { benchOptions, type BenchName, type BenchOptions } from './options.js';
import { driveRing } from './ring/drive-ring.js';
import { ringBench } from './ring/ring.js';
import { tableOf } from './table.js';

/** The figures, and how often each was measured. */
type Bench = (
  backEnd: BackEnd,
  options: BenchOptions,
  note: (line: string) => void,
) => Promise<Pick<BenchReport, 'runs' | 'results'>>;

const BENCHES: Readonly<Record<BenchName, Bench>> = {
  hops: (backEnd, { runs }, note) => hops(backEnd, runs, note),
  ring: (backEnd, { load, ...options }, note) =>
    load === undefined
      ? ringBench(backEnd, options, note)
      : driveRing(backEnd, { load, ...options }, note),
};

async function main(args: readonly string[]): Promise<void> {
  const options = benchOptions(args);
  const { name, json } = options;
  if (name === undefined) return;
  const note = (line: string): void => console.error(line);
  await using backEnd = await startBackEnd(note, 'usual');
  const { results, runs } = await BENCHES[name](backEnd, options, note);
  const report: BenchReport = {
    name,
    machine: {
      cores: availableParallelism(),
      memory: totalmem(),
      node: process.versions.node,
      kafka:
        backEnd.kind === 'running' ? 'of whoever runs it' : `${KAFKA_VERSION} (${backEnd.kind})`,
      postgres: await postgresVersion(backEnd.adminUrl),
    },
    runs,
    results,
  };
  console.log(tableOf(report));
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
}

await main(process.argv.slice(2));
