import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'hutong-own-';
/** Who started what is in the folder, and below it the servers' own pids: one per line. */
const OWNERS = 'pids';

/** A new folder for one server of this process, in the place where `sweepLeftovers` looks. */
export async function ownFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${name}-`));
  await writeFile(join(folder, OWNERS), `${process.pid}\n`);
  return folder;
}

/** Notes a server's pid, so that a later run can end it if even the reaper is gone. */
export async function notePid(folder: string, pid: number): Promise<void> {
  await writeFile(join(folder, OWNERS), `${pid}\n`, { flag: 'a' });
}

/**
 * Ends and removes what runs left behind whose reaper was killed as well. A server is recognised by
 * its folder in its command line: a pid alone may long be somebody else's.
 */
export async function sweepLeftovers(): Promise<void> {
  const names = await readdir(tmpdir());
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map(sweep));
}

async function sweep(name: string): Promise<void> {
  const folder = join(tmpdir(), name);
  const text = await readFile(join(folder, OWNERS), 'utf8').catch(() => undefined);
  // No list yet: somebody is making this folder right now.
  if (text === undefined) return;
  const [owner = 0, ...servers] = text.split('\n').filter(Boolean).map(Number);
  if (isAlive(owner)) return;
  for (const pid of servers) if (commandOf(pid).includes(folder)) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Empty if there is no such process. */
function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-ww', '-p', `${pid}`], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
