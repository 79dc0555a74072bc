import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@hutong/telemetry';
import { Alarms } from '../clock/alarms.adapter.js';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Fault, Faults } from '../faults/faults.js';
import { HeldTries } from './held-tries.adapter.js';
import type { Heard } from './notification.client.js';
import type { TryPlan } from './try-plan.js';

/** What a merchant is to hear. */
export type Telling<News> = Readonly<{
  /** The provider's number for the payment or refund. */
  about: string;
  outTradeNo: string;
  /** Under which name faults are armed for it. */
  call: string;
  /** What happened, in the provider's word for it. */
  eventType: string;
  news: News;
}>;

/** News on its way: all tries of it carry the same number. */
export type Told<News> = Telling<News> & Readonly<{ id: string; createdAt: Date }>;

/**
 * How one provider tells: its ladder, its signature, its acceptance.
 * @template How what may differ from try to try. @template Seen what the books keep of a try.
 */
export type Channel<News, How, Seen> = Readonly<{
  provider: string;
  newId(): string;
  /** How long to wait after `tries` tries that were not accepted; `undefined` once it gives up. */
  gapAfter(tries: number): number | undefined;
  /** @throws Error if it does not know the fault: arming checks that. */
  planOf(call: string, fault: Fault | undefined): TryPlan<How>;
  /** True, and signed as it should be. */
  usual: How;
  /** What comes before the good one in a try whose plan says so. */
  forged: How;
  seen(news: News, how: How): Seen;
  /** Whatever goes wrong is an answer. */
  send(told: Told<News>, how: How, at: Date): Promise<Heard>;
}>;

/** One try as the provider's books have it. `lost` was never sent, `unheard` was sent and its answer lost. */
export type Try<Seen> = Readonly<{ at: Date }> &
  Seen &
  (Heard | Readonly<{ outcome: 'lost' | 'unheard' }>);

/** `waiting` for a try or its answer; `given_up` after the whole ladder; `suppressed` by a fault. */
export type NotificationState = 'waiting' | 'accepted' | 'given_up' | 'suppressed';

export type Notification<Seen> = Readonly<{
  id: string;
  eventType: string;
  state: NotificationState;
  tries: readonly Try<Seen>[];
}>;

/** A notification on its way. `rungs` counts the tries of the ladder, not forgeries and duplicates. */
type Running<News, Seen> = Told<News> & {
  state: NotificationState;
  rungs: number;
  tries: Try<Seen>[];
};

/** Tells merchants what happened, along their provider's ladder, until one try is accepted. */
export class Notifier<News, How, Seen> {
  private readonly alarms: Alarms;
  private readonly running = new Map<string, readonly Running<News, Seen>[]>();
  private readonly held = new HeldTries();
  private readonly underWay = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly channel: Channel<News, How, Seen>,
    private readonly clock: SandboxClock,
    private readonly faults: Faults,
    private readonly logger: Logger,
  ) {
    this.alarms = new Alarms(clock);
  }

  /** Starts at once and returns at once. */
  tell(telling: Telling<News>): void {
    const told: Running<News, Seen> = {
      ...telling,
      id: this.channel.newId(),
      createdAt: this.clock.now(),
      state: 'waiting',
      rungs: 0,
      tries: [],
    };
    this.running.set(told.about, [...this.runningOf(told.about), told]);
    this.climb(told);
  }

  /** What was told of this payment or refund so far, in the order of its beginning. */
  of(about: string): readonly Notification<Seen>[] {
    return this.runningOf(about).map(({ id, eventType, state, tries }) => ({
      id,
      eventType,
      state,
      tries: [...tries],
    }));
  }

  /**
   * Sends the last one once more on demand, whatever its state: the same id, a fresh signature.
   * @returns `undefined` if nothing was told of this payment or refund.
   */
  async repeat(
    about: string,
    { copies, how }: Readonly<{ copies: number; how: How }>,
  ): Promise<readonly Try<Seen>[] | undefined> {
    const told = this.runningOf(about).at(-1);
    if (told === undefined) return undefined;
    return Promise.all(Array.from({ length: copies }, () => this.send(told, how)));
  }

  /** No more tries. Resolves once those under way have their answers. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.alarms.stop();
    await Promise.all(this.underWay);
  }

  private runningOf(about: string): readonly Running<News, Seen>[] {
    return this.running.get(about) ?? [];
  }

  private climb(told: Running<News, Seen>): void {
    const done = this.tryOnce(told)
      .catch((cause: unknown) => {
        if (this.stopping.signal.aborted) return; // what was still to be waited for
        this.logger.error('notification failed', { provider: this.channel.provider }, cause);
      })
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  private async tryOnce(told: Running<News, Seen>): Promise<void> {
    const { signal } = this.stopping;
    signal.throwIfAborted();
    const { provider, usual, forged, gapAfter } = this.channel;
    const { call, outTradeNo } = told;
    const plan = this.channel.planOf(call, this.faults.take({ provider, call, outTradeNo }));
    told.rungs += 1;
    if (plan.never) {
      told.state = 'suppressed';
      return;
    }
    if (plan.delayMs > 0) await pause(plan.delayMs, undefined, { signal });
    if (plan.heldMs > 0) await this.held.behindAnother(told, { mostMs: plan.heldMs, signal });
    if (plan.forgedFirst) await this.send(told, forged);
    const accepted = plan.lost ? this.lose(told) : await this.sendCopies(told, plan);
    if (accepted) {
      told.state = 'accepted';
      if (plan.again) await this.send(told, usual);
      return;
    }
    const gapMs = gapAfter(told.rungs);
    if (gapMs === undefined) told.state = 'given_up';
    else this.alarms.after(gapMs, () => this.climb(told));
  }

  private lose(told: Running<News, Seen>): false {
    const seen = this.channel.seen(told.news, this.channel.usual);
    told.tries.push({ at: this.clock.now(), ...seen, outcome: 'lost' });
    return false;
  }

  private async sendCopies(told: Running<News, Seen>, plan: TryPlan<How>): Promise<boolean> {
    const copies = Array.from({ length: plan.copies }, () =>
      this.send(told, plan.how, plan.unheard),
    );
    return (await Promise.all(copies)).some(({ outcome }) => outcome === 'accepted');
  }

  private async send(told: Running<News, Seen>, how: How, unheard = false): Promise<Try<Seen>> {
    const at = this.clock.now();
    const seen = this.channel.seen(told.news, how);
    const heard = await this.channel.send(told, how, at);
    const known = unheard ? { outcome: 'unheard' as const } : heard;
    const tried: Try<Seen> = { at, ...seen, ...known };
    told.tries.push(tried);
    this.held.letGo(told);
    return tried;
  }
}
