import type { Clock } from '@hutong/config';
import type { Sql, Transaction, TransactionRunner } from '@hutong/database';
import type { Account } from './accounts.js';
import type { DueTable, Slots } from './due-rows.repository.js';
import { nextRoomMs, roomFor, spacingMs } from './pace.js';

/** What may be due: questions (with what closes), refunds, submits. */
type Kind = 'asks' | 'refunds' | 'submits';

/** Takes due rows, at most `slots` of each account. @returns the account of each that was taken. */
export type TakeRows = (tx: Transaction, slots: Slots) => Promise<readonly string[]>;

/** What one pass took. */
export type Taken = Readonly<{
  /** Whether an account had room for no more than this: there may be more for it. */
  isFull: boolean;
  /** When the rate lets more begin; undefined if it is not the rate that ends it. */
  moreInMs: number | undefined;
}>;

type Parts = Readonly<{
  db: TransactionRunner & Sql;
  clock: Clock;
  worker: string;
  /** So long after its last word a process counts as dead, and what it had under way as over. */
  holdMs: number;
  /** Of a clock that only goes forward. */
  nowMs: () => number;
}>;

type Held = Readonly<{ calls: number; saidAtMs: number }>;

/**
 * How much of each account all processes use together: calls at a time, and calls a second. Room and rows
 * are taken in one transaction under the account's lock, so that no two processes take the same room.
 */
export class SharedPace {
  private readonly here = new Map<string, number>();
  /** What the others know of `here`. */
  private readonly said = new Map<string, Held>();
  private readonly entered = new Set<string>();

  constructor(private readonly o: Parts) {}

  /** One pass over what is due, if anything is. @param takes in turn, each with the room that is left. */
  async take(
    accounts: readonly Account[],
    takes: readonly (readonly [Kind, TakeRows])[],
  ): Promise<Taken> {
    await this.enter(accounts);
    const pass = await this.o.db.transaction(async (tx) => {
      const open = await this.lockDue(tx, accounts);
      const took = new Map<string, number>();
      for (const [kind, rows] of takes) {
        const slots = slotsOf(open, kind, took);
        if (slots.size === 0) continue;
        for (const account of await rows(tx, slots)) add(took, account, 1);
      }
      await this.save(tx, took, accounts);
      return { open, took };
    });
    for (const [account, count] of pass.took) add(this.here, account, count);
    return takenIn(pass.open, pass.took);
  }

  /** One call of this account is over. */
  ended(account: string): void {
    add(this.here, account, -1);
  }

  /** This process begins no more calls, and all that it began are over. */
  async leave(): Promise<void> {
    await this.o.db.query('delete from pace_holds where worker = $1::uuid', [this.o.worker]);
  }

  /** What was said of processes that are gone is forgotten. */
  async forgetDead(): Promise<void> {
    await this.o.db.query(
      `delete from pace_holds where held_until < clock_timestamp() - interval '1 hour'`,
    );
  }

  private async enter(accounts: readonly Account[]): Promise<void> {
    const unknown = accounts.map(({ account }) => account).filter((a) => !this.entered.has(a));
    if (unknown.length === 0) return;
    await this.o.db.query(
      `insert into paces (account) select unnest($1::text[]) on conflict do nothing`,
      [unknown],
    );
    for (const account of unknown) this.entered.add(account);
  }

  /** The accounts of which anything is due, locked until commit, with the room that each has. */
  private async lockDue(tx: Sql, accounts: readonly Account[]): Promise<Open[]> {
    const rows = await tx.query<DueAccount>(
      `select p.account, due.asks, due.refunds, due.submits,
         extract(epoch from greatest(p.paced_until, clock_timestamp()) - clock_timestamp())::float8
           * 1000 as ahead_ms
       from paces p cross join lateral (select
         ${anyDue('attempts', "'close', 'query'")} as asks,
         ${anyDue('refunds', "'query', 'refund'")} as refunds,
         ${anyDue('attempts', "'submit'")} as submits) due
       where p.account = any($1::text[]) and (due.asks or due.refunds or due.submits)
       order by p.account for no key update of p`,
      [accounts.map(({ account }) => account), this.o.clock.now()],
    );
    if (rows.length === 0) return [];
    const elsewhere = await this.elsewhere(tx, rows);
    return rows.flatMap(({ account: name, ahead_ms: aheadMs, ...due }) => {
      const account = accounts.find((one) => one.account === name);
      if (account === undefined) return [];
      const calls = (this.here.get(name) ?? 0) + (elsewhere.get(name) ?? 0);
      return [{ account, aheadMs, due, room: roomFor(account, { aheadMs, calls }) }];
    });
  }

