import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@hutong/config';
import type { PlatformId } from '@hutong/domain-events';
import { withTraceparent, type Logger, type Metrics } from '@hutong/telemetry';
import type { Answered } from './delivery.js';
import type { DueWebhook, DueWebhooks, Room } from './due-webhooks.repository.js';
import type { WebhookClient } from './webhook.client.js';
import { signatureHeaders } from './webhook.signature.js';
import { countingWebhooks } from './webhook-metrics.adapter.js';

/** NOTIFY channel on which a process says that webhooks are due. */
export const WEBHOOKS_DUE = 'webhooks_due';

/** Shorter than a step of an orderly stop may take: what is under way then still has its answer. */
export const WEBHOOK_TIMEOUT_MS = 8_000;
const ROOM: Room = {
  /** Waiting for receivers costs little. Half of it is what all endpoints of one platform bear. */
  atOnce: 128,
  spare: 16,
  perEndpoint: 8,
  /** One exchange and the commits around it with room to spare. */
  leaseMs: 2 * WEBHOOK_TIMEOUT_MS + 10_000,
};
const POLL_MS = 1_000;

export type WorkerParts = Readonly<{
  due: DueWebhooks;
  client: WebhookClient;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Specs scale it. */
  room?: Room;
  pollMs?: number;
}>;

/**
 * Sends what is due. Any number of workers share the tables: a stream belongs to who leased it, and
 * what a killed one left behind is due again when its lease ends, under the same webhook id.
 */
export class DeliveryWorker {
  private readonly running = new Map<Promise<void>, PlatformId>();
  private readonly stopping = new AbortController();
  private readonly count: ReturnType<typeof countingWebhooks>;
  private woken = Promise.withResolvers<void>();
  private loop: Promise<void> | undefined;

  constructor(private readonly o: WorkerParts) {
    this.count = countingWebhooks(o.metrics);
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** There may be something due. Never throws, may be called by anybody at any time. */
  readonly wake = (): void => {
    this.woken.resolve();
  };

  /** Takes nothing more and waits for the answers under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await Promise.all(this.running.keys());
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.woken = Promise.withResolvers<void>();
      if ((await this.takeDue()) === 0) await this.wokenOrLater();
    }
  }

  private async takeDue(): Promise<number> {
    const room = this.o.room ?? ROOM;
    if (this.running.size >= room.atOnce + room.spare) return 0;
    try {
      const taken = await this.o.due.take(room, this.underWay());
      for (const webhook of taken) this.startOn(webhook);
      return taken.length;
    } catch (fault) {
      this.o.logger.error('due webhooks cannot be taken', {}, fault);
      return 0;
    }
  }

  private underWay(): ReadonlyMap<PlatformId, number> {
    const counts = new Map<PlatformId, number>();
    for (const platform of this.running.values()) {
      counts.set(platform, (counts.get(platform) ?? 0) + 1);
    }
    return counts;
  }

  private startOn(webhook: DueWebhook): void {
    const { paymentId, type } = webhook;
    this.count.began();
    const work = withTraceparent(webhook.traceparent, () => this.deliver(webhook))
      .catch((fault: unknown) => {
        this.o.logger.error('webhook was left to the next lease', { paymentId, type }, fault);
      })
      .finally(() => {
        this.running.delete(work);
        this.count.ended();
        this.wake();
      });
    this.running.set(work, webhook.platform);
  }

  private async deliver(webhook: DueWebhook): Promise<void> {
    const { type, paymentId } = webhook;
    const answer = await this.send(webhook);
    const settled = await this.o.due.settle(webhook, answer);
    this.count.settled(type, settled, answer);
    if (settled === 'given_up') this.o.logger.error('webhook given up', { paymentId, type });
  }

  private async send(webhook: DueWebhook): Promise<Answered> {
    const { body, webhookId } = webhook;
    const secrets = this.secretsOf(webhook);
    if (secrets === undefined) return { fault: 'secret_unreadable' };
    const headers = signatureHeaders({ webhookId, at: this.o.clock.now(), body }, secrets);
    return this.o.client.send({ url: new URL(webhook.url), headers, body });
  }

  /** Undefined if one does not open: that is a person's to mend, and no reason to try every lease. */
  private secretsOf(webhook: DueWebhook): readonly string[] | undefined {
    try {
      return this.o.due.secretsOf(webhook);
    } catch (fault) {
      const { paymentId, type } = webhook;
      this.o.logger.error('secret of webhook does not open', { paymentId, type }, fault);
      return undefined;
    }
  }

  private async wokenOrLater(): Promise<void> {
    const over = new AbortController();
    const later = pause(this.o.pollMs ?? POLL_MS, undefined, { signal: over.signal });
    await Promise.race([this.woken.promise, later.catch(() => undefined)]);
    over.abort();
  }
}
