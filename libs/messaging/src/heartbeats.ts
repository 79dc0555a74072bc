/**
 * Runs work with heartbeats beside it, so that a long transaction or a back-off does not cost the
 * membership. A heartbeat that fails (a rebalance, a lost broker) aborts `leave`: work that can
 * stop in between does, and the failure is kept for the caller to throw once results are safe.
 */
export class Heartbeats {
  private readonly controller = new AbortController();
  private failure: Readonly<{ cause: unknown }> | undefined;
  private readonly timer: NodeJS.Timeout;
  private beating = false;

  constructor(
    private readonly beat: () => Promise<void>,
    o: Readonly<{ everyMs: number; stopping: AbortSignal }>,
  ) {
    this.leave = AbortSignal.any([this.controller.signal, o.stopping]);
    this.timer = setInterval(() => void this.once(), o.everyMs);
  }

  readonly leave: AbortSignal;

  /** kafkajs' own failure, if a heartbeat failed: it belongs back to kafkajs, which then rejoins. */
  get failed(): Readonly<{ cause: unknown }> | undefined {
    return this.failure;
  }

  async once(): Promise<void> {
    if (this.beating || this.failure !== undefined) return;
    this.beating = true;
    try {
      await this.beat();
    } catch (cause) {
      this.failure = { cause };
      this.controller.abort();
    } finally {
      this.beating = false;
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
