import { execFileSync } from 'node:child_process';

/**
 * Whoever launched this process and should not be outlived: npm, and a shell that it may have put in
 * between, which kill -9 of npm leaves alive. Nobody, if this runs without npm: a terminal that closes
 * sends a signal.
 */
export function launchers(env) {
  if (env.npm_lifecycle_event === undefined) return [];
  return [process.ppid, ...shellParent(process.ppid)];
}

/** The parent of a process that is a shell. */
function shellParent(pid) {
  const said = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', `${pid}`], { encoding: 'utf8' });
  const [, parent, command = ''] = /^\s*(\d+)\s+(\S+)/.exec(said) ?? [];
  return /(^|\/)(da|ba|z|k)?sh$/.test(command) ? [Number(parent)] : [];
}
