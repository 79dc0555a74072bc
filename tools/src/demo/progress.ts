/** A step that was done. Seconds since the start. */
export type Step = Readonly<{ name: string; doneAtSeconds: number }>;

/** Does one named step. @throws StepFailed naming it */
export type Doing = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** One line a step, with the seconds since the start: long work is never silent. */
export class Progress {
  private readonly done: Step[] = [];
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

  get steps(): readonly Step[] {
    return this.done;
  }

  /** Runs one named step. @throws StepFailed naming it, with what happened as its cause. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const value = await this.silent(name, work);
    this.note(name);
    this.done.push({ name, doneAtSeconds: Math.round(this.seconds() * 1000) / 1000 });
    return value;
  }

  /** The same for a step that says itself how it came out. @throws StepFailed */
  async silent<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
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
