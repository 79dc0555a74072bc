import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { KAFKA_VERSION, startBackEnd } from '@hutong/testing';
import type { BenchReport } from './figures.js';
import { hops } from './hops/hops.js';
import { benchOptions, type BenchName } from './options.js';
import { tableOf } from './table.js';

const BENCHES = { hops } as const satisfies Record<BenchName, unknown>;

async function main(args: readonly string[]): Promise<void> {
  const { name, runs, json } = benchOptions(args);
  if (name === undefined) return;
  const note = (line: string): void => console.error(line);
  await using backEnd = await startBackEnd(note, 'usual');
  const { results, postgres } = await BENCHES[name](backEnd, runs, note);
  const report: BenchReport = {
    name,
    machine: {
      cores: availableParallelism(),
      memory: totalmem(),
      node: process.versions.node,
      kafka:
        backEnd.kind === 'running' ? 'of whoever runs it' : `${KAFKA_VERSION} (${backEnd.kind})`,
      postgres,
    },
    runs,
    results,
  };
  console.log(tableOf(report));
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
}

await main(process.argv.slice(2));
