import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';

const reaper = pathToFileURL(join(import.meta.dirname, 'reaper.ts')).href;

/** A launcher as a process of its own: it starts one watched process and a folder, and says which. */
async function launch(child: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-reaper-spec-'));
  const program = `
    import { spawn } from 'node:child_process';
    import { Reaper } from '${reaper}';
    const reaper = Reaper.start(process.argv[1]);
    const child = spawn('sh', ['-c', process.argv[2]], { detached: true, stdio: 'ignore' });
    reaper.watch(child.pid);
    console.log(child.pid);
    process.stdin.once('data', () => reaper[Symbol.asyncDispose]().then(() => process.exit(0)));`;
  const args = ['--input-type=module', '--eval', program, folder, child];
  const launcher = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
  return { launcher, folder, pid: Number(line.toString()) };
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the reaper', () => {
  it('ends the processes and removes the folder of a launcher that was killed', async () => {
    const { launcher, folder, pid } = await launch('sleep 600');
    expect(lives(pid)).toBe(true);

    launcher.kill('SIGKILL');

    await eventually(async () => !lives(pid), { what: 'the watched process to be gone' });
    await eventually(async () => !existsSync(folder), { what: 'the folder to be gone' });
  });

  it('kills a process that does not obey', async () => {
    const { launcher, folder, pid } = await launch('trap "" TERM; while :; do sleep 600; done');
    const ended = once(launcher, 'exit');

    launcher.stdin.write('stop\n');

    await ended;
    expect(existsSync(folder)).toBe(false);
    // Killed it is by now; whoever inherited it has yet to take note of its end.
    await eventually(async () => !lives(pid), { what: 'the watched process to be gone' });
  });
});
