/** One line a step on standard error, with the seconds since the start: long work is never silent. */
export class Progress {
  private readonly started = performance.now();

  /** @param write takes one whole line, without its end. */
  constructor(private readonly write: (line: string) => void) {}

  readonly note = (line: string): void => {
    this.write(`${this.seconds().toFixed(1).padStart(6)} s  ${line}`);
  };

  /** Seconds since the start. */
  seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /** Runs one named step. @throws StepFailed naming it, with what happened as its cause. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      const value = await work();
      this.note(name);
      return value;
    } catch (cause) {
      throw new StepFailed(name, { cause });
    }
  }
}

/** Which step of a command did not work; the exit code follows from it being thrown. */
export class StepFailed extends Error {
  constructor(
    readonly step: string,
    options: ErrorOptions,
  ) {
    const { cause } = options;
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, options);
  }
}
