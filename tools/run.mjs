// Builds what is stale and runs one of the tools: node tools/run.mjs <command> [arguments].
// Plain JavaScript on purpose: it runs on a clean checkout, before anything is built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildArguments } from './build.mjs';
import { fromSource } from './from-source.mjs';
import { generate } from './generate.mjs';
import { launchers } from './launchers.mjs';
import { runsNode24 } from './test/checks.mjs';

const root = join(import.meta.dirname, '..');
/**
 * What is compiled, with everything that it starts; of each command the file that reads its options from
 * its source, to answer at once what needs no build. The doctor is not among them: it needs none at all.
 */
const atOnce = {
  demo: 'tools/src/demo/at-once.ts',
  bench: 'tools/src/bench/options.ts',
  faults: 'tools/src/faults/options.ts',
  mutants: 'tools/src/mutants/options.ts',
  docs: 'tools/src/docs/options.ts',
  k8s: 'tools/src/k8s/options.ts',
};

const commands = Object.keys(atOnce);

const [command = '', ...args] = process.argv.slice(2);
if (!commands.includes(command)) {
  console.error(`usage: node tools/run.mjs ${commands.join('|')} [arguments]`);
  process.exit(2);
}
if (!(await runsNode24())) process.exit(1);
const answer = (await fromSource(atOnce[command])).answerAtOnce(args);
if (answer !== undefined) {
  (answer.exitCode === 0 ? process.stdout : process.stderr).write(`${answer.text}\n`);
  process.exit(answer.exitCode);
}
// Now: they may be gone when the build is done.
process.env.HUTONG_LAUNCHERS = launchers(process.env).join(' ');

const entry = join(root, 'tools/dist', command, 'main.js');
const started = performance.now();
const cold = !existsSync(entry);
if (cold) console.error('building (the first time takes half a minute) …');
if (!(await generate())) process.exit(1);
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const output = ['ignore', 2, 2];
const built = spawnSync(process.execPath, [tsc, ...buildArguments()], { cwd: root, stdio: output });
if (built.status !== 0) process.exit(1);
if (cold) console.error(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);

process.argv.splice(1, 2, entry);
await import(entry);
