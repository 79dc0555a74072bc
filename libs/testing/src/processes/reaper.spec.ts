import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { eventually } from '../eventually.js';
import { Reaper } from './reaper.js';

/** Ended like everything else whose command line names the folder, as an impatient person would. */
const shellOf = (folder: string): number[] =>
  spawnSync('pgrep', ['-f', folder], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number);

it('removes its folder, and does not wait for a shell that somebody killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-reaper-spec-'));
  const [kept, killed] = [Reaper.start(folder, 'TERM'), Reaper.start(`${folder}-other`, 'TERM')];
  const [pid = 0] = shellOf(`${folder}-other`);
  process.kill(pid, 'SIGKILL');
  await eventually(() => shellOf(`${folder}-other`).length === 0, { what: 'the shell to be gone' });

  await killed.finish();
  await killed.finish(); // the second time its end is known
  expect(existsSync(folder)).toBe(true);
  await kept.finish();
  expect(existsSync(folder)).toBe(false);
  await rm(folder, { recursive: true, force: true });
});
