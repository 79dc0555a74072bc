import type { Clock } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import type { CheckoutDatabase } from './database.repository.js';
import { forgetOldRequests } from './idempotency.repository.js';

const EVERY_MS = 3_600_000;

/** Forgets, every hour, the requests that nobody may repeat any more. */
export class ForgetRequests {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: CheckoutDatabase,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.forget();
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async forget(): Promise<void> {
    try {
      const count = await forgetOldRequests(this.db, this.clock);
      this.logger.info('idempotent requests forgotten', { count });
    } catch (cause) {
      this.logger.error('idempotent requests not forgotten', {}, cause);
    }
  }
}
