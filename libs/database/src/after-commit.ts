import type { Logger } from '@hutong/telemetry';

/** What waits for one transaction's commit. */
export class AfterCommit {
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly logger: Logger) {}

  add(run: () => void): void {
    this.waiting.push(run);
  }

  /** A fault in one is told and goes no further: what is committed must not look as if it were not. */
  run(): void {
    for (const run of this.waiting) {
      try {
        run();
      } catch (cause) {
        this.logger.error('failed after the commit', { component: 'database' }, cause);
      }
    }
  }
}
