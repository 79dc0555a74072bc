import { join } from 'node:path';
import { readOptions, UsageError } from '../command-line.js';
import { documents, stale, write } from './documents.js';

const USAGE = `npm run docs [-- options]

Writes the documents that are made from code.

  --check  writes nothing; exit code 1 with the names of those that are not up to date
  --help   this text`;

const root = join(import.meta.dirname, '../../..');

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions('docs', args, {
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const all = await documents(root);
  const old = await stale(all, root);
  if (options.check) return answer(old);
  await write(all, root);
  console.log(old.length === 0 ? 'everything was up to date' : `wrote ${old.join(', ')}`);
  return 0;
}

function answer(old: readonly string[]): number {
  if (old.length === 0) return 0;
  console.error(`not up to date: ${old.join(', ')}. Run npm run docs, and commit what it writes.`);
  return 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (fault) {
  if (!(fault instanceof UsageError)) throw fault;
  console.error(fault.message);
  process.exitCode = 2;
}
