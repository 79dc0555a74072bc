import { createHash } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { Sql } from '@hutong/database';

/** A notification that did not verify. */
export type Refused = Readonly<{
  account: string;
  reason: string;
  /** What it says of its own signature. */
  claims: Readonly<Record<string, string>>;
  body: Uint8Array;
}>;

/** Anybody can send forgeries, as many as they like: what is kept of them has a bound. */
const PER_MINUTE = 10;
const ROWS = 1_000;
const MINUTE_MS = 60_000;

/**
 * A few of the notifications that did not verify, for whoever finds out why. Of the body its length and
 * digest alone: who sent it is not known, so whose data is in it is not known either.
 */
export class RefusedSample {
  /** When those of the last minute came, in ms; never more than `PER_MINUTE`. */
  private kept: number[] = [];

  constructor(
    private readonly db: Sql,
    private readonly clock: Clock,
  ) {}

  /** @returns whether it was one of the few. */
  async keep({ account, reason, claims, body }: Refused): Promise<boolean> {
    const now = this.clock.now();
    if (!this.mayKeep(now)) return false;
    const digest = createHash('sha256').update(body).digest('hex');
    await this.db.query(
      `insert into refused_notifications
         (account, reason, claims, body_bytes, body_sha256, received_at)
       values ($1, $2, $3::jsonb, $4::int, $5, $6::timestamptz)`,
      [account, reason, JSON.stringify(claims), body.byteLength, digest, now],
    );
    await this.db.query(
      `delete from refused_notifications
       where id <= (select max(id) from refused_notifications) - $1::bigint`,
      [ROWS],
    );
    return true;
  }

  private mayKeep(now: Date): boolean {
    const time = now.getTime();
    // What lies ahead is of a clock that has been set back since.
    this.kept = this.kept.filter((at) => at > time - MINUTE_MS && at <= time);
    if (this.kept.length >= PER_MINUTE) return false;
    this.kept.push(time);
    return true;
  }
}
