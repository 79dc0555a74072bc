import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { KAFKA_VERSION, startBackEnd, type BackEnd } from '@hutong/testing';
import { postgresVersion } from './bench-database.js';
import type { BenchReport, Machine } from './figures.js';
import { hops } from './hops/hops.js';
import { isolation } from './isolation/isolation.js';
import { benchOptions, type BenchName, type BenchOptions } from './options.js';
import { driveRing } from './ring/drive-ring.js';
import { longRing, ringBench } from './ring/ring.js';
import { scale } from './scale/scale.js';
import { tableOf } from './table.js';

/** The figures, and how often each was measured. */
type Bench = (
  backEnd: BackEnd,
  options: BenchOptions,
  note: (line: string) => void,
) => Promise<Pick<BenchReport, 'runs' | 'results'>>;

const BENCHES: Readonly<Record<BenchName, Bench>> = {
  hops,
  ring: (backEnd, { pace, payments, lasts, ...options }, note) => {
    if (pace === undefined) return ringBench(backEnd, { payments, ...options }, note);
    if (payments !== undefined) return longRing(backEnd, { pace, payments, ...options }, note);
    return driveRing(backEnd, { load: { ...pace, ...lasts }, ...options }, note);
  },
  isolation,
  scale,
};

async function main(args: readonly string[]): Promise<void> {
  const options = benchOptions(args);
  const note = (line: string): void => console.error(line);
  if (options.names.length === 0) return;
  await using backEnd = await startBackEnd(note, 'usual');
  const machine = await machineOf(backEnd);
  const reports: BenchReport[] = [];
  for (const name of options.names) {
    const report = { name, machine, ...(await BENCHES[name](backEnd, options, note)) };
    console.log(tableOf(report));
    reports.push(report);
  }
  const { json } = options;
  const written = reports.length === 1 ? reports[0] : reports;
  if (json !== undefined) await writeFile(json, `${JSON.stringify(written, null, 2)}\n`);
}

const machineOf = async ({ kind, adminUrl }: BackEnd): Promise<Machine> => ({
  cores: availableParallelism(),
  memory: totalmem(),
  node: process.versions.node,
  kafka: kind === 'running' ? 'of whoever runs it' : `${KAFKA_VERSION} (${kind})`,
  postgres: await postgresVersion(adminUrl),
});

await main(process.argv.slice(2));
