import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { answerAtOnce } from './at-once.js';
import { USAGE } from './options.js';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'hutong-at-once-spec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('has nothing to say about options with which the demo can be run', () => {
  const fresh = join(folder, 'fresh.json');
  const old = join(folder, 'old.json');
  writeFileSync(old, 'kept');

  expect(answerAtOnce(['--once', '--json', fresh])).toBeUndefined();
  expect(answerAtOnce(['--json', old])).toBeUndefined();

  expect(existsSync(fresh)).toBe(false);
  expect(readFileSync(old, 'utf8')).toBe('kept');
});

it.each([
  ['in a folder that is not there', join(folder, 'nowhere/a.json')],
  ['that is a folder', folder],
])('refuses a file to write %s, naming it', (_, json) => {
  const answer = answerAtOnce(['--json', json]);

  expect(answer).toEqual({ exitCode: 2, text: expect.stringContaining(json) });
  expect(answer?.text).toMatch(/^--json cannot be written: E[A-Z]+: /);
});

/** Without a folder to compile to or servers to start: what is answered comes before that. */
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['tools/run.mjs', 'demo', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    timeout: 10_000,
  });

it('refuses an unknown option before anything is built', () => {
  const { status, stdout, stderr } = run('--onec');

  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toBe("Unknown option '--onec'. npm run demo -- --help says what there is.\n");
});

it('helps before anything is built', () => {
  const { status, stdout, stderr } = run('--help');

  expect([status, stdout, stderr]).toEqual([0, `${USAGE}\n`, '']);
});
