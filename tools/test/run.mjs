// Plain JavaScript on purpose: it has to run, and count, when nothing compiles.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** What every command of ours runs with: no Nx daemon or cloud, Node 24 first in the path. */
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  FORCE_COLOR: '0',
};

/** From asking a group of processes to end to killing it. */
const OBEY_WITHIN_MS = 5_000;

/** Groups of this process that run now: they end with it. */
const groups = new Set();
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);

function stop() {
  stopping = true;
  for (const group of groups) end(group);
  setTimeout(() => process.exit(1), OBEY_WITHIN_MS + 1_000);
  setInterval(() => groups.size === 0 && process.exit(1), 50);
}

/**
 * Runs a command to its end, its output passed through. One that takes too long is ended with every
 * process that it started, after saying which those were.
 * @param hear gets what the command sends over Node's channel, and `cut`, which ends it early.
 * @returns its exit code: 124 if it took too long, 127 if it could not be started.
 */
export function run(command, args, { cwd = root, env = {}, withinMs = 600_000, hear } = {}) {
  return new Promise((resolve) => {
    if (stopping) return;
    const child = spawn(join(root, 'node_modules/.bin', command), args, {
      cwd,
      detached: true, // a group of its own, so that all of it can be ended
      stdio: ['ignore', 'inherit', 'inherit', ...(hear ? ['ipc'] : [])],
      env: { ...environment, ...env },
    });
    let tooLong = false;
    const cut = (why) => {
      if (tooLong) return;
      tooLong = true;
      console.error(`\n!! ${command}: ${why}. Still running:\n${membersOf(child.pid)}`);
      end(child.pid);
    };
    const limit = setTimeout(() => cut(`took longer than ${seconds(withinMs)} s`), withinMs);
    const done = (code) => {
      clearTimeout(limit);
      groups.delete(child.pid);
      resolve(code);
    };
    if (hear) child.on('message', (message) => hear(message, cut));
    child.once('error', (cause) => {
      console.error(`${command}: ${cause.message}`);
      done(127);
    });
    child.once('spawn', () => groups.add(child.pid));
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) kill(child.pid, 'SIGKILL'); // whom it left behind
      done(tooLong ? 124 : signal === null ? code : 128);
    });
  });
}

function end(group) {
  kill(group, 'SIGTERM');
  setTimeout(() => groups.has(group) && kill(group, 'SIGKILL'), OBEY_WITHIN_MS).unref();
}

function kill(group, signal) {
  try {
    process.kill(-group, signal);
  } catch (cause) {
    if (cause.code !== 'ESRCH') throw cause; // it has ended
  }
}

/** One process of the group a line: pid, how long it has been running, command. */
function membersOf(group) {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pgid=,pid=,etime=,args='], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.trim().startsWith(`${group} `))
    .map(
      (line) =>
        `   ${line
          .trim()
          .replace(/^\d+\s+/, '')
          .slice(0, 160)}`,
    )
    .join('\n');
}

const seconds = (ms) => Math.round(ms / 1000);
