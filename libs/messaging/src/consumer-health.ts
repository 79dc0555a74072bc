import type { Clock } from '@hutong/config';
import type { Consumer } from 'kafkajs';
import type { ConsumerMetrics } from './consumer-metrics.js';

/** Live: not crashed for good. Ready: a member of the group that hears from the broker, not stopping. */
export type Health = Readonly<{ live: boolean; ready: boolean; reason?: string | undefined }>;

/** What the consumer's own events say about it; Nest's `status` mixes in those of a producer. */
export class ConsumerHealth {
  private joined = false;
  private crashed = false;
  private draining = false;
  private idle = false;
  private readonly blocked = new Set<string>();
  private heartbeatAt: Date | undefined;
  private fetchAt: Date | undefined;

  constructor(
    private readonly o: Readonly<{ clock: Clock; metrics: ConsumerMetrics; sessionMs: number }>,
  ) {}

  /** @param onFatal told of a crash that kafkajs will not recover from. */
  watch(consumer: Pick<Consumer, 'on' | 'events'>, onFatal: (cause: Error) => void): void {
    const { events } = consumer;
    const { clock } = this.o;
    const left = () => this.setJoined(false);
    consumer.on(events.GROUP_JOIN, () => {
      // What was blocked may be another member's now; what is still here says so again.
      this.blocked.clear();
      this.heartbeatAt = clock.now();
      this.fetchAt = clock.now();
      this.setJoined(true);
    });
    consumer.on(events.HEARTBEAT, () => {
      this.heartbeatAt = clock.now();
    });
    consumer.on(events.FETCH, () => {
      this.fetchAt = clock.now();
    });
    consumer.on(events.REBALANCING, left);
    consumer.on(events.STOP, left);
    consumer.on(events.DISCONNECT, left);
    consumer.on(events.CRASH, ({ payload }) => {
      left();
      if (payload.restart) return;
      this.crashed = true;
      onFatal(payload.error);
    });
  }

  /** Nobody here hears anything, so there is nothing to join. */
  setIdle(): void {
    this.idle = true;
  }

  /** @param partition a topic's name and a partition's number. */
  setBlocked(partition: string, blocked: boolean): void {
    if (blocked) this.blocked.add(partition);
    else this.blocked.delete(partition);
  }

  setDraining(): void {
    this.draining = true;
  }

  read(): Health {
    this.measure();
    const reason = this.reason();
    return { live: !this.crashed, ready: reason === undefined, reason };
  }

  private measure(): void {
    this.o.metrics.heartbeatAge.set(this.ageMs(this.heartbeatAt) / 1_000);
    this.o.metrics.fetchAge.set(this.ageMs(this.fetchAt) / 1_000);
  }

  private reason(): string | undefined {
    if (this.crashed) return 'consumer crashed';
    if (this.draining) return 'stopping';
    if (this.idle) return undefined;
    if (!this.joined) return 'not a member of the group';
    if (this.blocked.size > 0) return 'database or broker do not take results';
    // During a long batch nothing is fetched, but heartbeats go on; without both, nobody answers us.
    const silentMs = Math.min(this.ageMs(this.heartbeatAt), this.ageMs(this.fetchAt));
    return silentMs > this.o.sessionMs ? 'no answer from the broker' : undefined;
  }

  private setJoined(joined: boolean): void {
    this.joined = joined;
    this.o.metrics.joined.set(joined ? 1 : 0);
  }

  private ageMs(since: Date | undefined): number {
    return since === undefined ? 0 : this.o.clock.now().getTime() - since.getTime();
  }
}
