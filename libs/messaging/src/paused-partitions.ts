import type { Topic } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';
import type { DatabaseWatch } from './database-watch.js';
import { faultName } from './fault-name.js';
import { wait } from './wait.js';

type PauseSwitch = Readonly<{
  pause(topic: Topic, partition: number): void;
  resume(topic: Topic, partition: number): void;
}>;

const LOOK_EVERY_MS = 500;

/** Partitions that are not fetched while results cannot be stored, until the database answers again. */
export class PausedPartitions {
  private readonly paused = new Map<string, Readonly<{ topic: Topic; partition: number }>>();
  private watching: Promise<void> | undefined;

  constructor(
    private readonly o: Readonly<{
      consumer: PauseSwitch;
      database: DatabaseWatch;
      logger: Logger;
      stopping: AbortSignal;
    }>,
  ) {}

  pause(topic: Topic, partition: number): void {
    this.o.consumer.pause(topic, partition);
    this.o.logger.warn('a partition is paused', { topic, partition });
    this.paused.set(`${topic}/${partition}`, { topic, partition });
    this.watching ??= this.watch();
  }

  private async watch(): Promise<void> {
    const { stopping, database, consumer, logger } = this.o;
    while (this.paused.size > 0 && !stopping.aborted) {
      await wait(LOOK_EVERY_MS, stopping);
      if (!(await database.answers())) continue;
      try {
        for (const { topic, partition } of this.paused.values()) {
          consumer.resume(topic, partition);
          logger.info('a partition goes on', { topic, partition });
        }
        this.paused.clear();
      } catch (fault) {
        // kafkajs is joining anew, and has no partitions to resume: it is asked again.
        logger.warn('partitions stay paused for a moment', { reason: faultName(fault).errorClass });
      }
    }
    this.watching = undefined;
  }
}
