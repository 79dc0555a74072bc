import type { Clock } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import type { Pool } from 'pg';
import { purgeInbox } from './inbox.js';
import { wait } from './wait.js';

const EVERY_MS = 3_600_000;

/** Forgets, once an hour, events that can not come again. Several instances do not harm each other. */
export class InboxPurge {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly o: Readonly<{ pool: Pool; clock: Clock; logger: Logger }>) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.once();
      await wait(EVERY_MS, signal);
    }
  }

  private async once(): Promise<void> {
    const { pool, clock, logger } = this.o;
    try {
      const count = await purgeInbox(pool, clock);
      if (count > 0) logger.info('old inbox rows were purged', { count });
    } catch (fault) {
      logger.error('the inbox could not be purged', {}, fault);
    }
  }
}
