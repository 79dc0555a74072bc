import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

const source = (name: string) => new URL(name, import.meta.url).href;
const hooks = source('../../testing/jest/typescript.mjs');

/** How a process ended that does this through `runCommands`, and what it said. */
function ended(run: string) {
  const program = `
    import { runCommands, UsageError } from '${source('./run-commands.ts')}';
    await runCommands('ledger', async () => { ${run}; });`;
  const args = ['--import', hooks, '--input-type=module', '--eval', program];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const ran = spawnSync(process.execPath, args, { env, encoding: 'utf8', timeout: 20_000 });
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

type Row = { what: string; run: string; status: number; stdout: string; stderr: string };
it.each<Row>`
  what                              | run                                     | status | stdout      | stderr
  ${'does what it was asked for'}   | ${"console.log('done')"}                | ${0}   | ${'done\n'} | ${''}
  ${'was asked for what it cannot'} | ${"throw new UsageError('usage: x')"}   | ${2}   | ${''}       | ${'usage: x\n'}
  ${'cannot do it'}                 | ${"throw new Error('PORT is missing')"} | ${1}   | ${''}       | ${'PORT is missing\n'}
  ${'was thrown no error'}          | ${'throw 7'}                            | ${1}   | ${''}       | ${'ledger cannot start\n'}
`('a process that $what ends with $status and one line', ({ run, ...expected }) => {
  expect(ended(run)).toMatchObject({
    status: expected.status,
    stdout: expected.stdout,
    stderr: expected.stderr,
  });
});
