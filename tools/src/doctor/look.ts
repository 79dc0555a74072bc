import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Facts, PortUse } from './diagnosis.js';

type Machine = Pick<Facts, 'node' | 'cores' | 'memory' | 'disk'>;

export async function lookAtMachine(): Promise<Machine> {
  const folder = tmpdir();
  const { bavail, bsize } = await statfs(folder);
  return {
    node: process.versions.node,
    cores: availableParallelism(),
    // Of a container: what is left of its limit.
    memory: { total: totalmem(), available: process.availableMemory() },
    disk: { folder, free: bavail * bsize },
  };
}

/** Of a port of ours that is not free: who has it. */
export async function lookAtTakenPort(port: number, of: string): Promise<PortUse> {
  return { port, of, takenBy: (await holderOf(port)) ?? 'somebody who cannot be seen from here' };
}

/** Who listens there, as far as one of the usual tools tells: `node (pid 4711)`. */
async function holderOf(port: number): Promise<string | undefined> {
  const lsof = await output('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const [, pid, command] = /^p(\d+)\nc(.+)$/m.exec(lsof) ?? [];
  if (pid !== undefined) return `${command} (pid ${pid})`;
  const ss = await output('ss', ['-Hltnp', `sport = :${port}`]);
  const [, name, id] = /users:\(\("([^"]+)",pid=(\d+)/.exec(ss) ?? [];
  return id === undefined ? undefined : `${name} (pid ${id})`;
}

/** Empty if there is no such tool, or it finds nothing. */
async function output(command: string, args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { timeout: 5_000 })).stdout;
  } catch {
    return '';
  }
}
