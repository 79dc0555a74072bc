import { join } from 'node:path';
import { documents, stale, write } from './documents.js';
import { docsOptions } from './options.js';

const root = join(import.meta.dirname, '../../..');

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { check } = docsOptions(args);
  const all = await documents(root);
  const old = await stale(all, root);
  if (check) return answer(old);
  await write(all, root);
  console.log(old.length === 0 ? 'everything was up to date' : `wrote ${old.join(', ')}`);
  return 0;
}

function answer(old: readonly string[]): number {
  if (old.length === 0) return 0;
  console.error(`not up to date: ${old.join(', ')}. Run npm run docs, and commit what it writes.`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
