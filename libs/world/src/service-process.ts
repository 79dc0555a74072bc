import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reaper } from './reaper.js';

/** How to start one process of the ring. */
export type ServiceSpec = Readonly<{
  /** Name of the process, also of its log: `checkout`, `checkout-2`. */
  name: string;
  /** The compiled entry of the app. */
  main: string;
  env: Readonly<Record<string, string>>;
  /** Answers 200 once the service may be used. */
  readyUrl: URL;
  /** What Node itself is told, as `--cpu-prof`. */
  nodeArgs?: readonly string[];
}>;

/** A process that ended without having been asked to. */
export type UnexpectedEnd = Readonly<{
  name: string;
  /** `signal SIGKILL`, `exit code 1`. */
  how: string;
  /** The last lines of its log. */
  tail: string;
}>;

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const STOP_WITHIN_MS = 20_000;
const COMMAND_WITHIN_MS = 60_000;
/** Of a process that was ready: the log of one that did not even start says more. */
const LAST_LINES = 8;

/** One service as its own operating-system process, in its own group, with its output in a file. */
export class ServiceProcess {
  private asked = false;

  private constructor(
    readonly spec: ServiceSpec,
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {}

  static start(spec: ServiceSpec, folder: string, reaper: Reaper): ServiceProcess {
    const logFile = join(folder, `${spec.name}.log`);
    const child = spawnLogged(spec, logFile);
    watchBy(reaper, child);
    return new ServiceProcess(spec, child, logFile);
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get exited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Everything that the process has written so far; nothing once its folder is removed. */
  log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }

  /** Resolves once `readyUrl` answers 200. @throws Error with the end of its log if it exits or takes too long. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answersOk(this.spec.readyUrl))) {
      if (this.exited) throw new Error(`${this.name} exited while starting:\n${this.tail()}`);
      if (Date.now() > deadline) {
        throw new Error(`${this.name} was not ready in ${READY_WITHIN_MS} ms:\n${this.tail()}`);
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Tells, at once or later, if it ends though nobody called `stop` or `kill`. */
  onUnexpectedEnd(tell: (end: UnexpectedEnd) => void): void {
    const ended = () => {
      if (this.asked) return;
      const { exitCode, signalCode } = this.child;
      const how = signalCode === null ? `exit code ${exitCode}` : `signal ${signalCode}`;
      tell({ name: this.name, how, tail: this.tail(LAST_LINES) });
    };
    if (this.exited) ended();
    else this.child.once('exit', ended);
  }

  /** SIGTERM, and SIGKILL if that is not obeyed. Answers the exit code, null after a kill. */
  async stop(): Promise<number | null> {
    this.asked = true;
    if (this.exited) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.signal('SIGTERM');
    const impatient = setTimeout(() => this.signal('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(impatient);
    return this.child.exitCode;
  }

  /** SIGKILL, no chance to finish anything. */
  async kill(): Promise<void> {
    this.asked = true;
    if (this.exited) return;
    const ended = once(this.child, 'exit');
    this.signal('SIGKILL');
    await ended;
  }

  /** Sends a signal to the process: SIGSTOP and SIGCONT freeze it and let it go on. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private tail(lines = 20): string {
    return this.log().trimEnd().split('\n').slice(-lines).join('\n');
  }
}

/**
 * Runs a command of a service to its end (`migrate`, `keys issue …`).
 * @returns what it printed. @throws Error with its output if it does not exit with 0 within a minute.
 */
export async function runCommand(
  main: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  reaper: Reaper,
): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], {
    env: childEnvironment(env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  watchBy(reaper, child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  await once(child, 'close');
  if (child.exitCode !== 0) {
    const how = child.exitCode ?? child.signalCode;
    throw new Error(`${main} ${args.join(' ')} ended with ${how}:\n${out}${err}`);
  }
  return out;
}

/** @throws Error if it could not even be started. */
function watchBy(reaper: Reaper, child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) throw new Error(`${child.spawnfile} could not be started`);
  reaper.watch(pid);
  child.once('exit', () => reaper.forget(pid));
}

function spawnLogged({ main, env, nodeArgs = [] }: ServiceSpec, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, ['--enable-source-maps', ...nodeArgs, main], {
      env: childEnvironment(env),
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** Only what the service is told: a variable of the launcher's shell must not change what is tested. */
const childEnvironment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...env,
});

async function answersOk(url: URL): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
