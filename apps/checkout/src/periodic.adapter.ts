import type { Logger } from '@hutong/telemetry';

/** Work that is looked for again and again while the service runs; never twice at once. */
export type Chore = Readonly<{
  /** In the logs. */
  name: string;
  everyMs: number;
  /** Must leave unfinished work for the next time rather than go on for long. */
  run: () => Promise<unknown>;
  /** `run` says how much it did, and is called again at once until that is nothing. */
  untilDone?: true;
}>;

/** Does one chore every so often. A failure is logged and the chore is done again at its next time. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly chore: Chore,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.once().finally(() => {
        this.running = undefined;
      });
    }, this.chore.everyMs);
  }

  /** Waits for what is in hand. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  private async once(): Promise<void> {
    const { name, run, untilDone = false } = this.chore;
    try {
      for (;;) {
        const did = await run();
        if (this.stopping || !untilDone || did === 0) return;
      }
    } catch (cause) {
      this.logger.error('chore failed', { step: name }, cause);
    }
  }
}
