import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads which process groups live, one line each, from a pipe that only its parent holds. At end of
 * file, so also when the parent was killed, it ends them, kills what is left after two seconds, and
 * removes the folder: who wants them to end in good order ends them first.
 */
const SCRIPT = `
live=' '
while read -r word pid; do
  case $word in
    born) live="$live$pid " ;;
    gone) live=$(printf %s "$live" | sed "s/ $pid / /") ;;
  esac
done
for pid in $live; do kill -s TERM -- "-$pid" 2>/dev/null; done
tries=0
while [ $tries -lt 20 ]; do
  left=
  for pid in $live; do kill -s 0 -- "-$pid" 2>/dev/null && left=1; done
  [ -z "$left" ] && break
  sleep 0.1
  tries=$((tries + 1))
done
for pid in $live; do kill -s KILL -- "-$pid" 2>/dev/null; done
rm -rf -- "$1"
`;

/** Leaves no process and no folder behind, however this process ends: returning, Ctrl-C or kill -9. */
export class Reaper implements AsyncDisposable {
  // No parameter property: Node runs this file as it is, with its types stripped (reaper.spec.ts).
  private readonly shell: ChildProcess;
  private finished: Promise<void> | undefined;

  private constructor(shell: ChildProcess) {
    this.shell = shell;
  }

  /** @param folder removed at the end; everything the watched processes write belongs there. */
  static start(folder: string): Reaper {
    const shell = spawn('sh', ['-c', SCRIPT, 'hutong-reaper', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.unref();
    // If the shell is gone its pipe breaks; the processes are then ended by whoever started them.
    shell.stdin?.on('error', () => undefined);
    return new Reaper(shell);
  }

  /**
   * @param pid of a process that leads its own group (`detached: true`).
   * @throws Error if everything is being ended already, so this process is too.
   */
  watch(pid: number): void {
    if (this.finished !== undefined) {
      process.kill(-pid, 'SIGKILL');
      throw new Error('everything is being ended');
    }
    this.shell.stdin?.write(`born ${pid}\n`);
  }

  forget(pid: number): void {
    if (this.finished === undefined) this.shell.stdin?.write(`gone ${pid}\n`);
  }

  /** Ends what is still watched and removes the folder; resolves when both are done. */
  [Symbol.asyncDispose](): Promise<void> {
    this.finished ??= this.finish();
    return this.finished;
  }

  private async finish(): Promise<void> {
    if (this.shell.exitCode !== null || this.shell.signalCode !== null) return;
    const ended = once(this.shell, 'exit');
    this.shell.ref();
    this.shell.stdin?.end();
    await ended;
  }
}
