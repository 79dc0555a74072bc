/** What was asked for makes no sense; its message is for the person who asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Does what a process was started for. One that cannot says why in a line and ends: with 2 if it was asked
 * for what makes no sense, else with 1. What our own code says of configuration, accounts and usage names
 * variables and fields, never values, and no stack is shown.
 */
export async function runCommands(service: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : `${service} cannot start`;
    process.stderr.write(`${why}\n`);
    process.exit(cause instanceof UsageError ? 2 : 1);
  }
}
