const LOOK_EVERY_MS = 500;

/**
 * Calls `gone` once one of those who launched this process is there no more.
 * @param launchers pids, the parent first; as `tools/run.mjs` found them before it built anything.
 */
export function watchLaunchers(launchers: readonly number[], gone: () => void): void {
  const look = () => {
    if (launchers.every(lives)) return;
    clearInterval(timer);
    gone();
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  look();
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
