import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '@hutong/database';
import { withTraceparent } from '@hutong/telemetry';
import type { Account, Accounts } from './accounts.js';
import type { Leased } from './attempts.repository.js';
import { Pace } from './pace.js';
import { doDueWork, type ProviderCalls } from './submit-attempt.js';

export type WorkerTiming = Readonly<{
  /** How often due rows are looked for without a wake-up. */
  pollMs: number;
  /** After so long without an answer somebody else may ask: its owner is taken for dead. */
  leaseMs: number;
}>;

/**
 * A lease covers one call and the two commits around it with room to spare. Should it be too short all
 * the same, the fence keeps the late answer out: that costs a question, and never a second order.
 * @param callTimeoutMs after which a call of the provider is given up.
 */
export const workerTiming = (callTimeoutMs: number): WorkerTiming => ({
  pollMs: 500,
  leaseMs: 2 * callTimeoutMs + 5_000,
});

const ORPHANS_EVERY_MS = 60_000;

/**
 * Does what is due, as much at a time as each account allows. Any number of workers share the table: a
 * row belongs to who leased it, and what a killed one left behind is due again when its lease ends.
 */
export class Worker {
  private readonly owner = randomUUID();
  private readonly pace = new Pace(() => performance.now());
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private woken = Promise.withResolvers<void>();
  private orphans: readonly Account[] = [];
  private orphansSeenMs = -Infinity;

  constructor(
    private readonly o: ProviderCalls &
      Readonly<{ accounts: Accounts<Account>; db: Sql; timing: WorkerTiming }>,
  ) {}

  start(): void {
    this.loop ??= this.run();
  }

  /** There may be something due. Never throws, may be called by anybody at any time. */
  readonly wake = (): void => {
    this.woken.resolve();
  };

  /** Takes nothing more and waits for the answers under way; what is cut off is due again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await Promise.all(this.running);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.woken = Promise.withResolvers<void>();
      const taken = await this.takeDue();
      if (taken === 0) await this.wokenOrLater();
    }
  }

  /** @returns how many rows were taken: none means that there is nothing due, or no room for more. */
  private async takeDue(): Promise<number> {
    const { attempts, logger, timing } = this.o;
    try {
      await this.findOrphans();
      const slots = this.pace.slots([...this.o.accounts.everKnown(), ...this.orphans]);
      if (slots.size === 0) return 0;
      const lease = { owner: this.owner, ms: timing.leaseMs };
      const taken = await attempts.claim(slots, lease);
      for (const leased of taken) this.startOn(leased);
      return taken.length;
    } catch (fault) {
      logger.error('due attempts cannot be taken', {}, fault);
      return 0;
    }
  }

  private startOn(leased: Leased): void {
    const { account, attemptId } = leased.attempt;
    this.pace.started(account);
    const work = withTraceparent(leased.traceparent, () => doDueWork(this.o, leased))
      .catch((fault: unknown) => {
        this.o.logger.error('attempt was left to the next lease', { account, attemptId }, fault);
      })
      .finally(() => {
        this.running.delete(work);
        this.pace.ended(account);
        this.wake();
      });
    this.running.add(work);
  }

  /** Attempts may belong to accounts whose files were gone when this process started: they must end too. */
  private async findOrphans(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.orphansSeenMs < ORPHANS_EVERY_MS) return;
    const known = this.o.accounts.everKnown().map(({ account }) => account);
    const rows = await this.o.db.query<{ account: string; platform: Account['platform'] }>(
      `select distinct on (account) account, platform from attempts
       where due_at is not null and account <> all($1::text[])`,
      [known],
    );
    this.orphansSeenMs = nowMs;
    this.orphans = rows.map((row) => ({
      ...row,
      merchants: [],
      requestsPerSecond: 1,
      concurrency: 1,
    }));
    for (const { account, platform } of rows) {
      this.o.logger.error('attempts of an account that is not registered', { account, platform });
    }
  }

  private async wokenOrLater(): Promise<void> {
    const over = new AbortController();
    const later = pause(this.o.timing.pollMs, undefined, { signal: over.signal });
    await Promise.race([this.woken.promise, later.catch(() => undefined)]);
    over.abort();
  }
}
