import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Learns which processes live, one line each, from a pipe that only its parent holds. At end of file,
 * so also when the parent was killed, it asks them to end, kills what is left after 0.3 s with its
 * children (a frozen process hears nothing else) and removes the folder.
 */
const SCRIPT = `
live=' '
while read -r word pid; do
  case $word in
    born) live="$live$pid " ;;
    gone) live=$(printf %s "$live" | sed "s/ $pid / /") ;;
  esac
done
for pid in $live; do kill "-$2" "$pid" 2>/dev/null; done
tries=0
while [ $tries -lt 6 ]; do
  left=
  for pid in $live; do kill -0 "$pid" 2>/dev/null && left=1; done
  [ -z "$left" ] && break
  sleep 0.05
  tries=$((tries + 1))
done
for pid in $live; do pkill -KILL -P "$pid" 2>/dev/null; kill -KILL "$pid" 2>/dev/null; done
rm -rf -- "$1" 2>/dev/null || { sleep 0.2; rm -rf -- "$1"; }
`;

/** Ends the processes that it was told of, and their folder, however this process ends: also by kill -9. */
export class Reaper {
  private readonly shell: ChildProcess;

  private constructor(shell: ChildProcess) {
    this.shell = shell;
  }

  /**
   * @param folder removed at the end.
   * @param signal without `SIG`: what asks these processes to end at once, `TERM` or `QUIT`.
   */
  static start(folder: string, signal: 'TERM' | 'QUIT'): Reaper {
    const shell = spawn('sh', ['-c', SCRIPT, 'hutong-reaper', folder, signal], {
      detached: true, // Ctrl-C in the terminal reaches its parent, not it
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.unref();
    // If somebody ended the shell, its pipe is broken; the next start sweeps what is left.
    shell.stdin?.on('error', () => undefined);
    return new Reaper(shell);
  }

  watch(pid: number): void {
    this.shell.stdin?.write(`born ${pid}\n`);
  }

  forget(pid: number): void {
    this.shell.stdin?.write(`gone ${pid}\n`);
  }

  /** Ends everything; resolves when processes and folder are gone. */
  async finish(): Promise<void> {
    if (this.shell.exitCode !== null || this.shell.signalCode !== null) return;
    const ended = once(this.shell, 'exit');
    this.shell.ref();
    this.shell.stdin?.end();
    await ended;
  }
}
