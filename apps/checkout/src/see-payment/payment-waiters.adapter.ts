import type { Wakeups } from '@hutong/database';
import type { Metrics } from '@hutong/telemetry';
import { Places } from '../platform-api/places.js';

/** NOTIFY channel on which each commit that changed a payment is announced, by `changeOf`. */
export const PAYMENT_CHANGED = 'payment_changed';

/** Which payment changed, and what its version is now. */
export const changeOf = (id: string, version: number): string => `${id}:${version}`;

/** How many may wait at once on one instance, and how often they look unwoken. */
export type WaitLimits = Readonly<{
  /** Of one API key. */
  perKey: number;
  /** Who pay through shared links from one address. */
  perGuest: number;
  lookEveryMs: number;
}>;

/** Each that waits costs a look a second. */
export const WAIT_LIMITS: WaitLimits = { perKey: 500, perGuest: 30, lookEveryMs: 1_000 };

/** Whose waits are counted together: an API key's id, or a guest's address. */
export type Waiter = Readonly<{ key: string }> | Readonly<{ guest: string }>;

/** How long somebody waits, and what tells that they are gone. */
export type Patience = Readonly<{
  waitMs: number;
  gone: AbortSignal;
  /** Without it the wait is counted by whoever asks for it. */
  counted?: Readonly<{
    who: Waiter;
    /** Told where it would have to wait and may not: it gets what there is now, unless this throws. */
    refused: () => void;
  }>;
}>;

/** What waiters look at: whoever has seen a version needs no look for being told of it. */
type Versioned = Readonly<{ version: number }>;
type Sight<T> = Readonly<{ look: () => Promise<T>; enough: (seen: T) => boolean }>;
type Told = (version: number) => void;

/**
 * HTTP requests that wait for a payment to change, on whichever instance they are. They are woken by
 * the instance that changed it and read the database again: it alone knows.
 */
export class PaymentWaiters {
  private readonly waiting = new Map<string, Set<Told>>();
  private readonly places = new Places();
  private readonly stopping = new AbortController();
  private stopListening: (() => Promise<void>) | undefined;

  private constructor(
    private readonly count: (change: number) => void,
    private readonly limits: WaitLimits,
  ) {}

  /** @param limits specs tell by `lookEveryMs` who was woken: wake-ups may be lost, so all look by themselves. */
  static async listen(
    wakeups: Wakeups,
    metrics: Metrics,
    limits: Partial<WaitLimits> = {},
  ): Promise<PaymentWaiters> {
    const gauge = metrics.gauge('hutong_checkout_waiters', 'Requests that wait for a payment.');
    const all = { ...WAIT_LIMITS, ...limits };
    const waiters = new PaymentWaiters((change) => gauge.inc(change), all);
    waiters.stopListening = await wakeups.listen(PAYMENT_CHANGED, (changes) =>
      waiters.wake(changes),
    );
    return waiters;
  }

  /** Looks until it has seen enough or patience is over. @returns what it saw last. */
  async until<T extends Versioned>(id: string, sight: Sight<T>, patience: Patience): Promise<T> {
    const { waitMs, counted } = patience;
    if (waitMs === 0 || counted === undefined) return this.wait(id, sight, patience);
    const giveBack = this.placeFor(counted.who);
    if (giveBack !== undefined) return this.wait(id, sight, patience).finally(giveBack);
    const seen = await sight.look();
    if (!sight.enough(seen)) counted.refused();
    return seen;
  }

  private placeFor(who: Waiter) {
    const { perKey, perGuest } = this.limits;
    return 'key' in who
      ? this.places.take(`key ${who.key}`, perKey)
      : this.places.take(`guest ${who.guest}`, perGuest);
  }

  private async wait<T extends Versioned>(
    id: string,
    { look, enough }: Sight<T>,
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
          await change.from(seen.version, Math.min(leftMs, this.limits.lookEveryMs), over);
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

  /** @param changes none means that wake-ups were missed: everybody looks. */
  private wake(changes: readonly string[]): void {
    if (changes.length === 0) for (const id of this.waiting.keys()) this.tell(id, Infinity);
    for (const change of changes) {
      const [id = '', version = 'Infinity'] = change.split(':'); // an earlier release says no version
      this.tell(id, Number(version));
    }
  }

  private tell(id: string, version: number): void {
    for (const told of [...(this.waiting.get(id) ?? [])]) told(version);
  }

  private nextChange(id: string) {
    const { promise, resolve } = Promise.withResolvers<void>();
    let [newest, known] = [0, Infinity];
    const told: Told = (version) => {
      newest = Math.max(newest, version);
      if (newest > known) resolve();
    };
    const own = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, own.add(told));
    return {
      forget: () => {
        own.delete(told);
        if (own.size === 0 && this.waiting.get(id) === own) this.waiting.delete(id);
      },
      /** Until somebody tells of a later version, has done so since `nextChange`, or the time is over. */
      from: async (version: number, ms: number, over: AbortSignal) => {
        known = version;
        told(0);
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
