import type { EachBatchPayload } from 'kafkajs';

/** How long settled offsets wait for others to go with them: so much more comes again after a crash. */
const TOGETHER_MS = 200;
/** So many times as long after a refusal: kafkajs looks for the broker by itself, and is left to it. */
const REFUSED_TIMES = 10;

type Committing = Pick<
  EachBatchPayload,
  'commitOffsetsIfNecessary' | 'uncommittedOffsets' | 'isRunning'
>;

/**
 * Commits what is settled in all partitions by one request, a few times a second: to the broker a
 * commit is as much work as a record. What a crash or a rebalance leaves uncommitted is delivered
 * again, and the inbox knows it.
 */
export class OffsetCommits {
  private latest: Committing | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly togetherMs = TOGETHER_MS) {}

  /** @param batch that has just ended; any of a consumer's knows the offsets of all. */
  soon(batch: Committing, inMs = this.togetherMs): void {
    this.latest = batch;
    this.timer ??= setTimeout(() => void this.flush(), inMs);
  }

  /** `consumer.commitOffsets` says nothing once the consumer stops; a batch still commits. @throws kafkajs' error. */
  async now(batch: Committing): Promise<void> {
    this.forget();
    await batch.commitOffsetsIfNecessary(batch.uncommittedOffsets());
  }

  /** Commits what waits. What the broker refuses waits for the next time, if the consumer goes on. */
  async flush(): Promise<void> {
    const { latest } = this;
    if (latest === undefined) return;
    try {
      await this.now(latest);
    } catch {
      if (latest.isRunning()) this.soon(latest, REFUSED_TIMES * this.togetherMs);
    }
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.latest = undefined;
  }
}
