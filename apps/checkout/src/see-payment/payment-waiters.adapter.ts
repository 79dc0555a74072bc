import type { Wakeups } from '@hutong/database';
import type { Metrics } from '@hutong/telemetry';

/** Announced with the payment's id after each commit that changed one. */
export const PAYMENT_CHANGED = 'payment_changed';

/** Wake-ups may be lost, so whoever waits looks by itself this often. */
const LOOK_EVERY_MS = 1_000;

/** How long somebody waits, and what tells that they are gone. */
export type Patience = Readonly<{ waitMs: number; gone: AbortSignal }>;

/**
 * HTTP requests that wait for a payment to change, on whichever instance they are. They are woken by
 * the instance that changed it and read the database again: it alone knows.
 */
export class PaymentWaiters {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly stopping = new AbortController();
  private stopListening: (() => Promise<void>) | undefined;

  private constructor(
    private readonly count: (change: number) => void,
    private readonly lookEveryMs: number,
  ) {}

  /** @param lookEveryMs how often to look unwoken; specs tell by it who was woken. */
  static async listen(
    wakeups: Wakeups,
    metrics: Metrics,
    lookEveryMs = LOOK_EVERY_MS,
  ): Promise<PaymentWaiters> {
    const gauge = metrics.gauge('hutong_checkout_waiters', 'Requests that wait for a payment.');
    const waiters = new PaymentWaiters((change) => gauge.inc(change), lookEveryMs);
    waiters.stopListening = await wakeups.listen(PAYMENT_CHANGED, (ids) => waiters.wake(ids));
    return waiters;
  }

  /** Looks until it has seen enough or patience is over. @returns what it saw last. */
  async until<T>(
    id: string,
    { look, enough }: Readonly<{ look: () => Promise<T>; enough: (seen: T) => boolean }>,
    { waitMs, gone }: Patience,
  ): Promise<T> {
    const deadline = performance.now() + waitMs;
    const over = AbortSignal.any([gone, this.stopping.signal]);
    this.count(1);
    try {
      for (;;) {
        const change = this.nextChange(id); // before looking: what happens in between must wake
        try {
          const seen = await look();
          const leftMs = deadline - performance.now();
          if (enough(seen) || leftMs <= 0 || over.aborted) return seen;
          await change.within(Math.min(leftMs, this.lookEveryMs), over);
        } finally {
          change.forget();
        }
      }
    } finally {
      this.count(-1);
    }
  }

  /** Everybody gets what there is now, and nobody waits any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.stopListening?.();
  }

  /** @param ids none means that wake-ups were missed: everybody looks. */
  private wake(ids: readonly string[]): void {
    for (const id of ids.length === 0 ? [...this.waiting.keys()] : ids) {
      for (const wake of [...(this.waiting.get(id) ?? [])]) wake();
    }
  }

  private nextChange(id: string) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const own = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, own.add(resolve));
    return {
      forget: () => {
        own.delete(resolve);
        if (own.size === 0 && this.waiting.get(id) === own) this.waiting.delete(id);
      },
      within: async (ms: number, over: AbortSignal) => {
        const wake = () => resolve();
        const timer = setTimeout(wake, ms);
        over.addEventListener('abort', wake);
        await promise;
        over.removeEventListener('abort', wake);
        clearTimeout(timer);
      },
    };
  }
}
