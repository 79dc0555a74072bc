import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerControls } from '../back-end/servers.js';
import { notePid } from './leftovers.js';
import { Reaper } from './reaper.js';

export type ServerSpec = Readonly<{
  name: string;
  /** Holds everything the server writes; removed at the end. */
  folder: string;
  command: string;
  args: readonly string[];
  /** User to run as, where this process may choose. */
  user?: Readonly<{ uid: number; gid: number }> | undefined;
  /** Ends it in good order at once, clients or not. */
  stopSignal: 'SIGTERM' | 'SIGINT';
  /** Ends it faster, without regard to its data. */
  reapSignal: 'TERM' | 'QUIT';
  /** Whether it answers. */
  answers: () => Promise<boolean>;
}>;

/** The server ended while its first answer was waited for. */
export class ServerEnded extends Error {}

const READY_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 40;
const LOG_TAIL_LINES = 20;

/** A server as a process of its own that never outlives this one. */
export class ServerProcess implements ServerControls {
  private readonly spec: ServerSpec;
  private readonly reaper: Reaper;
  private child: ChildProcess | undefined;

  private constructor(spec: ServerSpec) {
    this.spec = spec;
    this.reaper = Reaper.start(spec.folder, spec.reapSignal);
  }

  /** @throws ServerEnded with the end of its log, or Error if it does not answer in time. */
  static async start(spec: ServerSpec): Promise<ServerProcess> {
    const server = new ServerProcess(spec);
    try {
      await server.launch();
      return server;
    } catch (cause) {
      await server.reaper.finish();
      throw cause;
    }
  }

  async pause(): Promise<void> {
    signalAll(this.child, 'SIGSTOP');
  }

  async resume(): Promise<void> {
    signalAll(this.child, 'SIGCONT');
  }

  async kill(): Promise<void> {
    const children = signalAll(this.child, 'SIGSTOP'); // while it stands, they are known to be its own
    signal(children, 'SIGKILL');
    await this.end('SIGKILL');
    while (children.some(runs)) await pause(LOOK_EVERY_MS); // they hold its memory until then
  }

  stop(): Promise<void> {
    return this.end(this.spec.stopSignal);
  }

  async restart(): Promise<void> {
    if (this.child !== undefined) throw new Error(`${this.spec.name} still runs: stop it first`);
    await this.launch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reaper.finish();
  }

  private async launch(): Promise<void> {
    const { command, args, user, folder, name } = this.spec;
    const log = openSync(this.logFile, 'a');
    const child = spawn(command, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
      ...user,
    });
    closeSync(log);
    child.unref();
    const failed = once(child, 'error').then(([cause]: unknown[]) => {
      throw new Error(`${name} could not be started`, { cause });
    });
    if (child.pid === undefined) return failed;
    failed.catch(() => undefined); // of a running process: a signal that did not arrive
    this.reaper.watch(child.pid);
    this.child = child;
    await notePid(folder, child.pid);
    await this.ready(child);
  }

  private async ready(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await this.spec.answers())) {
      if (hasEnded(child)) {
        throw new ServerEnded(`${this.spec.name} ended at its start:\n${await this.logTail()}`);
      }
      if (performance.now() > deadline) {
        throw new Error(`${this.spec.name} does not answer:\n${await this.logTail()}`);
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    if (!hasEnded(child)) {
      const ended = once(child, 'exit');
      child.ref();
      child.kill(signal);
      await ended;
    }
    if (child.pid !== undefined) this.reaper.forget(child.pid);
  }

  private get logFile(): string {
    return join(this.spec.folder, 'server.log');
  }

  private async logTail(): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }
}

/**
 * The server first: frozen, it has no more children. PostgreSQL has one for each connection.
 * @returns the children.
 */
function signalAll(server: ChildProcess | undefined, name: 'SIGSTOP' | 'SIGCONT'): number[] {
  if (server?.pid === undefined || hasEnded(server)) return [];
  server.kill(name);
  const children = linesOf('pgrep', '-P', `${server.pid}`).map(Number);
  signal(children, name);
  return children;
}

/** Some may have ended by themselves meanwhile: that is no fault. */
function signal(pids: readonly number[], name: NodeJS.Signals): void {
  if (pids.length > 0) spawnSync('kill', ['-s', name.slice(3), ...pids.map(String)]);
}

/** A process that is dead and not yet buried by its parent does not run. */
const runs = (pid: number): boolean =>
  linesOf('ps', '-o', 'stat=', '-p', `${pid}`).some((state) => !state.startsWith('Z'));

const linesOf = (command: string, ...args: string[]): string[] =>
  spawnSync(command, args, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;
