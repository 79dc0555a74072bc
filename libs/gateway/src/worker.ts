import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sql, TransactionRunner } from '@hutong/database';
import { withTraceparent } from '@hutong/telemetry';
import type { Account, Accounts } from './accounts.js';
import type { Leased } from './attempts.repository.js';
import type { Subject } from './call-provider.js';
import type { Work } from './next-work.js';
import type { LeasedRefund } from './refunds.repository.js';
import { doDueRefund, type RefundCalls } from './send-refund.js';
import { SharedPace, type Taken, type TakeRows } from './shared-pace.repository.js';
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
/** An account at the limit of its rate is looked at no more often: it saves up twice as long. */
const PASS_MS = 50;

/** What is done under a lease, and how it is left to others where that meets a fault of ours. */
type Task = Readonly<{ work: () => Promise<void>; handOver: () => Promise<void> }>;

/**
 * Does what is due, as much at a time as each account allows. Any number of workers share the table: a
 * row belongs to who leased it, and what a killed one left behind is due again when its lease ends.
 */
export class Worker {
  private readonly owner = randomUUID();
  private readonly pace: SharedPace;
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private woken = Promise.withResolvers<void>();
  private orphans: readonly Account[] = [];
  private orphansSeenMs = -Infinity;
  /** Whether the last pass may have left something for want of room, which every end of a call makes. */
  private isFull = false;

  constructor(
    private readonly o: ProviderCalls &
      Readonly<{
        accounts: Accounts<Account>;
        /** If the provider gives money back. */
        refunding: RefundCalls | undefined;
        db: TransactionRunner & Sql;
        timing: WorkerTiming;
      }>,
  ) {
    const { db, clock, timing } = o;
    const nowMs = () => performance.now();
    this.pace = new SharedPace({ db, clock, worker: this.owner, holdMs: timing.leaseMs, nowMs });
  }

  start(): void {
    this.loop ??= this.loopUntilStopped();
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
    // Where this fails, the others have the room a little later.
    await this.pace.leave().catch((fault: unknown) => {
      this.o.logger.error('room of accounts was not given back', {}, fault);
    });
  }

  private async loopUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    const { pollMs } = this.o.timing;
    while (!signal.aborted) {
      this.woken = Promise.withResolvers<void>();
      this.isFull = true; // of what ends from here on, this pass may not know
      const { isFull, moreInMs = pollMs } = await this.takeDue();
      this.isFull = isFull;
      await this.wokenOrLater(Math.min(pollMs, Math.max(PASS_MS, moreInMs)));
    }
  }

  /**
   * In the order close, query, refund, submit, each as far as there is room behind the one before:
   * whatever money may have moved comes before what moves some, and new orders come last.
   */
  private async takeDue(): Promise<Taken> {
    const { attempts, refunding, accounts, logger, timing } = this.o;
    const lease = { owner: this.owner, ms: timing.leaseMs };
    const starts: (() => void)[] = [];
    const attemptsTo =
      (...actions: Work['action'][]): TakeRows =>
      async (tx, slots) => {
        const taken = await attempts.claim(slots, lease, actions, tx);
        starts.push(...taken.map((leased) => () => this.startOn(leased)));
        return taken.map(({ attempt }) => attempt.account);
      };
    const refunds: TakeRows = async (tx, slots) => {
      const taken = (await refunding?.refunds.claim(slots, lease, tx)) ?? [];
      starts.push(...taken.map((leased) => () => this.startRefund(leased)));
      return taken.map(({ refund }) => refund.account);
    };
    try {
      await this.findOrphans();
      await attempts.endOverdue();
      const takes = [
        ['asks', attemptsTo('close', 'query')],
        ['refunds', refunds],
        ['submits', attemptsTo('submit')],
      ] as const;
      const taken = await this.pace.take([...accounts.everKnown(), ...this.orphans], takes);
      for (const start of starts) start();
      return taken;
    } catch (fault) {
      logger.error('due work cannot be taken', {}, fault);
      return { isFull: false, moreInMs: undefined };
    }
  }

  private readonly startOn = (leased: Leased): void => {
    const { account, attemptId } = leased.attempt;
    const { traceparent } = leased;
    this.run(
      { account, attemptId, traceparent },
      {
        work: () => doDueWork(this.o, leased),
        handOver: () => this.o.attempts.handOver(leased),
      },
    );
  };

  private startRefund(leased: LeasedRefund): void {
    const calls = this.o.refunding;
    if (calls === undefined) return;
    const { account, attemptId, refundId } = leased.refund;
    const { traceparent } = leased;
    this.run(
      { account, attemptId, refundId, traceparent },
      {
        work: () => doDueRefund(calls, leased),
        handOver: () => calls.refunds.handOver(leased),
      },
    );
  }

  private run(
    { traceparent, ...about }: Subject & Readonly<{ traceparent: string | undefined }>,
    task: Task,
  ): void {
    const { account } = about;
    const work = withTraceparent(traceparent, task.work)
      .catch((fault: unknown) => this.leave(about, task, fault))
      .finally(() => {
        this.running.delete(work);
        this.pace.ended(account);
        if (this.isFull) this.wake();
      });
    this.running.add(work);
  }

  /** Whatever the provider may know of it by now is asked for by whoever has the next lease. */
  private async leave(about: Subject, task: Task, fault: unknown): Promise<void> {
    const { logger } = this.o;
    logger.error('work was left to the next lease', about, fault);
    await task.handOver().catch((again: unknown) => {
      logger.error('a lease is left to its end', about, again);
    });
  }

  /** Attempts may belong to accounts whose files were gone when this process started: they must end too. */
  private async findOrphans(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.orphansSeenMs < ORPHANS_EVERY_MS) return;
    const known = this.o.accounts.everKnown().map(({ account }) => account);
    const rows = await this.o.db.query<{ account: string; platform: Account['platform'] }>(
      `select distinct on (account) account, platform
       from attempts a
       where account <> all($1::text[]) and (
         due_at is not null
         or exists (select 1 from refunds r where r.attempt_id = a.attempt_id and r.due_at is not null)
       )`,
      [known],
    );
    this.orphansSeenMs = nowMs;
    await this.pace.forgetDead();
    this.orphans = rows.map((row) => ({
      ...row,
      merchants: [],
      requestsPerSecond: 1,
      concurrency: 1,
      refundGapMs: 0,
    }));
    for (const { account, platform } of rows) {
      this.o.logger.error('attempts of an account that is not registered', { account, platform });
    }
  }

  private async wokenOrLater(waitMs: number): Promise<void> {
    const over = new AbortController();
    const later = pause(waitMs, undefined, { signal: over.signal });
    await Promise.race([this.woken.promise, later.catch(() => undefined)]);
    over.abort();
  }
}
