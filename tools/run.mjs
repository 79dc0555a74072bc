// Builds what is stale and runs one of the tools: node tools/run.mjs <command> [arguments].
// Plain JavaScript on purpose: it runs on a clean checkout, before anything is built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from './generate.mjs';
import { runsNode24 } from './test/checks.mjs';

const root = join(import.meta.dirname, '..');
const commands = {
  demo: 'demo/main.js',
  doctor: 'doctor/main.js',
  bench: 'bench/main.js',
  docs: 'docs/main.js',
  up: 'up/main.js',
};

const [command = '', ...args] = process.argv.slice(2);
const entry = commands[command];
if (entry === undefined) {
  console.error(`usage: node tools/run.mjs ${Object.keys(commands).join('|')} [arguments]`);
  process.exit(2);
}
if (!(await runsNode24())) process.exit(1);

const started = performance.now();
const cold = !existsSync(join(root, 'tools/dist', entry));
if (cold) console.error('building (the first time takes half a minute) …');
if (!(await generate())) process.exit(1);
const built = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '--build', 'tsconfig.build.json'],
  { cwd: root, stdio: ['ignore', 2, 2] },
);
if (built.status !== 0) process.exit(1);
if (cold) console.error(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);

process.argv.splice(1, 2, join(root, 'tools/dist', entry));
await import(join(root, 'tools/dist', entry));
