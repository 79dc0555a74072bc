import type { Clock } from '@hutong/config';
import type { Sql } from '@hutong/database';

/** Anybody can send forgeries, as many as they like: what is kept of them has a bound. */
const PER_MINUTE = 10;
const ROWS = 1_000;
const BYTES = 4_096;
const MINUTE_MS = 60_000;

/** A few of the notifications that did not verify, for whoever finds out why. */
export class RefusedSample {
  private minute = -1;
  private kept = 0;

  constructor(
    private readonly db: Sql,
    private readonly clock: Clock,
  ) {}

  async keep(
    refused: Readonly<{ account: string; reason: string; body: Uint8Array }>,
  ): Promise<void> {
    const now = this.clock.now();
    if (!this.mayKeep(now)) return;
    await this.db.query(
      `insert into refused_notifications (account, reason, body, received_at)
       values ($1, $2, $3::bytea, $4::timestamptz)`,
      [refused.account, refused.reason, Buffer.from(refused.body.subarray(0, BYTES)), now],
    );
    await this.db.query(
      `delete from refused_notifications
       where id <= (select max(id) from refused_notifications) - $1::bigint`,
      [ROWS],
    );
  }

  private mayKeep(now: Date): boolean {
    const minute = Math.floor(now.getTime() / MINUTE_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      this.kept = 0;
    }
    this.kept += 1;
    return this.kept <= PER_MINUTE;
  }
}