  /** Read behind the locks: nobody adds to it until commit. */
  private async elsewhere(
    tx: Sql,
    of: readonly Readonly<{ account: string }>[],
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ account: string; calls: number }>(
      `select account, sum(calls)::int as calls from pace_holds
       where account = any($1::text[]) and worker <> $2::uuid and held_until > clock_timestamp()
       group by account`,
      [of.map(({ account }) => account), this.o.worker],
    );
    return new Map(rows.map(({ account, calls }) => [account, calls]));
  }

  /** What was taken is paid for, and the others know what is under way here. */
  private async save(
    tx: Transaction,
    took: ReadonlyMap<string, number>,
    accounts: readonly Account[],
  ): Promise<void> {
    const spent = accounts.filter(({ account }) => took.has(account));
    if (spent.length > 0) {
      await tx.query(
        `update paces p set paced_until = greatest(p.paced_until, clock_timestamp())
           + spent.ms * interval '1 millisecond'
         from unnest($1::text[], $2::float8[]) as spent (account, ms)
         where p.account = spent.account`,
        [
          spent.map(({ account }) => account),
          spent.map((one) => spacingMs(one) * (took.get(one.account) ?? 0)),
        ],
      );
    }
    await this.sayHeld(tx, took);
  }

  private async sayHeld(tx: Transaction, took: ReadonlyMap<string, number>): Promise<void> {
    const { nowMs, holdMs, worker } = this.o;
    const saidAtMs = nowMs();
    const news = new Map<string, Held>();
    for (const account of new Set([...this.here.keys(), ...took.keys()])) {
      const calls = (this.here.get(account) ?? 0) + (took.get(account) ?? 0);
      const before = this.said.get(account) ?? { calls: 0, saidAtMs: -Infinity };
      const old = calls > 0 && saidAtMs - before.saidAtMs > holdMs / 4;
      if (calls !== before.calls || old) news.set(account, { calls, saidAtMs });
    }
    if (news.size === 0) return;
    await tx.query(
      `insert into pace_holds (account, worker, calls, held_until)
       select account, $3::uuid, calls, clock_timestamp() + $4::bigint * interval '1 millisecond'
       from unnest($1::text[], $2::int[]) as news (account, calls)
       on conflict (account, worker)
         do update set calls = excluded.calls, held_until = excluded.held_until`,
      [[...news.keys()], [...news.values()].map(({ calls }) => calls), worker, holdMs],
    );
    tx.onCommit(() => {
      for (const [account, held] of news) this.said.set(account, held);
    });
  }
}

/**
 * Whether account `p` has such work that is due at `$2`. The first in the index's own order, where `exists`
 * would do: planned for any time, that takes a third of all rows to be due and reads the table to find one.
 */
const anyDue = (table: DueTable, actions: string): string =>
  `(select true from ${table} b
    where b.account = p.account and b.due_action in (${actions}) and b.due_at <= $2::timestamptz
      and (b.leased_until is null or b.leased_until <= clock_timestamp())
    order by b.due_action, b.due_at limit 1) is not null`;

type Due = Readonly<Record<Kind, boolean>>;
type DueAccount = Due & Readonly<{ account: string; ahead_ms: number }>;
type Open = Readonly<{ account: Account; aheadMs: number; due: Due; room: number }>;

/** The room that is left of each account of which any of this kind is due. */
function slotsOf(open: readonly Open[], kind: Kind, took: ReadonlyMap<string, number>): Slots {
  const left = open
    .filter(({ due }) => due[kind])
    .map(({ account: { account }, room }) => [account, room - (took.get(account) ?? 0)] as const);
  return new Map(left.filter(([, count]) => count > 0));
}

function takenIn(open: readonly Open[], took: ReadonlyMap<string, number>): Taken {
  const waits = open.flatMap(({ account, aheadMs, room }) => {
    const count = took.get(account.account) ?? 0;
    const nextMs = nextRoomMs(account, aheadMs + count * spacingMs(account));
    return count === room && nextMs > 0 ? [nextMs] : [];
  });
  const isFull = open.some(({ account, room }) => (took.get(account.account) ?? 0) === room);
  return { isFull, moreInMs: waits.length === 0 ? undefined : Math.min(...waits) };
}

function add(counts: Map<string, number>, account: string, by: number): void {
  counts.set(account, (counts.get(account) ?? 0) + by);
}
