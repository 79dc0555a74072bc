import type { Clock } from '@hutong/config';
import type { Service } from '@hutong/domain-events';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Pool } from 'pg';
import { physical, timingOf, type KafkaSettings } from './kafka-settings.js';
import { OutboxRepository, type Claim, type OutboxRow } from './outbox.repository.js';
import { relayMetrics, type RelayMetrics } from './relay-metrics.js';
import { Sender } from './sender.js';
import { DISCONNECT_WITHIN_MS, FINISH_WITHIN_MS } from './stop-bounds.js';
import { wait, within } from './wait.js';

export type OutboxRelayOptions = Readonly<{
  pool: Pool;
  kafka: KafkaSettings;
  service: Service;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** How long `stop` goes on sending what is there. */
  drainWithinMs?: number;
  /** How often the outbox is looked at without a signal: soon after work, rarely when there is none. */
  pollMs?: Readonly<{ min: number; max: number }>;
}>;

/** Wake-ups are the rule; a look is for one that was lost. */
const POLL_MS = { min: 25, max: 200 };
const RETRY_MS = 250;
const MEASURE_EVERY_MS = 5_000;

/**
 * Publishes the outbox: claims rows of some shards under an advisory lock, sends them in id order
 * with one request, deletes them after the acknowledgement, commits. A crash in between sends again.
 * Any number of relays may run: a shard has one at a time, so a key's order is kept.
 */
export class OutboxRelay {
  private readonly rows: OutboxRepository;
  private readonly sender: Sender;
  private readonly relayMetrics: RelayMetrics;
  private readonly stopping = new AbortController();
  private woken = new AbortController();
  private running: Promise<void> | undefined;
  private measuredAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly o: OutboxRelayOptions) {
    // A send that the broker does not answer is to end by its own time-out, and not with the locks.
    this.rows = new OutboxRepository(o.pool, 2 * timingOf(o.kafka).requestTimeoutMs);
    this.sender = new Sender(o.kafka, `${o.service}-relay`, o.logger);
    this.relayMetrics = relayMetrics(o.metrics);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Something was committed, here or (after a NOTIFY) in another process. */
  readonly wake = (): void => {
    this.woken.abort();
  };

  /** Sends what is there, for a bounded time, and ends. What is left waits in the table. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    const ended = this.running ?? Promise.resolve();
    if (!(await within(this.o.drainWithinMs ?? FINISH_WITHIN_MS, ended))) {
      this.o.logger.error('the relay did not stop in time');
    }
    await within(DISCONNECT_WITHIN_MS, this.sender.close());
  }

  private async run(): Promise<void> {
    const { min, max } = this.o.pollMs ?? POLL_MS;
    let pauseMs = min;
    let woken = true;
    for (;;) {
      // A wake-up during the turn must not be lost: it ends the pause after it.
      this.woken = new AbortController();
      const turn = await this.turn(woken);
      if (turn.kind === 'sent') {
        pauseMs = min;
        continue;
      }
      if (this.stopping.signal.aborted && turn.kind !== 'drained') return;
      // Also beside a relay that holds every busy shard: it goes on until they are empty.
      pauseMs = turn.kind === 'drained' ? min : Math.min(max, pauseMs * 2);
      const { signal } = turn.kind === 'failed' ? this.stopping : this.woken;
      await wait(turn.kind === 'failed' ? RETRY_MS : pauseMs, signal);
      woken = signal.aborted;
    }
  }

  /** @param woken somebody says that there are rows: claim at once instead of looking first. */
  private async turn(woken: boolean): Promise<Turn> {
    try {
      await this.measure();
      if (!woken && !(await this.rows.any())) return { kind: 'idle' };
      return await this.rows.claim(async (rows) => this.send(rows));
    } catch (fault) {
      this.relayMetrics.failures.inc();
      this.o.logger.error('the outbox could not be sent', { component: 'outbox-relay' }, fault);
      return { kind: 'failed' };
    }
  }

  private async send(rows: readonly OutboxRow[]): Promise<void> {
    const byTopic = Map.groupBy(rows, ({ topic }) => topic);
    await this.sender.send(
      [...byTopic].map(([topic, own]) => ({
        topic: physical(this.o.kafka, topic),
        messages: own.map(({ key, value, headers }) => ({ key, value, headers })),
      })),
    );
    for (const [topic, own] of byTopic) this.relayMetrics.sent.inc({ topic }, own.length);
  }

  private async measure(): Promise<void> {
    if (performance.now() - this.measuredAt < MEASURE_EVERY_MS) return;
    this.measuredAt = performance.now();
    const { rows, oldest } = await this.rows.backlog();
    const ageMs = oldest === undefined ? 0 : this.o.clock.now().getTime() - oldest.getTime();
    this.relayMetrics.rows.set(rows);
    this.relayMetrics.oldest.set(Math.max(0, ageMs) / 1_000);
  }
}

type Turn = Readonly<{ kind: Claim['kind'] | 'failed' }>;
