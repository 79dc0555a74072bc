import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { Transaction } from '@hutong/database';
import {
  CONTENT_TYPE,
  encodeEnvelope,
  keyOf,
  mintEventId,
  type Service,
  type Topic,
  type TopicEvents,
} from '@hutong/domain-events';
import { currentTraceparent, withTraceparent } from '@hutong/telemetry';
import { shardOf } from './shard-of.js';

/** An event to be told, and on which topic; the type pairs them. */
export type Announcement = {
  [T in Topic]: Readonly<{
    topic: T;
    event: TopicEvents[T];
    /** When it happened, if not now. */
    occurredAt?: Date;
    /** Only in the story: copied from the event that led to this one. */
    businessTime?: Date | undefined;
  }>;
}[Topic];

/** Makes saving and announcing one step: the rows commit with the state, the relay sends them. */
export class Outbox {
  /** @param onAppended called after a commit that appended: wakes the relay, here or elsewhere. */
  constructor(
    private readonly o: Readonly<{ service: Service; clock: Clock; onAppended?: () => void }>,
  ) {}

  /**
   * Appends in the caller's transaction, in the order given. The key's row stays locked until
   * commit, so one key's events are told in the order of their commits, numbered without gaps.
   * Where nothing led to them but a clock, a trace begins here: all who hear of them share it.
   */
  async append(tx: Transaction, ...announcements: readonly Announcement[]): Promise<void> {
    if (currentTraceparent() === undefined) {
      return withTraceparent(undefined, () => this.append(tx, ...announcements));
    }
    const byKey = Map.groupBy(announcements, ({ event }) => keyOf(event));
    // Every transaction locks its keys in the same order, so two of them cannot wait for each other.
    for (const key of [...byKey.keys()].toSorted()) {
      const own = byKey.get(key) ?? [];
      await this.appendRows(tx, key, own, await nextSequence(tx, key, own.length));
    }
    const { onAppended } = this.o;
    if (onAppended !== undefined && announcements.length > 0) tx.onCommit(onAppended);
  }

  private async appendRows(
    tx: Transaction,
    key: string,
    announcements: readonly Announcement[],
    first: number,
  ): Promise<void> {
    const now = this.o.clock.now();
    const traceparent = currentTraceparent();
    const headers = JSON.stringify({
      'content-type': CONTENT_TYPE,
      ...(traceparent !== undefined && { traceparent }),
    });
    const shared = [shardOf(key), key, headers, now];
    const rows = announcements.map(
      (_, i) =>
        `($1::smallint, $2, $3::jsonb, $4::timestamptz, $${5 + 2 * i}, $${6 + 2 * i}::bytea)`,
    );
    await tx.query(
      `insert into outbox (shard, key, headers, appended_at, topic, value) values ${rows.join(', ')}`,
      [
        ...shared,
        ...announcements.flatMap((one, i) => [one.topic, this.bytes(one, first + i, now)]),
      ],
    );
  }

  private bytes(announcement: Announcement, sequence: number, now: Date): Buffer {
    const { event, occurredAt, businessTime } = announcement;
    const id = mintEventId({ at: now, random: randomBytes(16) });
    const told = { id, source: this.o.service, occurredAt: occurredAt ?? now, sequence };
    return Buffer.from(encodeEnvelope({ ...told, businessTime, event }));
  }
}

/** Takes `count` numbers of the key and locks its row. @returns the first of them. */
async function nextSequence(tx: Transaction, key: string, count: number): Promise<number> {
  const [row] = await tx.query<{ last: string }>(
    `insert into outbox_sequences as s (key, last) values ($1, $2::bigint)
     on conflict (key) do update set last = s.last + excluded.last
     returning last::text as last`,
    [key, count],
  );
  if (row === undefined) throw new Error('no sequence was returned');
  return Number(row.last) - count + 1;
}
