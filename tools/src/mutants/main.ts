import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackEnd } from '@hutong/testing';
import { workingCopy } from '../working-copy.js';
import { hunt, type Fate } from './hunt.js';
import { mutantOptions } from './options.js';

const root = join(import.meta.dirname, '../../..');
/** Of the tests that noticed, so many are named. */
const NAMED = 3;

/** @returns the exit code: 1 if a mutant goes unnoticed. */
async function main(args: readonly string[]): Promise<number> {
  const { mutants } = mutantOptions(args);
  const report = (line: string): void => console.error(line);
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'hutong-mutants-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  await workingCopy(root, folder);
  const { brokers, adminUrl } = opened.use(await startBackEnd(report));
  const env = {
    HUTONG_TEST_KAFKA_BROKERS: brokers.join(','),
    HUTONG_TEST_DATABASE_URL: adminUrl,
  };
  const fates = await hunt(mutants, { folder, report, env });
  console.log(fates.map(told).join('\n'));
  const survived = fates.filter(({ by }) => by.length === 0).length;
  console.log(`\n${fates.length - survived} caught, ${survived} survived`);
  return survived === 0 ? 0 : 1;
}

function told({ mutant, by, tookMs }: Fate): string {
  const more = by.length > NAMED ? [`and ${by.length - NAMED} more`] : [];
  const noticed = by.length === 0 ? ['NOBODY NOTICED'] : [...by.slice(0, NAMED), ...more];
  const head = `\n${mutant.name}: ${mutant.loses} (${(tookMs / 1_000).toFixed(0)} s)`;
  return [head, ...noticed.map((name) => `  ${name}`)].join('\n');
}

process.exitCode = await main(process.argv.slice(2));
