/** A process that can be frozen and go on. */
export type Freezable = Readonly<{ signal: (signal: NodeJS.Signals) => void }>;

const PERIOD_MS = 100;

/**
 * Lets processes run for a share of every tenth of a second, as a container's CPU limit does to one that is
 * always busy. On a machine of two cores one process could otherwise have all that broker and database leave.
 */
export class Quota implements Disposable {
  private held: readonly Freezable[] = [];
  private readonly periods: NodeJS.Timeout;
  private pausing: NodeJS.Timeout | undefined;

  /** @param share of one core, above 0 and below 1. */
  constructor(share: number) {
    this.periods = setInterval(() => {
      this.tell('SIGCONT');
      this.pausing = setTimeout(() => this.tell('SIGSTOP'), share * PERIOD_MS);
    }, PERIOD_MS);
  }

  /** These from now on, and no others: those that start or stop do so at their own speed. */
  hold(processes: readonly Freezable[]): void {
    this.tell('SIGCONT');
    this.held = processes;
  }

  [Symbol.dispose](): void {
    clearInterval(this.periods);
    clearTimeout(this.pausing);
    this.hold([]);
  }

  private tell(signal: NodeJS.Signals): void {
    for (const process of this.held) process.signal(signal);
  }
}
