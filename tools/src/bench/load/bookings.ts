import { setTimeout as pause } from 'node:timers/promises';
import { RawDatabase } from '@hutong/database';
import { createLogger } from '@hutong/telemetry';
import { databaseAt } from '../bench-database.js';
import { uuidOf } from './ulid.js';

const logger = createLogger({ service: 'bench', level: 'error' });
const BOOKED_WITHIN_MS = 60_000;
const QUESTION = `select order_ref::text as ref from ledger_event where order_ref = any($1::uuid[])`;

type Waiting = Readonly<{
  since: number;
  resolve: (at: number) => void;
  reject: (e: Error) => void;
}>;

/**
 * When attempts are in the ledger, as its own tables have it: one short question for all that are waited
 * for, every few milliseconds. What it says is late by up to that, and never early.
 */
export class Bookings implements AsyncDisposable {
  private readonly db: RawDatabase;
  private readonly waiting = new Map<string, Waiting>();
  private readonly looking: Promise<void>;
  private over = false;

  /** @param ledger address of its database, password included. */
  constructor(
    ledger: string,
    private readonly everyMs = 10,
  ) {
    this.db = RawDatabase.connect({ ...databaseAt(ledger), poolSize: 1 }, { logger });
    this.looking = this.look();
  }

  /** Resolves with the moment, as `performance.now` has it. @throws Error if it is not booked within a minute. */
  booked(attemptId: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.waiting.set(uuidOf(attemptId), { since: performance.now(), resolve, reject });
    return promise;
  }

  private async look(): Promise<void> {
    while (!this.over) {
      await pause(this.everyMs);
      if (this.waiting.size > 0) await this.ask().catch((cause: unknown) => this.giveUp(cause));
    }
  }

  private async ask(): Promise<void> {
    const rows = await this.db.query<{ ref: string }>(QUESTION, [[...this.waiting.keys()]]);
    const now = performance.now();
    for (const { ref } of rows) {
      this.waiting.get(ref)?.resolve(now);
      this.waiting.delete(ref);
    }
    for (const [ref, { since, reject }] of this.waiting) {
      if (now - since < BOOKED_WITHIN_MS) continue;
      this.waiting.delete(ref);
      reject(new Error(`${ref} is not in the ledger`));
    }
  }

  /** Whoever waits is told; who comes later is asked for anew. */
  private giveUp(cause: unknown): void {
    for (const { reject } of this.waiting.values()) reject(new Error('not seen', { cause }));
    this.waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.over = true;
    await this.looking;
    this.giveUp('nobody looks any more');
    await this.db.close();
  }
}
