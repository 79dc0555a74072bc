import { execFileSync } from 'node:child_process';

const LOOK_EVERY_MS = 500;

/**
 * Calls `gone` once if whoever launched this command dies: npm, also with a shell in between, which kill
 * -9 of npm leaves alive. Without npm there is nobody to watch: a terminal that closes sends a signal.
 */
export function watchLauncher(env: NodeJS.ProcessEnv, gone: () => void): void {
  if (env['npm_lifecycle_event'] === undefined) return;
  const launchers = [process.ppid, ...shellParent(process.ppid)];
  const timer = setInterval(() => {
    if (launchers.every(lives)) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** The parent of a process that is a shell. */
function shellParent(pid: number): number[] {
  const [, parent, command = ''] =
    /^\s*(\d+)\s+(\S+)/.exec(
      execFileSync('ps', ['-o', 'ppid=,comm=', '-p', `${pid}`], { encoding: 'utf8' }),
    ) ?? [];
  return /(^|\/)(da|ba|z|k)?sh$/.test(command) ? [Number(parent)] : [];
}

/** One that has ended and is not buried yet lives on for `kill`: our parent then is another. */
function lives(pid: number, index: number): boolean {
  if (index === 0 && process.ppid !== pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
